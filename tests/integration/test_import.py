"""Import and export: formats told apart, bad lines left out and named, nothing doubled, a round trip without a change."""

import csv
import gzip
import json
import re
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from shop.catalogue import picture_files
from shop.catalogue.importing.files import UnknownFormatError, detect
from shop.catalogue.importing.operations import ImportResult, export_products, import_products
from shop.catalogue.importing.rare import RARE
from shop.catalogue.importing.values import parse_whole
from shop.catalogue.models import Category, Product, ProductImage
from shop.outbox.models import OutboxEntry
from shop.partner.models import StockRecord
from tests.factories import make_picture, make_product, picture_bytes

pytestmark = pytest.mark.django_db

SHOPIFY = settings.ENVIRONMENT.data_dir / "shopify"
ELECTRONICS = settings.ENVIRONMENT.data_dir / "electronics" / "products.jsonl.gz"


def line(number: int, **changes: Any) -> dict[str, Any]:
    """A good JSON line."""
    return {
        "id": f"u{number}", "title": f"Thing {number}", "brand": "Acme", "price_cents": 1250, "ean": ["123"],
        "description": "One.\n\nTwo & three.", "part_number": f"PN-{number}", "released": "2020-05-01",
        "attributes": {"weight": {"type": "number", "value": 12.5}}, **changes,
    }  # fmt: skip


def write_lines(path: Path, rows: list[Any]) -> Path:
    path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows), encoding="utf-8")
    return path


def own_csv(path: Path, rows: list[dict[str, str]], columns: list[str] | None = None) -> Path:
    columns = columns or ["slug", "title", "sku", "price", "stock", "options"]
    with path.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.DictWriter(handle, columns)
        writer.writeheader()
        writer.writerows(rows)
    return path


def exported() -> str:
    target = StringIO()
    export_products(target)
    return target.getvalue()


def reasons(result: ImportResult) -> dict[int, str]:
    return {problem.line: problem.reason for problem in result.problems}


def test_formats_are_told_by_content_and_not_by_name(tmp_path: Path) -> None:
    disguised = tmp_path / "products.csv"
    disguised.write_bytes(gzip.compress(json.dumps(line(1)).encode()))
    assert detect(disguised) == "jsonl"
    assert detect(write_lines(tmp_path / "a.txt", [line(1)])) == "jsonl"
    assert detect(own_csv(tmp_path / "own", [])) == "csv"
    shopify = tmp_path / "other"
    shopify.write_text("Handle,Title,Option1 Name,Variant Price\n")
    assert detect(shopify) == "shopify"
    (tmp_path / "none").write_text("name,price\n")
    with pytest.raises(UnknownFormatError, match="name, price"):
        detect(tmp_path / "none")


def test_a_json_line_becomes_a_product(tmp_path: Path) -> None:
    result = import_products(write_lines(tmp_path / "x", [line(1)]))
    assert (result.created, result.rejected) == (1, 0)
    product = Product.objects.get(upc="u1")
    assert product.description == "<p>One.</p><p>Two &amp; three.</p>"
    assert product.specification == [["Weight", "12.5"]], "an attribute of one product is no facet"
    assert [category.full_name for category in product.categories.all()] == ["A > Acme"]
    record = StockRecord.objects.get(product=product)
    assert (record.price, record.price_currency, record.partner_sku) == (Decimal("12.50"), "GBP", "u1")
    assert OutboxEntry.objects.filter(topic="catalogue.changed").exists()


def test_common_attributes_become_rows(tmp_path: Path) -> None:
    rows = [line(number) for number in range(RARE)]
    rows[0]["attributes"]["odd"] = {"type": "boolean", "value": True}
    import_products(write_lines(tmp_path / "x", rows))
    product = Product.objects.get(upc="u0")
    assert product.attr.weight == 12.5
    assert product.specification == [["Odd", "Yes"]]


BAD_LINES = [
    (line(2, title=""), "title is empty"),
    (line(2, price_cents="abc"), "price_cents 'abc' is not a whole number of cents"),
    (line(2, price_cents=-1), "price_cents -1 is below zero"),
    (line(2, colour="red"), "unknown field 'colour'"),
    (line(2, id=""), "id is empty"),
    (line(1), "came before, on line 1"),
    (line(2, attributes={"x": 1}), "attribute 'x' is not"),
    (line(2, released="soon"), "released 'soon' is not a day"),
    ('{"id": ', "not JSON"),
    ("[1, 2]", "not an object"),
    ("[" * 100_000, "nested too deeply"),
    ('{"id": "u2", "title": "T", "price_cents": ' + "9" * 5000 + "}", "too many digits"),
    (line(2, ean=5), "ean '5' is not a list of codes"),
    (line(2, title="Cup \ud800"), "holds half a character"),
    (line(2, stock=10**30), "is above 2147483647"),
    (line(2, attributes={"x": {"type": "number", "value": "1E+999999"}}), "attribute 'x' is a number"),
    (line(2, title="x" * 4_000_001), "each product has a line of its own"),
]


@pytest.mark.parametrize(("bad", "why"), BAD_LINES, ids=[why for _, why in BAD_LINES])
def test_a_bad_json_line_is_named_and_the_rest_goes_in(tmp_path: Path, bad: Any, why: str) -> None:
    result = import_products(write_lines(tmp_path / "x", [line(1), bad, line(3)]))
    assert (result.created, result.rejected) == (2, 1)
    assert why in reasons(result)[2]
    assert set(Product.objects.values_list("upc", flat=True)) == {"u1", "u3"}


def test_a_packed_file_that_was_cut_off_gives_what_came_before(tmp_path: Path) -> None:
    path = tmp_path / "x"
    whole = gzip.compress("\n".join(json.dumps(line(number)) for number in range(1, 40)).encode())
    path.write_bytes(whole[:-12])
    result = import_products(path, dry_run=True)
    assert result.rejected == 1
    assert "pack it again" in result.problems[-1].reason


def test_a_csv_that_cannot_be_taken_apart_says_where(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_text('slug,sku,title,price,stock\nmug,MUG,Mug,1,1\njug,JUG,"' + "x" * 1_000_001 + '",1,1\n')
    with pytest.raises(CommandError, match="cannot be read beyond line 3"):
        call_command("import_products", path)
    assert not Product.objects.exists()


def test_a_short_number_with_a_long_exponent_costs_nothing() -> None:
    with pytest.raises(ValueError, match="is not between"):
        parse_whole("1E+999999999", name="stock")


def test_a_line_in_another_encoding_is_named(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(json.dumps(line(1)).encode() + b"\n" + '{"id": "u2", "title": "Caf\xe9"}'.encode("latin-1"))
    result = import_products(path)
    assert result.created == 1
    assert "not UTF-8" in reasons(result)[2]


BAD_CELLS = [
    ({"title": ""}, "title is empty"),
    ({"price": "abc"}, "price 'abc' is not a number"),
    ({"price": "-1"}, "price -1 is below zero"),
    ({"price": "1.005"}, "cannot be paid: GBP is paid in steps of 0.01"),
    ({"price": "NaN"}, "not a number"),
    ({"sku": ""}, "sku is empty"),
    ({"sku": "s1"}, "SKU 's1' came before, on line 2"),
    ({"stock": "many"}, "stock 'many' is not a whole number"),
    ({"slug": "bad slug"}, "letters without accents"),
    ({"options": "{"}, "not JSON"),
]


@pytest.mark.parametrize(("change", "why"), BAD_CELLS, ids=[why for _, why in BAD_CELLS])
def test_a_bad_csv_line_is_named_and_the_rest_goes_in(tmp_path: Path, change: dict[str, str], why: str) -> None:
    rows = [
        {"slug": f"p{number}", "title": f"Thing {number}", "sku": f"s{number}", "price": "10", "stock": "1"}
        for number in (1, 2, 3)
    ]
    rows[1] |= change
    result = import_products(own_csv(tmp_path / "x", rows))
    assert (result.created, result.rejected) == (2, 1)
    assert why in reasons(result)[3]
    assert set(Product.objects.values_list("slug", flat=True)) == {"p1", "p3"}


def test_one_bad_variant_keeps_its_whole_product_out(tmp_path: Path) -> None:
    rows = [
        {"slug": "p", "title": "P", "sku": "a", "price": "1", "options": '{"size": "S"}'},
        {"slug": "p", "sku": "b", "price": "abc", "options": '{"size": "L"}'},
    ]
    assert import_products(own_csv(tmp_path / "x", rows)).rejected == 1
    assert not Product.objects.exists()


def test_an_unknown_column_is_named_and_its_file_goes_in(tmp_path: Path) -> None:
    path = own_csv(
        tmp_path / "x", [{"slug": "p", "title": "P", "sku": "s", "prise": "3"}], ["slug", "title", "sku", "prise"]
    )
    result = import_products(path)
    assert result.created == 1
    assert "unknown column 'prise'" in reasons(result)[1]
    assert "did you mean 'price'" in reasons(result)[1]


def test_a_sku_of_another_product_is_refused(tmp_path: Path) -> None:
    make_product("Kettle", sku="taken")
    result = import_products(own_csv(tmp_path / "x", [{"slug": "p", "title": "P", "sku": "taken", "price": "1"}]))
    assert "belongs to another product, 'Kettle'" in reasons(result)[2]
    assert not Product.objects.filter(slug="p").exists()


def test_a_dry_run_reports_and_writes_nothing(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "x", [line(1), line(2, price_cents="abc")])
    out = StringIO()
    call_command("import_products", path, "--dry-run", "--report", tmp_path / "report.csv", stdout=out)
    assert "1 would be created" in out.getvalue()
    assert not Product.objects.exists() and not Category.objects.exists()
    report = list(csv.DictReader((tmp_path / "report.csv").read_text().splitlines()))
    assert [(row["line"], row["value"]) for row in report] == [("2", "u2")]


def test_nothing_doubles_and_only_what_differs_is_written(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "x", [line(1), line(2)])
    import_products(path)
    before = list(Product.objects.order_by("pk").values_list("pk", "date_updated"))
    again = import_products(path)
    assert (again.created, again.updated, again.unchanged) == (0, 0, 2)
    assert list(Product.objects.order_by("pk").values_list("pk", "date_updated")) == before
    changed = import_products(write_lines(tmp_path / "x", [line(1, price_cents=999), line(2)]))
    assert (changed.created, changed.updated, changed.unchanged) == (0, 1, 1)
    assert StockRecord.objects.get(partner_sku="u1").price == Decimal("9.99")


def test_reserved_stock_survives_an_import(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "x", [line(1)])
    import_products(path)
    StockRecord.objects.update(num_allocated=3)
    import_products(write_lines(tmp_path / "x", [line(1, stock=7)]))
    record = StockRecord.objects.get()
    assert (record.num_in_stock, record.num_allocated) == (7, 3)


def test_a_round_trip_changes_nothing(tmp_path: Path) -> None:
    parent = make_product(
        "Mug", brand="Harrow", categories=["Table > Mugs"], tags=["red", "small"], subtitle="350 ml",
        variants=[{"attributes": {"Glaze": "Fern"}, "price": "20.00", "compare_at": "25.00"}, {"attributes": {"Glaze": "Ink"}}],
        specification=[["Care", "Dishwasher | yes"]], description='<p>"Quotes", commas\nand lines</p>',
    )  # fmt: skip
    plain = make_product("Bowl", price="12.00", attributes={"Width": 22, "Oven": True}, is_public=False)
    parent.recommended_products.add(plain)
    make_picture(plain, alt="A bowl")
    first = exported()
    path = tmp_path / "products.csv"
    path.write_text(first, encoding="utf-8")
    values = sorted(parent.children.values_list("pk", flat=True))
    result = import_products(path)
    assert (result.created, result.updated, result.unchanged, result.problems) == (0, 0, 2, [])
    assert exported() == first
    Product.objects.all().delete()
    assert import_products(path).created == 2
    assert Product.objects.get(slug=parent.slug).children.count() == len(values)
    # A file that is taken in again gets a name of its own; all else is as it was.
    assert re.sub(r"picture-[0-9A-Za-z_]+", "picture", exported()) == re.sub(r"picture-[0-9A-Za-z_]+", "picture", first)


def test_shopify_variants_share_a_handle(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(
        "Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU,Variant Grams,"
        "Variant Inventory Qty,Variant Price,Variant Compare At Price,Image Src,Image Alt Text,SEO Title\n"
        'tee,Tee,<p onclick="x()">Soft</p><script>x</script>,Acme,Shirts,"men, new",true,Size,S,,200,3,20,25,tee.png,A tee,Buy a tee\n'
        "tee,,,,,,,,L,TEE-L,220,0,22,,,,\n"
    )
    (tmp_path / "tee.png").write_bytes(picture_bytes())
    result = import_products(path)
    assert (result.format, result.created, result.pictures, result.problems) == ("shopify", 1, 1, [])
    parent = Product.objects.get(slug="tee")
    assert parent.structure == Product.PARENT
    assert parent.description == "<p>Soft</p>"
    assert (parent.tags, parent.meta_title, parent.brand.name) == (["men", "new"], "Buy a tee", "Acme")
    small, large = parent.children.order_by("pk")
    assert (small.attr.size, small.weight_grams, small.stockrecords.get().partner_sku) == ("S", 200, "tee-s")
    assert (large.stockrecords.get().partner_sku, large.stockrecords.get().price) == ("TEE-L", Decimal("22.00"))
    assert small.stockrecords.get().compare_at_price == Decimal("25.00")
    assert import_products(path).unchanged == 1
    assert ProductImage.objects.count() == 1


def test_a_picture_that_is_none_is_named_and_the_product_goes_in(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("Handle,Title,Option1 Name,Variant Price,Image Src\na,A,,1,a.png\nb,B,,1,../b.png\nc,C,,1,c.png\n")
    (tmp_path / "a.png").write_text("not a picture")
    result = import_products(path)
    assert (result.created, result.rejected, result.pictures) == (3, 0, 0)
    assert "not a picture" in reasons(result)[2]
    assert "outside the folder" in reasons(result)[3]
    assert "no such file" in reasons(result)[4]


def test_the_command_fails_where_nothing_can_be_read(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_products", tmp_path / "missing")
    with pytest.raises(CommandError, match="nothing of"):
        call_command(
            "import_products", write_lines(tmp_path / "x", [line(1, title="")]), stdout=StringIO(), stderr=StringIO()
        )


def test_an_import_of_many_asks_few_questions(tmp_path: Path, django_assert_max_num_queries: Any) -> None:
    path = write_lines(tmp_path / "x", [line(number) for number in range(100)])
    with django_assert_max_num_queries(70):
        import_products(path)
    with django_assert_max_num_queries(20):
        import_products(path)


@pytest.mark.data
@pytest.mark.parametrize(("name", "count"), [("apparel.csv", 20), ("home-and-garden.csv", 20)])
def test_real_shopify_exports_go_in_whole(name: str, count: int) -> None:
    result = import_products(SHOPIFY / name)
    assert result.rejected == 0
    assert Product.objects.exclude(structure=Product.CHILD).count() == result.created == count
    assert all("cannot be reached" in problem.reason or "left out" in problem.reason for problem in result.problems)


@pytest.mark.data
def test_real_electronics_go_in(tmp_path: Path) -> None:
    part = tmp_path / "part.jsonl"
    with gzip.open(ELECTRONICS, "rt", encoding="utf-8") as handle:
        part.write_text("".join(next(handle) for _ in range(600)), encoding="utf-8")
    result = import_products(part)
    assert (result.created, result.rejected) == (600, 0)
    assert import_products(part).unchanged == 600


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:8000/a.png",
        "http://localhost/a.png",
        "http://169.254.169.254/latest/",
        "http://[::1]/a.png",
        "http://10.0.0.7/",
    ],
)
def test_pictures_are_not_fetched_from_the_shops_own_network(tmp_path: Path, address: str) -> None:
    path = tmp_path / "x.csv"
    path.write_text(f"Handle,Title,Option1 Name,Variant Price,Image Src\na,A,,1,{address}\n")
    result = import_products(path)
    assert (result.created, result.pictures) == (1, 0)
    assert "not on the public internet" in reasons(result)[2]


def test_a_picture_is_named_after_what_it_is(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("Handle,Title,Option1 Name,Variant Price,Image Src\na,A,,1,page.html\n")
    (tmp_path / "page.html").write_bytes(picture_bytes() + b"<script>alert(1)</script>")
    assert import_products(path).pictures == 1
    assert ProductImage.objects.get().original.name.endswith(".png")


def test_a_picture_with_too_many_pixels_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture_files, "MAX_PIXELS", 1000)
    path = tmp_path / "x.csv"
    path.write_text("Handle,Title,Option1 Name,Variant Price,Image Src\na,A,,1,a.png\n")
    (tmp_path / "a.png").write_bytes(picture_bytes(50, 50))
    result = import_products(path)
    assert (result.created, result.pictures) == (1, 0)
    assert "50 x 50 pixels; the limit is 1,000" in reasons(result)[2]


def test_pictures_of_pages_have_the_same_limit() -> None:
    assert settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS == picture_files.MAX_PIXELS
