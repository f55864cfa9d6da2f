"""Shopify's product CSV. A product takes several lines that share a Handle.

Columns: Shopify's help centre, "Using CSV files to import and export products".
"""

from __future__ import annotations

from collections.abc import Iterator

from .lines import Line, cell_reader, compare_at_given, group_lines, unknown_columns
from .records import PictureRecord, Problem, ProductRecord, VariantRecord
from .values import attribute_code, clean_html, parse_price, parse_whole, parse_yes, slug_from

# What a shop of ours has no place for, and a merchant need not be told of.
IGNORED = {
    "Variant Inventory Tracker", "Variant Inventory Policy", "Variant Fulfillment Service", "Variant Requires Shipping",
    "Variant Taxable", "Image Position", "Gift Card", "Variant Weight Unit", "Variant Tax Code", "Cost per item", "Status",
    "Unit Price Total Measure", "Unit Price Total Measure Unit", "Unit Price Base Measure", "Unit Price Base Measure Unit",
    "Option1 Linked To", "Option2 Linked To", "Option3 Linked To", "Collection", "Standardized Product Type", "Custom Product Type",
}  # fmt: skip
READ = {
    "Handle", "Title", "Body (HTML)", "Vendor", "Type", "Product Category", "Tags", "Published",
    "Option1 Name", "Option1 Value", "Option2 Name", "Option2 Value", "Option3 Name", "Option3 Value",
    "Variant SKU", "Variant Grams", "Variant Inventory Qty", "Variant Price", "Variant Compare At Price", "Variant Barcode",
    "Image Src", "Image Alt Text", "SEO Title", "SEO Description", "Variant Image",
}  # fmt: skip
IGNORED_PREFIXES = ("Google Shopping / ", "Metafield:", "Included / ", "Price / ", "Compare At Price / ")


def looks_like(columns: list[str]) -> bool:
    """Whether a CSV's first line is Shopify's."""
    return "Handle" in columns and "Option1 Name" in columns


def read(lines: Iterator[Line], columns: list[str]) -> Iterator[ProductRecord | Problem]:
    """Yield a record or a problem for each product of the file, in its order."""
    yield from unknown_columns(columns, known=READ | IGNORED, prefixes=IGNORED_PREFIXES)
    for group in group_lines(lines, key="Handle"):
        if isinstance(group, Problem):
            yield group
            continue
        remarks: list[Problem] = []
        try:
            yield _product(group, remarks)
        except _BadLineError as bad:
            yield bad.problem
        else:
            yield from remarks


class _BadLineError(Exception):
    def __init__(self, line: int, value: str, reason: str) -> None:
        super().__init__(reason)
        self.problem = Problem(line=line, value=value, reason=reason)


def _product(group: list[Line], remarks: list[Problem]) -> ProductRecord:
    first, cell = group[0], cell_reader(_BadLineError)
    handle = slug_from(cell(first, "Handle", 255))
    title = cell(first, "Title", 255)
    if not title:
        raise _BadLineError(first.number, "", "Title is empty: a product needs a name on the first line of its Handle")
    variants, pictures = [], []
    names = [cell(first, f"Option{place} Name", 128) for place in (1, 2, 3)]
    for line in group:
        if any(line.cells.get(column) for column in ("Variant Price", "Option1 Value", "Variant SKU")):
            variants.append(_variant(line, names, handle, remarks))
        if cell(line, "Image Src", 2000):
            pictures.append(
                PictureRecord(cell(line, "Image Src", 2000), cell(line, "Image Alt Text", 255), line.number)
            )
    if not variants:
        raise _BadLineError(first.number, handle, "no line of this product has a Variant Price")
    published = cell(first, "Published", 10)
    tags = [tag.strip() for tag in cell(first, "Tags", 5000).split(",") if tag.strip()]
    category = cell(first, "Product Category", 1000) or cell(first, "Type", 128)
    return ProductRecord(
        slug=handle, title=title, variants=variants, line=first.number,
        description=clean_html(cell(first, "Body (HTML)", 500_000)),
        brand=cell(first, "Vendor", 128), product_type=cell(first, "Type", 128) or None,
        categories=[category] if category else [], tags=tags,
        is_public=cell(first, "Published", 10, parse=lambda text: parse_yes(text, name="Published")) if published else True,
        meta_title=cell(first, "SEO Title", 255), meta_description=cell(first, "SEO Description", 5000),
        pictures=pictures,
    )  # fmt: skip


def _variant(line: Line, names: list[str], handle: str, remarks: list[Problem]) -> VariantRecord:
    cell = cell_reader(_BadLineError)
    options = {
        attribute_code(name): cell(line, f"Option{place} Value", 255)
        for place, name in enumerate(names, start=1)
        if name and line.cells.get(f"Option{place} Value")
    }
    if options == {"title": "Default Title"}:
        options = {}
    price = cell(line, "Variant Price", 40, parse=lambda text: parse_price(text, name="Variant Price"))
    if price == "":
        raise _BadLineError(line.number, "", "Variant Price is empty")
    compare_at = cell(
        line, "Variant Compare At Price", 40, parse=lambda text: parse_price(text, name="Variant Compare At Price")
    )
    grams = cell(line, "Variant Grams", 20, parse=lambda text: parse_whole(text, name="Variant Grams"))
    stock = cell(line, "Variant Inventory Qty", 20)
    if stock.startswith("-") and cell(line, "Variant Inventory Qty", 20, parse=_below_zero):
        reason = f"Variant Inventory Qty {stock} is below zero, which Shopify allows: it is taken as 0"
        remarks.append(Problem(line.number, stock, reason, rejects=False))
        stock = 0
    else:
        stock = cell(
            line, "Variant Inventory Qty", 20, parse=lambda text: parse_whole(text, name="Variant Inventory Qty")
        )
    barcode = cell(line, "Variant Barcode", 64)
    return VariantRecord(
        sku=cell(line, "Variant SKU", 128) or slug_from(handle, *options.values())[:128],
        options=options, price=price, compare_at_price=compare_at_given(line, "Variant Compare At Price", compare_at),
        stock=stock if stock != "" else None, weight_grams=grams if grams != "" else None,
        gtins=[barcode] if barcode else [], picture=cell(line, "Variant Image", 2000) or None, line=line.number,
    )  # fmt: skip


def _below_zero(text: str) -> int:
    """How far: parse_whole says what is wrong with "-abc"."""
    return parse_whole(text[1:], name="Variant Inventory Qty")
