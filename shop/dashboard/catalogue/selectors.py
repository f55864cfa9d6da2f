"""What the list of products reads, and where a product is in use."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Max, Min, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from shop.catalogue.models import Product, ProductImage, ProductRecommendation
from shop.catalogue.selectors.cards import LOW_STOCK
from shop.order.models import Line
from shop.partner.models import StockRecord

from .names import names_of

FREE = F("num_in_stock") - Coalesce(F("num_allocated"), 0)


@dataclass(slots=True)
class Figures:
    """Price and stock of a product, over all its variants. `free` is None where nothing is counted."""

    free: int | None = None
    lowest: Decimal | None = None
    highest: Decimal | None = None
    sku: str = ""
    records: int = 0
    variants: int = 0
    currency: str = ""


def product_rows() -> QuerySet[Product]:
    """Products and parents, without their variants."""
    return Product.objects.filter(parent=None).select_related("product_class").prefetch_related("images")


def figures_of(products: Collection[Product]) -> dict[int, Figures]:
    """Price, stock and number of variants of each product, by id; two queries."""
    ids = [product.pk for product in products]
    found = {pk: Figures() for pk in ids}
    records = (
        StockRecord.objects.filter(Q(product__in=ids) | Q(product__parent__in=ids))
        .order_by()
        .values(root=Coalesce("product__parent_id", "product_id"))
        .annotate(
            free=Sum(FREE),
            low=Min("price"),
            high=Max("price"),
            sku=Min("partner_sku"),
            count=Count("pk"),
            money=Min("price_currency"),
        )
    )
    for row in records:
        figures = found[row["root"]]
        figures.free, figures.lowest, figures.highest = row["free"], row["low"], row["high"]
        figures.sku, figures.records = row["sku"], row["count"]
        figures.currency = row["money"]
    for parent, count in (
        Product.objects.filter(parent__in=ids).order_by().values_list("parent").annotate(count=Count("pk"))
    ):
        found[parent].variants = count
    return found


def _with_any(records: QuerySet[Any]) -> Q:
    """Products that have one of `records`, themselves or as a variant's."""
    children = records.filter(product__parent__isnull=False)
    return Q(pk__in=records.values("product")) | Q(pk__in=children.values("product__parent"))


def narrowed(rows: QuerySet[Product], *, text: str, stock: str, public: str, kind: Any) -> QuerySet[Product]:
    """Those of `rows` that fit. Text is looked for in names and numbers, variants' included."""
    if text:
        own = (
            Q(title__icontains=text)
            | Q(slug=text)
            | Q(upc__icontains=text)
            | Q(part_number__icontains=text)
            | Q(gtins__icontains=text)
        )
        found = Product.objects.filter(own)
        rows = rows.filter(
            Q(pk__in=found.values("pk"))
            | Q(pk__in=found.filter(parent__isnull=False).values("parent"))
            | _with_any(StockRecord.objects.filter(partner_sku__icontains=text))
        )
    if stock:
        records = StockRecord.objects.annotate(left=FREE)
        uncounted = Q(product_class__track_stock=False)
        there = _with_any(records.filter(left__gt=0))
        few = _with_any(records.filter(Q(left__lte=LOW_STOCK) | Q(left__lte=F("low_stock_threshold"))))
        if stock == "in":
            rows = rows.filter(uncounted | there)
        elif stock == "out":
            rows = rows.exclude(uncounted).exclude(there)
        else:
            rows = rows.exclude(uncounted).filter(few | ~_with_any(StockRecord.objects.all()))
    if public:
        rows = rows.filter(is_public=public == "yes")
    if kind:
        rows = rows.filter(product_class=kind)
    return rows


@dataclass(frozen=True, slots=True)
class VariantRow:
    """One variant in its parent's table."""

    pk: int
    options: str
    sku: str
    price: Decimal | None
    currency: str
    stock: int | None
    is_public: bool


def variants_of(product: Product) -> list[VariantRow]:
    """The variants of a parent in the order in which they were made; a fixed number of queries."""
    children = product.children.prefetch_related(
        "stockrecords", "attribute_values__attribute", "attribute_values__value_option"
    )
    rows = []
    for child in children.order_by("pk"):
        record = next(iter(child.stockrecords.all()), None)
        options = [f"{value.attribute.name}: {value.value_as_text}" for value in child.attribute_values.all()]
        rows.append(
            VariantRow(
                pk=child.pk,
                options=", ".join(options) or child.title or child.slug,
                sku=record.partner_sku if record else "",
                price=record.price if record else None,
                currency=record.price_currency if record else "",
                stock=record.num_in_stock if record else None,
                is_public=child.is_public,
            )
        )
    return rows


@dataclass(frozen=True, slots=True)
class Uses:
    """Where a product is in use within the shop."""

    orders: int
    recommended_by: tuple[str, ...]
    pictures: int
    variants: tuple[str, ...]


def uses_of(product: Product) -> Uses:
    """Counted over the product and its variants."""
    ids = [product.pk, *product.children.values_list("pk", flat=True)]
    recommending = ProductRecommendation.objects.filter(recommendation__in=ids).exclude(primary__in=ids)
    variants = list(product.children.select_related("parent").order_by("pk"))
    names = names_of(variants)
    return Uses(
        orders=Line.objects.filter(product__in=ids).values("order").distinct().count(),
        recommended_by=tuple(recommending.order_by("pk").values_list("primary__title", flat=True)[:10]),
        pictures=ProductImage.objects.filter(product__in=ids).count(),
        variants=tuple(names[child.pk] for child in variants),
    )
