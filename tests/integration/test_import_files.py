"""Files as spreadsheets and Shopify really write them: read where that can be done, and named where it cannot."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from shop.catalogue.importing.files import UnknownFormatError, detect
from shop.catalogue.importing.operations import export_products, import_products
from shop.catalogue.importing.values import parse_price
from shop.catalogue.models import Product
from shop.partner.models import StockRecord
from tests.factories import make_product, picture_bytes

pytestmark = pytest.mark.django_db
HEAD = (
    "Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price,Variant Compare At Price,Variant Inventory Qty\n"
)


def written(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize(
    ("separator", "encoding", "price"),
    [(";", "utf-8", "12,50"), (";", "utf-8-sig", "12.50"), ("\t", "utf-16", "12,5"), (",", "utf-16", "12.50")],
)
def test_what_excel_saves_is_read(tmp_path: Path, separator: str, encoding: str, price: str) -> None:
    rows = (("slug", "sku", "title", "price"), ("kanne", "K-1", "Kännchen, klein", price))
    quoted = [[f'"{cell}"' if separator in cell else cell for cell in row] for row in rows]
    text = "\r\n".join(separator.join(row) for row in quoted)
    result = import_products(written(tmp_path / "x.csv", text, encoding))
    assert (result.created, result.problems) == (1, [])
    product = Product.objects.get()
    assert (product.title, product.stockrecords.get().price) == ("Kännchen, klein", Decimal("12.50"))


def test_a_comma_before_three_digits_is_asked_about() -> None:
    with pytest.raises(ValueError, match=r"write it as 12\.50"):
        parse_price("1,000")


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        (picture_bytes(format="JPEG"), "is a picture"),
        (picture_bytes(), "is a picture"),
        (b"%PDF-1.7 ...", "is a PDF"),
        (b"PK\x03\x04 xl/workbook.xml", "is an Excel workbook or another packed file"),
    ],
)
def test_what_is_no_text_is_named(tmp_path: Path, start: bytes, kind: str) -> None:
    path = tmp_path / "products.csv"
    path.write_bytes(start)
    with pytest.raises(UnknownFormatError, match=kind):
        detect(path)


def test_no_garbage_is_shown_for_columns(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(bytes(range(128, 256)) + b"\x00\x01,\x02")
    with pytest.raises(UnknownFormatError, match=r"Its first columns are no readable text\."):
        detect(path)


def test_a_price_before_that_never_shows_is_left_out_and_said(tmp_path: Path) -> None:
    text = HEAD + "jug,Jug,Size,S,J-S,40,30,3\njug,,Size,L,J-L,40,60,3\njug,,Size,M,J-M,40,0.00,3\n"
    result = import_products(written(tmp_path / "x.csv", text))
    assert (result.created, result.rejected) == (1, 0)
    (problem,) = result.problems
    assert (problem.line, problem.value, problem.rejects) == (2, "30.00", False)
    assert "is not above the price of 40.00 and would never show: it is left out" in problem.reason
    held = dict(StockRecord.objects.values_list("partner_sku", "compare_at_price"))
    assert held == {"J-S": None, "J-M": None, "J-L": Decimal(60)}
    assert import_products(tmp_path / "x.csv").unchanged == 1


def test_a_negative_stock_is_taken_as_none_and_said(tmp_path: Path) -> None:
    result = import_products(written(tmp_path / "x.csv", HEAD + "jug,Jug,Title,Default Title,J-1,40,,-3\n"))
    (problem,) = result.problems
    assert (problem.line, problem.value, problem.rejects) == (2, "-3", False)
    assert "is taken as 0" in problem.reason
    assert StockRecord.objects.get().num_in_stock == 0
    own = written(tmp_path / "own.csv", "slug,sku,title,price,stock\nbowl,B-1,Bowl,9,-3\n")
    (problem,) = import_products(own).problems
    assert (problem.rejects, "stock -3 is not between 0" in problem.reason) == (True, True)


def test_a_file_without_the_column_leaves_the_price_before(tmp_path: Path) -> None:
    bowl = make_product("Bowl", slug="bowl", price="20", compare_at="25", sku="B-1")
    record = bowl.stockrecords.get()
    path = tmp_path / "x.csv"
    import_products(written(path, "slug,sku,title,price\nbowl,B-1,Bowl,21\n"))
    record.refresh_from_db()
    assert (record.price, record.compare_at_price) == (Decimal(21), Decimal(25))
    result = import_products(written(path, "slug,sku,title,price\nbowl,B-1,Bowl,26\n"))
    record.refresh_from_db()
    assert (record.price, record.compare_at_price) == (Decimal(26), None)
    assert "25.00, is not above the price of 26.00" in result.problems[0].reason


def test_an_emptied_cell_takes_the_price_before_away(tmp_path: Path) -> None:
    make_product("Bowl", slug="bowl", price="20", compare_at="25", sku="B-1")
    path = tmp_path / "x.csv"
    with path.open("w", encoding="utf-8", newline="") as target:
        export_products(target)
    text = path.read_text(encoding="utf-8")
    assert import_products(path).unchanged == 1
    assert ",25.00," in text
    written(path, text.replace(",25.00,", ",,"))
    assert import_products(path).updated == 1
    assert StockRecord.objects.get().compare_at_price is None


@pytest.mark.parametrize("title", ["=HYPERLINK(1)", "+1", "-1", "@SUM(1)", "'=1", "''-x", "'quoted'", "O’Hara"])
def test_no_cell_of_an_export_is_a_formula_and_it_comes_back_unchanged(tmp_path: Path, title: str) -> None:
    make_product(title, subtitle=title)
    path = tmp_path / "products.csv"
    with path.open("w", newline="", encoding="utf-8") as target:
        export_products(target)
    with path.open(newline="", encoding="utf-8") as handle:
        cells = [cell for row in csv.reader(handle) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    result = import_products(path)
    assert (result.unchanged, result.problems) == (1, [])
    assert Product.objects.get().title == title
