"""Our own CSV: what `export_products` writes and `import_products` reads back without a change.

The first line of a product tells about the product and its first variant; each further line with the same slug tells
about one more variant. Lists are split by " | ", paths of categories by " > "; attributes, specification and pictures
are JSON. A column that is left out leaves what the shop has.

A cell that a spreadsheet would take for a formula is written with an apostrophe before it, and read without.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any, TextIO

from .lines import Line, cell_reader, compare_at_given, group_lines, unknown_columns
from .records import PictureRecord, Problem, ProductRecord, VariantRecord
from .values import attribute_code, clean_text, parse_day, parse_price, parse_whole, parse_yes

PRODUCT_COLUMNS = [
    "slug", "upc", "title", "subtitle", "product_type", "brand", "categories", "description", "tags", "tax_class",
    "flag", "part_number", "released_on", "published", "discountable", "meta_title", "meta_description", "attributes",
    "specification", "recommended", "pictures",
]  # fmt: skip
VARIANT_COLUMNS = [
    "sku",
    "variant_slug",
    "options",
    "price",
    "compare_at_price",
    "currency",
    "stock",
    "weight_grams",
    "gtins",
]
COLUMNS = [*PRODUCT_COLUMNS, *VARIANT_COLUMNS]
SPLIT = " | "
# One that has apostrophes before it gets one more, so that reading takes away what writing has put there.
FORMULA = re.compile(r"'*[=+\-@\t\r]")


def looks_like(columns: list[str]) -> bool:
    """Whether a CSV's first line is ours."""
    return {"slug", "sku"} <= set(columns)


# ------------------------------------------------------------------ writing
def write(records: Iterable[ProductRecord], target: TextIO) -> int:
    """Write the records and return how many there were."""
    writer = csv.DictWriter(target, COLUMNS, lineterminator="\n")
    writer.writeheader()
    count = 0
    for record in records:
        count += 1
        for place, variant in enumerate(record.variants):
            product = _product_cells(record) if place == 0 else {"slug": record.slug}
            cells = {**product, **_variant_cells(variant)}
            writer.writerow({name: _guarded(text) for name, text in cells.items()})
    return count


def _guarded(text: str) -> str:
    return f"'{text}" if FORMULA.match(text) else text


def _unguarded(text: str) -> str:
    return text[1:] if text.startswith("'") and FORMULA.match(text) else text


def _product_cells(record: ProductRecord) -> dict[str, str]:
    return {
        "slug": record.slug, "upc": record.upc or "", "title": record.title, "subtitle": record.subtitle or "",
        "product_type": record.product_type or "", "brand": record.brand or "", "categories": SPLIT.join(record.categories or []),
        "description": record.description or "", "tags": SPLIT.join(record.tags or []), "tax_class": record.tax_class or "",
        "flag": record.flag or "", "part_number": record.part_number or "",
        "released_on": record.released_on.isoformat() if record.released_on else "",
        "published": _yes(record.is_public), "discountable": _yes(record.is_discountable),
        "meta_title": record.meta_title or "", "meta_description": record.meta_description or "",
        "attributes": _json({code: [kind, _plain(value)] for code, (kind, value) in (record.attributes or {}).items()}),
        "specification": _json(record.specification), "recommended": SPLIT.join(record.recommended or []),
        "pictures": _json([[picture.address, picture.alt] for picture in record.pictures or []]),
    }  # fmt: skip


def _variant_cells(variant: VariantRecord) -> dict[str, str]:
    return {
        "sku": variant.sku, "variant_slug": variant.slug or "", "options": _json(variant.options),
        "price": _number(variant.price), "compare_at_price": _number(variant.compare_at_price or None),
        "currency": variant.currency or "", "stock": _number(variant.stock), "weight_grams": _number(variant.weight_grams),
        "gtins": SPLIT.join(variant.gtins or []),
    }  # fmt: skip


def _yes(value: bool | None) -> str:
    return "no" if value is False else "yes"


def _number(value: Decimal | int | None) -> str:
    return "" if value is None else str(value)


def _plain(value: object) -> object:
    return f"{value:f}" if isinstance(value, Decimal) else value


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False) if value else ""


# ------------------------------------------------------------------ reading
class _BadLineError(Exception):
    def __init__(self, line: int, value: str, reason: str) -> None:
        super().__init__(reason)
        self.problem = Problem(line=line, value=value, reason=reason)


cell = cell_reader(_BadLineError)


def read(lines: Iterator[Line], columns: list[str]) -> Iterator[ProductRecord | Problem]:
    """Yield a record or a problem for each product of the file, in its order."""
    yield from unknown_columns(columns, known=set(COLUMNS))
    present = set(columns)
    plain = (
        Line(line.number, {name: _unguarded(text) for name, text in line.cells.items()}, line.extra) for line in lines
    )
    for group in group_lines(plain, key="slug"):
        if isinstance(group, Problem):
            yield group
            continue
        try:
            yield _product(group, present)
        except _BadLineError as bad:
            yield bad.problem


def _product(group: list[Line], present: set[str]) -> ProductRecord:
    first = group[0]

    def given(column: str, limit: int, parse: Any = None, empty: Any = "") -> Any:
        """The cell's value; None where the file has no such column, `empty` where the cell is empty."""
        if column not in present:
            return None
        return cell(first, column, limit, parse=parse) or empty

    title = cell(first, "title", 255)
    if not title:
        raise _BadLineError(first.number, "", "title is empty: a product needs a name")
    released = given("released_on", 20, lambda text: parse_day(text, name="released_on"))
    return ProductRecord(
        slug=cell(first, "slug", 255, parse=_slug), upc=given("upc", 64) or None, title=title, subtitle=given("subtitle", 255),
        variants=[_variant(line, present, single=len(group) == 1) for line in group], line=first.number,
        product_type=given("product_type", 128) or None, brand=given("brand", 128), categories=given("categories", 10_000, _split, []),
        description=given("description", 500_000), tags=given("tags", 10_000, _split, []), tax_class=given("tax_class", 16, _tax_class) or None,
        flag=given("flag", 40), part_number=given("part_number", 255), released_on=released if isinstance(released, date) else None,
        is_public=_bool(first, present, "published"), is_discountable=_bool(first, present, "discountable"),
        meta_title=given("meta_title", 255), meta_description=given("meta_description", 5000),
        attributes=given("attributes", 1_000_000, _attributes, {}), specification=given("specification", 1_000_000, _rows, []),
        recommended=given("recommended", 10_000, _split, []), pictures=_pictures(first, present),
    )  # fmt: skip


def _variant(line: Line, present: set[str], *, single: bool) -> VariantRecord:
    sku = cell(line, "sku", 128)
    if not sku:
        raise _BadLineError(line.number, "", "sku is empty: everything that can be bought needs one")
    options = cell(line, "options", 10_000, parse=_options) or {}
    if not options and not single:
        raise _BadLineError(
            line.number, sku, 'options is empty: each of several variants says what it is, as {"size": "L"}'
        )
    price = cell(line, "price", 40, parse=lambda text: parse_price(text))
    was = cell(line, "compare_at_price", 40, parse=lambda text: parse_price(text, name="compare_at_price"))
    stock = cell(line, "stock", 20, parse=lambda text: parse_whole(text, name="stock"))
    grams = cell(line, "weight_grams", 20, parse=lambda text: parse_whole(text, name="weight_grams"))
    return VariantRecord(
        sku=sku, slug=cell(line, "variant_slug", 255) or None, options=options, line=line.number,
        price=price if price != "" else None, compare_at_price=compare_at_given(line, "compare_at_price", was),
        currency=cell(line, "currency", 3, parse=_currency) or None, stock=stock if stock != "" else None,
        weight_grams=grams if grams != "" else None, gtins=cell(line, "gtins", 100_000, parse=_split) or ([] if "gtins" in present else None),
    )  # fmt: skip


def _bool(line: Line, present: set[str], column: str) -> bool | None:
    if column not in present or not line.cells.get(column, "").strip():
        return None
    return bool(cell(line, column, 10, parse=lambda text: parse_yes(text, name=column)))


def _pictures(line: Line, present: set[str]) -> list[PictureRecord] | None:
    if "pictures" not in present:
        return None
    return [PictureRecord(row[0], row[1], line.number) for row in cell(line, "pictures", 100_000, parse=_rows) or []]


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.split(SPLIT.strip()) if part.strip()]


def _slug(text: str) -> str:
    if not text.replace("-", "").replace("_", "").isascii() or not text.replace("-", "").replace("_", "").isalnum():
        raise ValueError(f"slug {text!r} may hold letters without accents, digits, hyphens and underscores only")
    return text


def _currency(text: str) -> str:
    if len(text) != 3 or not text.isalpha() or not text.isupper():
        raise ValueError(f"currency {text!r} is not a code such as GBP")
    return text


def _tax_class(text: str) -> str:
    if text not in {"standard", "reduced", "zero", "gift-card"}:
        raise ValueError(f"tax_class {text!r} is none of standard, reduced, zero, gift-card")
    return text


def _load(text: str, kind: type, shape: str) -> Any:
    try:
        data = json.loads(text, parse_float=Decimal)
    except json.JSONDecodeError as error:
        raise ValueError(f"{text[:60]!r} is not JSON: {error.msg}") from None
    if not isinstance(data, kind):
        raise ValueError(f"{text[:60]!r} is not {shape}")
    return data


def _options(text: str) -> dict[str, str]:
    data = _load(text, dict, 'a map such as {"size": "L"}')
    return {
        attribute_code(str(name)): clean_text(str(value), name="options", limit=255) for name, value in data.items()
    }


def _attributes(text: str) -> dict[str, tuple[str, Any]]:
    data = _load(text, dict, 'a map such as {"depth": ["number", "12"]}')
    attributes = {}
    for code, entry in data.items():
        if not isinstance(entry, list) or len(entry) != 2 or entry[0] not in {"text", "number", "boolean"}:
            raise ValueError(
                f'attribute {code!r} is not a pair such as ["number", "12"]; kinds are text, number, boolean'
            )
        kind, value = entry
        if kind == "number":
            try:
                value = Decimal(str(value)).normalize()
            except ArithmeticError:
                raise ValueError(f"attribute {code!r} is a number and has the value {str(value)[:60]!r}") from None
        attributes[attribute_code(code)] = (
            kind,
            bool(value) if kind == "boolean" else value if kind == "number" else str(value),
        )
    return attributes


def _rows(text: str) -> list[list[str]]:
    rows = _load(text, list, 'rows such as [["Made of", "stoneware"]]')
    if any(not isinstance(row, list) or len(row) != 2 for row in rows):
        raise ValueError(f"{text[:60]!r} has a row that is not a pair")
    return [[str(part) for part in row] for row in rows]
