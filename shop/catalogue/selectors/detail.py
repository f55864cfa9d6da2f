"""`product_detail`: all that a product page shows, in a dozen queries whatever the number of variants."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, Literal

from django.db.models import QuerySet
from django.utils.text import Truncator
from oscar.apps.catalogue.models import ProductCategory, ProductRecommendation

from shop.markets import Market
from shop.partner.pricing import TaxTable, rounded
from shop.prepared import Prepared

from ..cards import Crumb, Picture, Price, ProductDetail, UnitPrice
from ..html import plain_text
from ..models import Category, Product, TaxClass
from . import options
from .addresses import category_address, find_by_slug
from .cards import Batch, draw, gather, product_rows
from .reviews import reviews_of, score_counts

REVIEWS_SHOWN = 3
RECOMMENDED_SHOWN = 8
DESCRIPTION_LENGTH = 155

Unit = Literal["l", "kg", "m"]
# What an attribute's value is measured in, as part of the unit that prices are compared by.
MEASURES: dict[str, tuple[Unit, Decimal]] = {
    "ml": ("l", Decimal("0.001")),
    "cl": ("l", Decimal("0.01")),
    "l": ("l", Decimal(1)),
    "g": ("kg", Decimal("0.001")),
    "kg": ("kg", Decimal(1)),
    "m": ("m", Decimal(1)),
}
# Attributes that say how much is sold. A teapot's capacity is not among them: nobody buys it by the litre.
CONTENT_CODES = ("content", "net_content", "volume", "net_weight")


def product_detail(
    slug: str,
    *,
    market: Market,
    variant_id: int | None = None,
    values: Mapping[str, str] | None = None,
    taxes: TaxTable | None = None,
    unpublished: bool = False,
) -> ProductDetail | None:
    """The product at /products/<slug>/ as this market sees it, or None where there is none.

    `variant_id` or `values` (an axis's code to a value, more keys do no harm) choose the variant. A former slug is not
    followed here: `find_by_slug` tells where it leads. `unpublished` is for previews.
    """
    found = find_by_slug(slug, unpublished=unpublished)
    if found is None or found.moved_to:
        return None
    return detail_of(
        found.id,
        market=market,
        variant_id=variant_id,
        values=values or {},
        taxes=taxes,
        unpublished=unpublished,
    )


def detail_of(
    product_id: int,
    *,
    market: Market,
    variant_id: int | None = None,
    values: Mapping[str, str],
    taxes: TaxTable | None = None,
    unpublished: bool = False,
) -> ProductDetail | None:
    """The detail of a parent or standalone product by its id; see `product_detail`."""
    words = next(iter(WORDS.run(ids=[product_id])), None)
    recommended = [pk for (pk,) in RECOMMENDED.run(ids=[product_id])]
    rows = product_rows([product_id, *recommended], unpublished=[product_id] if unpublished else [])
    if product_id not in rows or words is None:
        return None
    own_ids = [pk for pk, row in rows.items() if product_id in (pk, row.parent_id)]
    batch = gather(rows, market=market, taxes=taxes or TaxTable.for_pages(market.country), all_pictures_of=own_ids)
    cards = draw([product_id, *recommended], batch)
    card = cards[product_id]
    attributes = options.attribute_rows(own_ids)
    axes, variants = options.axes_and_variants(product_id, batch, attributes)
    chosen = options.choose(variants, variant_id=variant_id, values=values)
    pictures, views = _gallery(product_id, batch, first=chosen.id if chosen else product_id)
    shown = _shown_attributes(product_id, [one.id for one in variants], axes, attributes)
    shared = set.intersection(*map(set, shown.values()))
    variants = tuple(
        replace(
            one,
            view=views.get(one.id, 0),
            specification=tuple(row[1:] for row in shown[one.id] if row not in shared),
            unit_price=unit_price(one.price, shown[one.id]),
        )
        for one in variants
    )
    chosen = next((one for one in variants if chosen and one.id == chosen.id), None)
    shown_attributes = shown[chosen.id if chosen else product_id]
    return ProductDetail(
        card=card,
        description=words.description,
        pictures=pictures,
        axes=options.selected(axes, chosen),
        variants=variants,
        specification=(
            *((name, text) for _, name, text in shown_attributes),
            *((str(row[0]), str(row[1])) for row in words.specification if len(row) == 2),
        ),
        crumbs=_crumbs(product_id),
        sku=chosen.sku if chosen else getattr(batch.offered.get(product_id), "sku", ""),
        meta_title=words.meta_title or card.title,
        meta_description=words.meta_description or _first_words(words.description),
        reviews=reviews_of(product_id, count=REVIEWS_SHOWN) if card.review_count else (),
        score_counts=score_counts(product_id) if card.review_count else (),
        recommended_ids=tuple(pk for pk in recommended if pk in cards),
        selected_variant=chosen,
        gtin=str(words.gtins[0]) if words.gtins else "",
        recommended=tuple(cards[pk] for pk in recommended if pk in cards),
        unit_price=chosen.unit_price if chosen else unit_price(card.price, shown_attributes),
        brand_slug=words.brand__slug or "",
        weight_grams=words.weight_grams or 0,
        is_sent=words.product_class__requires_shipping is not False,
        is_gift_card=words.tax_class == TaxClass.GIFT_CARD,
    )


def _words_query(ids: list[int]) -> QuerySet[Any, Any]:
    return Product.objects.filter(pk__in=ids).values_list(
        *("description", "specification", "meta_title", "meta_description", "gtins", "brand__slug"),
        *("weight_grams", "product_class__requires_shipping", "tax_class"),
    )


def _recommended_query(ids: list[int]) -> QuerySet[Any, Any]:
    found = ProductRecommendation.objects.filter(primary__in=ids).order_by("-ranking", "pk")
    return found.values_list("recommendation")[:RECOMMENDED_SHOWN]


def _shelf_query(ids: list[int]) -> QuerySet[Any, Any]:
    public = {"category__is_public": True, "category__ancestors_are_public": True}
    return ProductCategory.objects.filter(product__in=ids, **public).order_by("pk").values_list("category__path")[:1]


def _shelves_query(paths: list[str]) -> QuerySet[Any, Any]:
    return Category.objects.filter(path__in=paths).order_by("depth").values_list("name", "slug")


WORDS = Prepared(_words_query, lists=("ids",))
RECOMMENDED = Prepared(_recommended_query, lists=("ids",))
SHELF = Prepared(_shelf_query, lists=("ids",))
SHELVES = Prepared(_shelves_query, lists=("paths",))


def _gallery(product_id: int, batch: Batch, *, first: int) -> tuple[tuple[Picture, ...], dict[int, int]]:
    """The pictures of the product and its variants, each once, and at which place (from 1) each variant is seen.

    Those of the product or variant `first` lead. A variant without a picture is seen on the product's own; where none
    has any, choosing one moves nothing.
    """
    children = [child.id for child in batch.children.get(product_id, ())]
    held = batch.pictures
    shown: dict[str, Picture] = {}
    for owner in (first, product_id, *children):
        for picture in held.get(owner, ()):
            # By address: two variants may share a picture under words of their own.
            shown.setdefault(picture.url, picture)
    places = {url: place for place, url in enumerate(shown, start=1)}
    seen = {}
    if any(pk in held for pk in children):
        seen = {pk: held.get(pk) or held.get(product_id) for pk in children}
    return tuple(shown.values()), {pk: places[found[0].url] for pk, found in seen.items() if found}


Shown = tuple[str, str, str]  # code, name, text


def _shown_attributes(
    product_id: int, child_ids: Iterable[int], axes: Sequence[Any], attributes: Sequence[options.Row]
) -> dict[int, list[Shown]]:
    """What is said of each variant: the product's attributes and its own, but what it is chosen by. By id, or the product's."""
    chosen = {axis.code for axis in axes}
    own: dict[int, dict[str, Shown]] = defaultdict(dict)
    for pk, _, code, name, text, _ in attributes:
        if pk == product_id or code not in chosen:
            own[pk][code] = (code, name, text)
    said = {pk: list({**own[product_id], **own[pk]}.values()) for pk in child_ids}
    return said or {product_id: list(own[product_id].values())}


def _crumbs(product_id: int) -> tuple[Crumb, ...]:
    """The way to the category that the product was put into first, from the root down; two queries."""
    found = SHELF.run(ids=[product_id])
    if not found:
        return ()
    path, step = found[0][0], Category.steplen
    crumbs, slugs = [], ""
    for name, slug in SHELVES.run(paths=[path[:end] for end in range(step, len(path) + 1, step)]):
        slugs = f"{slugs}/{slug}" if slugs else slug
        crumbs.append(Crumb(title=name, url=category_address(slugs)))
    return tuple(crumbs)


def _first_words(html: str) -> str:
    return Truncator(plain_text(html)).chars(DESCRIPTION_LENGTH)


def unit_price(price: Price | None, attributes: Sequence[tuple[str, str, str]]) -> UnitPrice | None:
    """What a litre, kilogram or metre costs, where an attribute of CONTENT_CODES says how much is in it ("250 ml")."""
    if price is None:
        return None
    for code, _, text in attributes:
        number, _, measure = text.replace(",", ".").partition(" ")
        if code not in CONTENT_CODES or measure.strip() not in MEASURES:
            continue
        unit, part = MEASURES[measure.strip()]
        try:
            amount = Decimal(number) * part
        except ArithmeticError:
            continue
        if amount > 0:
            return UnitPrice(rounded(price.now / amount), price.currency, unit)
    return None
