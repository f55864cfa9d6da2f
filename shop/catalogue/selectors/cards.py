"""`product_cards`: many products as a list, a block, a basket or a suggestion shows them, in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from oscar.apps.catalogue.models import ProductAttributeValue
from oscar.apps.catalogue.reviews.models import ProductReview

from shop.markets import Market
from shop.partner.models import StockRecord
from shop.partner.pricing import TaxTable
from shop.prepared import Prepared

from .. import pictures
from ..cards import Picture, Price, ProductCard, Stock
from ..models import Product, ProductImage
from .offers import offers_of

# At or below this many, a page says how few are left; a stock record's own threshold may raise it.
LOW_STOCK = 5
OUT = Stock("out", 0)


@dataclass(frozen=True, slots=True)
class Offered:
    """One thing that can be bought, or could if there were any: a child or a standalone product."""

    id: int
    price: Price | None
    stock: Stock
    sku: str = ""


def product_cards(ids: Iterable[int], *, market: Market, taxes: TaxTable | None = None) -> dict[int, ProductCard]:
    """The cards of the products `ids`, by id and in their order; parents, standalone products and children alike.

    Ids of products that are deleted or not published are absent, and so are children of such parents. Prices are in
    the market's currency with the tax of its country. Four queries whatever the number, one more where children
    without a title are asked for, and one for the tax rates unless `taxes` are handed in.
    """
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return {}
    batch = gather(product_rows(wanted), market=market, taxes=taxes or TaxTable.for_pages(market.country))
    return draw(wanted, batch)


def _rows_query(ids: list[int], unpublished: list[int]) -> QuerySet[Any, Any]:
    reviews = (
        ProductReview.objects.filter(product=OuterRef("canonical"), status=ProductReview.APPROVED)
        .order_by()
        .values("product")
        .annotate(n=Count("pk"))
        .values("n")
    )
    return (
        Product.objects.filter(Q(pk__in=ids) | Q(parent__in=ids))
        .filter(Q(is_public=True) | Q(pk__in=unpublished))
        .filter(Q(parent=None) | Q(parent__is_public=True) | Q(parent__in=unpublished))
        .order_by("pk")
        .annotate(canonical=Coalesce("parent_id", "pk"))
        .annotate(
            review_count=Coalesce(Subquery(reviews, output_field=IntegerField()), Value(0)),
            brand_name=Coalesce("parent__brand__name", "brand__name", Value("")),
            class_id=Coalesce("parent__product_class_id", "product_class_id"),
            tracks_stock=Coalesce("parent__product_class__track_stock", "product_class__track_stock", Value(True)),
            discountable=Coalesce("parent__is_discountable", "is_discountable"),
            taxed_as=Coalesce("parent__tax_class", "tax_class"),
            parent_title=F("parent__title"),
            parent_slug=F("parent__slug"),
            parent_subtitle=F("parent__subtitle"),
            parent_rating=F("parent__rating"),
            parent_flag=F("parent__flag"),
        )
        .values_list(
            *("id", "structure", "parent_id", "title", "slug", "subtitle", "flag", "rating", "review_count"),
            *("brand_name", "class_id", "tracks_stock", "discountable", "taxed_as", "canonical"),
            *("parent_title", "parent_slug", "parent_subtitle", "parent_rating", "parent_flag"),
        )
    )


def _records_query(ids: list[int], currency: str) -> QuerySet[Any, Any]:
    return (
        StockRecord.objects.filter(product__in=ids, price_currency=currency)
        .order_by("pk")
        .values_list(
            *("product_id", "partner_sku", "price", "compare_at_price"),
            *("num_in_stock", "num_allocated", "low_stock_threshold"),
        )
    )


def _pictures_query(ids: list[int]) -> QuerySet[Any, Any]:
    return (
        ProductImage.objects.filter(product__in=ids)
        .order_by("product_id", "display_order", "pk")
        .values_list("product_id", "original", "alt_text", "width", "height", "has_sizes")
    )


ROWS = Prepared(_rows_query, lists=("ids", "unpublished"))
RECORDS = Prepared(_records_query, lists=("ids",), texts=("currency",))
PICTURES = Prepared(_pictures_query, lists=("ids",))


def product_rows(ids: Sequence[int], *, unpublished: Sequence[int] = ()) -> dict[int, Any]:
    """One query: the products `ids`, their parents' names and all their children, as named rows by id.

    Only what is public, and besides it the product in `unpublished`, for previews.
    """
    return {row.id: row for row in ROWS.run(ids=ids, unpublished=unpublished)}


@dataclass(frozen=True, slots=True)
class Batch:
    """What is known of many products at once. `pictures` are by product, in their order."""

    rows: dict[int, Any]
    children: dict[int, list[Any]]
    offered: dict[int, Offered]
    pictures: dict[int, list[Picture]]
    offers: dict[int, tuple[str, ...]]


def gather(rows: dict[int, Any], *, market: Market, taxes: TaxTable, all_pictures_of: Collection[int] = ()) -> Batch:
    """Three queries: prices and stock, pictures, and offers of `rows`. Of most products only the first picture is kept."""
    children: dict[int, list[Any]] = defaultdict(list)
    for row in rows.values():
        if row.parent_id is not None:
            children[row.parent_id].append(row)
    return Batch(
        rows=rows,
        children=children,
        offered=offered_by_product(rows, market=market, taxes=taxes),
        pictures=pictures_by_product(rows, all_of=all_pictures_of),
        offers=offers_of(list(rows.values())),
    )


def draw(wanted: Iterable[int], batch: Batch) -> dict[int, ProductCard]:
    """The cards of those of `wanted` that the batch holds."""
    shown = [batch.rows[pk] for pk in wanted if pk in batch.rows]
    options = option_texts([row.id for row in shown if row.parent_id is not None and not row.title])
    prefix = product_address("")
    return {row.id: _card(row, batch, prefix=prefix, options=options.get(row.id, "")) for row in shown}


def _card(row: Any, batch: Batch, *, prefix: str, options: str) -> ProductCard:
    is_child = row.parent_id is not None
    is_parent = row.structure == Product.PARENT
    variants = [child.id for child in batch.children.get(row.id, ())] if is_parent else []
    choice = [batch.offered[pk] for pk in (variants if is_parent else [row.id])]
    price, stock = best_of(choice)
    title = row.title or row.parent_title or ""
    owners = [row.id, row.parent_id, *variants]
    return ProductCard(
        id=row.id,
        title=f"{title}, {options}" if options else title,
        url=f"{prefix}{row.parent_slug}/?variant={row.id}" if is_child else f"{prefix}{row.slug}/",
        subtitle=row.subtitle or row.parent_subtitle or "",
        brand=row.brand_name,
        picture=next((batch.pictures[pk][0] for pk in owners if pk in batch.pictures), None),
        price=price,
        stock=stock,
        rating=row.parent_rating if is_child else row.rating,
        review_count=row.review_count,
        flag=row.flag or row.parent_flag or "",
        offers=batch.offers.get(row.id, ()),
        buy_id=choice[0].id if len(choice) == 1 and stock.can_buy else None,
        has_variants=len(variants) > 1,
    )


def product_address(slug: str) -> str:
    """The address of a product in the active language; with an empty slug, the part before it."""
    return reverse("catalogue:detail", kwargs={"slug": slug or "x"}).removesuffix("" if slug else "x/")


def offered_by_product(rows: dict[int, Any], *, market: Market, taxes: TaxTable) -> dict[int, Offered]:
    """One query: price and stock of every row but parents, from its first stock record in the market's currency."""
    records: dict[int, Any] = {}
    sellable = [row.id for row in rows.values() if row.structure != Product.PARENT]
    for record in RECORDS.run(ids=sellable, currency=market.currency):
        records.setdefault(record.product_id, record)
    return {pk: _offered(rows[pk], records.get(pk), market=market, taxes=taxes) for pk in sellable}


def _offered(row: Any, record: Any, *, market: Market, taxes: TaxTable) -> Offered:
    if record is None or record.price is None:
        # What has no price in this currency cannot be bought, however many there are.
        return Offered(row.id, None, OUT, record.partner_sku if record else "")
    price = taxes.price(record.price, row.taxed_as, market.currency)
    was: Decimal | None = None
    if record.compare_at_price is not None and record.compare_at_price > record.price:
        was = taxes.price(record.compare_at_price, row.taxed_as, market.currency).incl_tax
    return Offered(
        id=row.id,
        price=Price(now=price.incl_tax, currency=market.currency, was=was, tax=price.tax),
        stock=_stock(row, record),
        sku=record.partner_sku,
    )


def _stock(row: Any, record: Any) -> Stock:
    if not row.tracks_stock:
        return Stock("in", None)
    net = max((record.num_in_stock or 0) - (record.num_allocated or 0), 0)
    if net == 0:
        return OUT
    return Stock("low" if net <= max(LOW_STOCK, record.low_stock_threshold or 0) else "in", net)


def best_of(choice: Sequence[Offered]) -> tuple[Price | None, Stock]:
    """Price and stock of a product that can be had in the ways of `choice`.

    The price is the cheapest of those that can be bought, or of all where none can. `is_from` tells that others cost
    more. The stock is that of the best supplied one, with the number of all together.
    """
    in_reach = [one for one in choice if one.stock.can_buy] or list(choice)
    prices = [one.price for one in in_reach if one.price is not None]
    price = min(prices, key=lambda one: one.now, default=None)
    if price is not None and any(one.now != price.now for one in prices):
        price = Price(now=price.now, currency=price.currency, was=price.was, is_from=True, tax=price.tax)
    states = {one.stock.state for one in choice}
    if not states & {"in", "low"}:
        return price, OUT
    counts = [one.stock.available for one in choice]
    total = None if None in counts else sum(count for count in counts if count is not None)
    return price, Stock("in" if "in" in states else "low", total)


def pictures_by_product(rows: dict[int, Any], *, all_of: Collection[int] = ()) -> dict[int, list[Picture]]:
    """One query: the first picture of every row and of its parent, and all of those in `all_of`."""
    owners = set(rows) | {row.parent_id for row in rows.values() if row.parent_id is not None}
    found: dict[int, list[Picture]] = {}
    for product_id, name, alt, width, height, has_sizes in PICTURES.run(ids=owners):
        if product_id not in found or product_id in all_of:
            shown = pictures.picture(name, alt=alt, width=width, height=height, has_sizes=has_sizes)
            found.setdefault(product_id, []).append(shown)
    return found


def primary_pictures(rows: dict[int, Any]) -> dict[int, Picture]:
    """One query: the first picture of every product of `rows` (anything with a `parent_id`) and of its parent."""
    return {pk: found[0] for pk, found in pictures_by_product(rows).items()}


def option_texts(child_ids: Sequence[int]) -> dict[int, str]:
    """What tells each of these children from its siblings, such as "Fern, 1.1 l"; no query without ids.

    What all siblings share, such as where they are made, tells nothing apart; it is named only where nothing else is.
    """
    if not child_ids:
        return {}
    parents = Product.objects.filter(pk__in=child_ids, parent__isnull=False).values("parent")
    texts: dict[int, dict[int, str]] = defaultdict(dict)
    siblings: dict[int, set[int]] = defaultdict(set)
    seen: dict[tuple[int, int], list[str]] = defaultdict(list)
    for product_id, parent_id, attribute_id, option, text in (
        ProductAttributeValue.objects.filter(product__parent__in=parents, attribute__type__in=("option", "text"))
        .order_by("attribute_id")
        .values_list("product_id", "product__parent", "attribute", "value_option__option", "value_text")
    ):
        if option or text:
            texts[product_id][attribute_id] = option or text
            siblings[parent_id].add(product_id)
            seen[parent_id, attribute_id].append(option or text)
    parent_of = {child: parent for parent, children in siblings.items() for child in children}

    def words(child: int) -> str:
        parent, own = parent_of[child], texts[child]
        count = len(siblings[parent])
        telling = [own[a] for a in own if len(set(seen[parent, a])) > 1 or len(seen[parent, a]) < count]
        return ", ".join(telling or own.values())

    return {child: words(child) for child in child_ids if child in parent_of}
