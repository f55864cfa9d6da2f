"""Read products a batch at a time and make of them what the listing tables hold. Reads only; operations.py writes."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import F, Q, Sum
from oscar.core.loading import get_model

from shop.catalogue.models import Brand, Category, Product
from shop.catalogue.selectors.cards import product_rows
from shop.catalogue.selectors.offers import offers_in_force, offers_of
from shop.partner.models import StockRecord

from .fulltext import Text
from .texts import Said, said, spelt
from .words import fold, words

# Facets of our own: an attribute with such a code is not offered as a facet.
OWN_FACETS = frozenset({"brand", "category"})
FACET_LENGTH = 96
# An attribute whose text is longer describes rather than sorts.
LONGEST_FACET_TEXT = 64
# Part numbers are looked for in all of it: an ink may fit two hundred printers.
LONGEST_LABEL = 10_000


@dataclass(slots=True)
class Listed:
    """One product's part of the tables."""

    product_id: int
    title: str
    tax_class: str
    price_low: Decimal | None
    price_high: Decimal | None
    in_stock: bool
    reduced: bool
    in_offer: bool
    rating: float | None
    released: date
    popularity: int
    category_ids: frozenset[int] = frozenset()
    prices_between: frozenset[Decimal] = frozenset()  # its other home prices
    facets: dict[tuple[str, str], str] = field(default_factory=dict)
    said: Said = field(default_factory=Said)
    text: Text | None = None

    @property
    def short_facets(self) -> dict[tuple[str, str], str]:
        """The facet values that a list may be filtered by, and their labels."""
        return {key: label for key, label in self.facets.items() if key[1] and len(key[1]) <= LONGEST_FACET_TEXT}


def facet_value(text: str) -> str:
    """The form in which a value stands in addresses and is compared: case and spaces do not tell values apart."""
    return " ".join(text.casefold().split())[:FACET_LENGTH]


def listed_ids(product_ids: Iterable[int]) -> set[int]:
    """Of products and variants the ids of the products that a list would show: a variant stands in its parent's row."""
    ids = set(product_ids)
    parents = Product.objects.filter(pk__in=ids, parent__isnull=False).values_list("pk", "parent_id")
    for child, parent in parents:
        ids.discard(child)
        ids.add(parent)
    return ids


class Reader:
    """Reads batches. Keeps what is the same for all of them: the category tree and the attributes' names.

    `with_text` leaves out what only the database's text index wants.
    """

    def __init__(self, *, with_text: bool = True) -> None:
        self._with_text = with_text
        self._paths: dict[str, int] = {}
        self._category_path: dict[int, str] = {}
        self._category_name: dict[int, str] = {}
        for pk, path, name in Category.objects.values_list("pk", "path", "name"):
            self._paths[path] = pk
            self._category_path[pk] = path
            self._category_name[pk] = name
        self._attribute_names: dict[str, str] = {}

    def read(self, product_ids: Sequence[int]) -> list[Listed]:
        """The rows of those of `product_ids` that are public and no variant."""
        products = list(
            Product.objects.filter(pk__in=product_ids, is_public=True).exclude(structure=Product.CHILD).order_by("pk")
        )
        _share(products)
        variants: dict[int, list[Product]] = defaultdict(list)
        for variant in Product.objects.filter(parent__in=products, is_public=True).order_by("pk"):
            variants[variant.parent_id].append(variant)
        parts = {product.pk: [product, *variants[product.pk]] for product in products}
        owner = {part.pk: pk for pk, found in parts.items() for part in found}
        stock = _first_stock_records(owner)
        attributes = _attribute_values(owner)
        self._name({code for found in attributes.values() for code, _value in found})
        categories = self._categories(list(parts))
        sold = units_sold(owner)
        offered = in_offer(list(parts))
        return [
            self._listed(
                product,
                variants[product.pk],
                stock,
                attributes[product.pk],
                categories[product.pk],
                sold.get(product.pk, 0),
                product.pk in offered,
            )
            for product in products
        ]

    def _listed(
        self,
        product: Product,
        variants: list[Product],
        stock: dict[int, StockRecord],
        attributes: dict[tuple[str, str], str],
        category_ids: frozenset[int],
        sold: int,
        in_offer: bool,
    ) -> Listed:
        sellable = variants if product.structure == Product.PARENT else [product]
        tracks = product.product_class is None or product.product_class.track_stock
        priced = [stock[part.pk] for part in sellable if part.pk in stock and stock[part.pk].price is not None]
        buyable = [record for record in priced if not tracks or record.net_stock_level > 0]
        # As on the card: the prices of what can be bought, or of all where nothing can.
        prices = {record.price for record in buyable or priced}
        ends = {min(prices), max(prices)} if prices else set()
        shelves, deepest = self._shelves(category_ids, product.brand.name if product.brand else "")
        facets = {key: label[:FACET_LENGTH] for key, label in attributes.items()}
        lists = tuple(label for label in attributes.values() if len(label) > FACET_LENGTH)
        words_of = said(product, variants, stock, facets, self._attribute_names, shelves, deepest, lists)
        values = dict(facets)
        if product.brand:
            facets["brand", product.brand.slug[:FACET_LENGTH]] = product.brand.name[:FACET_LENGTH]
        return Listed(
            product_id=product.pk,
            title=product.title,
            tax_class=product.tax_class,
            price_low=min(ends, default=None),
            price_high=max(ends, default=None),
            in_stock=bool(buyable),
            reduced=any(
                record.compare_at_price and record.compare_at_price > record.price for record in buyable or priced
            ),
            in_offer=in_offer,
            rating=product.rating,
            released=product.released_on or product.date_created.date(),
            popularity=sold,
            category_ids=category_ids,
            prices_between=frozenset(prices - ends),
            facets=facets,
            said=words_of,
            text=spelt(product.pk, words_of, values) if self._with_text else None,
        )

    def _name(self, codes: set[str]) -> None:
        """Know what attributes of these codes are called; of several with one code the oldest counts."""
        missing = codes - self._attribute_names.keys()
        if not missing:
            return
        names = get_model("catalogue", "ProductAttribute").objects.filter(code__in=missing).order_by("pk")
        for code, name in names.values_list("code", "name"):
            self._attribute_names.setdefault(code, name)

    def _shelves(self, category_ids: frozenset[int], brand: str) -> tuple[list[str], list[int]]:
        """The categories' names, and those of them that no other one lies below. Both in the tree's order.

        A category that is called as the product's brand is no sort of thing: it is among the names alone.
        """
        paths = sorted((self._category_path[pk], pk) for pk in category_ids)
        deepest = [
            pk
            for number, (path, pk) in enumerate(paths)
            if (number + 1 == len(paths) or not paths[number + 1][0].startswith(path))
            and words(self._category_name[pk]) != words(brand)
        ]
        return [self._category_name[pk] for _path, pk in paths], deepest

    def _categories(self, product_ids: list[int]) -> dict[int, frozenset[int]]:
        """Each product's categories with all above them."""
        through = Product.categories.through
        found: dict[int, set[int]] = defaultdict(set)
        for product_id, category_id in through.objects.filter(product_id__in=product_ids).values_list(
            "product_id", "category_id"
        ):
            path = self._category_path.get(category_id, "")
            for end in range(Category.steplen, len(path) + 1, Category.steplen):
                if ancestor := self._paths.get(path[:end]):
                    found[product_id].add(ancestor)
        return defaultdict(frozenset, {pk: frozenset(ids) for pk, ids in found.items()})


def _share(products: Sequence[Product]) -> None:
    """Give products their brands and types, each read once: a join would make a copy for every product."""
    brands = Brand.objects.in_bulk({product.brand_id for product in products if product.brand_id})
    type_ids = {product.product_class_id for product in products if product.product_class_id}
    types = get_model("catalogue", "ProductClass").objects.in_bulk(type_ids)
    for product in products:
        product.brand = brands.get(product.brand_id)
        product.product_class = types.get(product.product_class_id)


def in_offer(product_ids: Sequence[int]) -> set[int]:
    """Of these products those that a site offer takes something off now: what their cards say."""
    if not offers_in_force().exists():
        return set()
    rows = product_rows(product_ids)
    return {pk for pk, names in offers_of([rows[pk] for pk in product_ids if pk in rows]).items() if names}


def units_sold(owner: dict[int, int] | None = None) -> dict[int, int]:
    """How many of each product orders hold, variants counted with their parents; of all, or of the parts in `owner`."""
    lines = get_model("order", "Line").objects.exclude(order__status="cancelled").exclude(product=None)
    if owner is not None:
        lines = lines.filter(product_id__in=list(owner))
    found: dict[int, int] = defaultdict(int)
    for product_id, parent_id, units in (
        lines.values("product_id", parent=F("product__parent_id"))
        .annotate(units=Sum("quantity"))
        .values_list("product_id", "parent", "units")
        .order_by()
    ):
        found[parent_id or product_id] += units
    return found


def _first_stock_records(owner: dict[int, int]) -> dict[int, StockRecord]:
    """The record that prices come from: a product's first in the shop's currency."""
    found: dict[int, StockRecord] = {}
    for record in StockRecord.objects.filter(
        product_id__in=list(owner), price_currency=settings.SHOP_CURRENCY
    ).order_by("pk"):
        found.setdefault(record.product_id, record)
    return found


def _attribute_values(owner: dict[int, int]) -> dict[int, dict[tuple[str, str], str]]:
    """By product: (attribute's code, value) and the value's label, a parent's together with its variants'."""
    model = get_model("catalogue", "ProductAttributeValue")
    found: dict[int, dict[tuple[str, str], str]] = defaultdict(dict)
    kinds = ("text", "integer", "boolean", "float", "option", "multi_option")
    held = model.objects.filter(product_id__in=list(owner), attribute__type__in=kinds).exclude(
        attribute__code__in=OWN_FACETS
    )
    columns = ("value_text", "value_integer", "value_float", "value_boolean", "value_option__option")
    for product_id, code, *values in (
        held.filter(~Q(attribute__type="multi_option"))
        .values_list("product_id", "attribute__code", *columns)
        .order_by("pk")
    ):
        value = next((value for value in values if value is not None and value != ""), None)
        if value is not None:
            label = _label(value)
            found[owner[product_id]].setdefault((code, facet_value(label)), label[:LONGEST_LABEL])
    for product_id, code, label in (
        held.filter(attribute__type="multi_option", value_multi_option__isnull=False)
        .values_list("product_id", "attribute__code", "value_multi_option__option")
        .order_by("pk")
    ):
        found[owner[product_id]].setdefault((code, facet_value(label)), label[:LONGEST_LABEL])
    return found


def _label(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return " ".join(str(value).split())


def digest(row: Listed) -> str:
    """A short text that stays the same as long as words, categories and facet values do."""
    parts = (row.title, row.tax_class, sorted(row.category_ids), sorted(row.facets.items()), row.said)
    return hashlib.md5(repr(parts).encode(), usedforsecurity=False).hexdigest()


def columns(row: Listed) -> tuple[Any, ...]:
    """The values of ROW_FIELDS, which are all but the version."""
    title_words = f" {' '.join(words(row.title))} "[:600]
    return (
        row.product_id,
        row.title[:255],
        title_words,
        fold(row.title)[:255],
        row.tax_class,
        row.price_low,
        row.price_high,
        row.in_stock,
        row.reduced,
        row.in_offer,
        row.rating,
        row.released,
        row.popularity,
        digest(row),
    )


ROW_FIELDS = (
    "product_id",
    "title",
    "title_words",
    "title_sort",
    "tax_class",
    "price_low",
    "price_high",
    "in_stock",
    "reduced",
    "in_offer",
    "rating",
    "released",
    "popularity",
    "digest",
)
