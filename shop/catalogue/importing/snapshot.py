"""What the shop has, as records: for the export, and to see whether an import changes anything."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from shop.catalogue.models import Category, Product, ProductAttributeValue, ProductImage, ProductRecommendation
from shop.partner.models import StockRecord

from .records import NO_PRICE, Attributes, PictureRecord, ProductRecord, VariantRecord

BATCH = 500
# Oscar's attribute types and what they are in a file; files, pictures and links to other rows are not carried.
KINDS = {
    "text": "text",
    "richtext": "text",
    "option": "text",
    "date": "text",
    "integer": "number",
    "float": "number",
    "boolean": "boolean",
}


def category_paths() -> dict[int, str]:
    """Every category's path of names, such as "Kitchen > Knives", with one query."""
    names: dict[str, str] = {}
    paths: dict[int, str] = {}
    steplen = Category.steplen
    for pk, path, name in Category.objects.order_by("path").values_list("pk", "path", "name"):
        above = names.get(path[:-steplen])
        names[path] = f"{above} > {name}" if above else name
        paths[pk] = names[path]
    return paths


def all_records() -> Iterator[ProductRecord]:
    """Every product that is no variant, by id, in batches."""
    ids = list(Product.objects.exclude(structure=Product.CHILD).order_by("pk").values_list("pk", flat=True))
    paths = category_paths()
    for start in range(0, len(ids), BATCH):
        found = load_records(ids[start : start + BATCH], paths=paths)
        yield from (found[pk] for pk in ids[start : start + BATCH] if pk in found)


def load_records(product_ids: Iterable[int], *, paths: dict[int, str] | None = None) -> dict[int, ProductRecord]:
    """The records of these parents and standalone products, with eight queries whatever their number."""
    ids = list(product_ids)
    paths = category_paths() if paths is None else paths
    products = {p.pk: p for p in Product.objects.filter(pk__in=ids).select_related("brand", "product_class")}
    children: dict[int, list[Product]] = defaultdict(list)
    for child in Product.objects.filter(parent_id__in=ids).order_by("pk"):
        children[child.parent_id].append(child)
    sold_ids = [*products, *(child.pk for group in children.values() for child in group)]
    stock: dict[int, StockRecord] = {}
    for record in StockRecord.objects.filter(product_id__in=sold_ids).order_by("-pk"):
        stock[record.product_id] = record
    values = _attribute_values(sold_ids)
    categories: dict[int, list[str]] = defaultdict(list)
    for product_id, category_id in (
        Product.categories.through.objects.filter(product_id__in=ids)
        .order_by("pk")
        .values_list("product_id", "category_id")
    ):
        categories[product_id].append(paths[category_id])
    pictures: dict[int, list[PictureRecord]] = defaultdict(list)
    for product_id, name, alt in (
        ProductImage.objects.filter(product_id__in=ids)
        .order_by("display_order", "pk")
        .values_list("product_id", "original", "alt_text")
    ):
        pictures[product_id].append(PictureRecord(name, alt))
    recommended: dict[int, list[str]] = defaultdict(list)
    for product_id, slug in (
        ProductRecommendation.objects.filter(primary_id__in=ids)
        .order_by("-ranking", "pk")
        .values_list("primary_id", "recommendation__slug")
    ):
        recommended[product_id].append(slug)
    return {
        pk: ProductRecord(
            slug=product.slug, upc=product.upc, title=product.title, subtitle=product.subtitle, description=product.description,
            brand=product.brand.name if product.brand else "", product_type=product.product_class.name if product.product_class else None,
            categories=categories[pk], tags=list(product.tags), tax_class=product.tax_class, flag=product.flag,
            part_number=product.part_number, released_on=product.released_on, is_public=product.is_public,
            is_discountable=product.is_discountable, meta_title=product.meta_title or "", meta_description=product.meta_description or "",
            attributes=values[pk], specification=[list(row) for row in product.specification], recommended=recommended[pk],
            pictures=pictures[pk],
            variants=[_variant(child, stock.get(child.pk), values[child.pk]) for child in children[pk]]
            if product.structure == Product.PARENT
            else [_variant(product, stock.get(pk), {})],
        )
        for pk, product in products.items()
    }  # fmt: skip


def _variant(product: Product, record: StockRecord | None, values: Attributes) -> VariantRecord:
    return VariantRecord(
        sku=record.partner_sku if record else product.slug[:128],
        options={code: str(value) for code, (_, value) in values.items()},
        price=record.price if record else None,
        compare_at_price=(record.compare_at_price if record else None) or NO_PRICE,
        currency=record.price_currency if record else None,
        stock=record.num_in_stock if record else None,
        weight_grams=product.weight_grams,
        gtins=list(product.gtins),
        slug=product.slug if product.is_child else None,
    )


def _attribute_values(product_ids: list[int]) -> dict[int, Attributes]:
    values: dict[int, Attributes] = defaultdict(dict)
    rows = ProductAttributeValue.objects.filter(product_id__in=product_ids, attribute__type__in=KINDS).order_by(
        "attribute__code"
    )
    for row in rows.values(
        "product_id", "attribute__code", "attribute__type", "value_text", "value_richtext", "value_integer", "value_float",
        "value_boolean", "value_date", "value_option__option",
    ):  # fmt: skip
        kind = row["attribute__type"]
        raw = row["value_option__option"] if kind == "option" else row[f"value_{kind}"]
        if raw is not None:
            values[row["product_id"]][row["attribute__code"]] = (KINDS[kind], _value(kind, raw))
    return values


def _value(kind: str, raw: Any) -> str | bool | Decimal:
    if KINDS[kind] == "number":
        return Decimal(repr(raw)).normalize()
    return bool(raw) if kind == "boolean" else str(raw)
