"""Which site offers a product is in now, for many products in one query."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, CharField, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Coalesce, Concat, Now
from django.utils.formats import number_format
from django.utils.translation import gettext
from oscar.apps.catalogue.models import ProductCategory
from oscar.core.loading import get_model

from shop.prepared import Prepared

from ..models import TaxClass

# An offer on delivery says nothing about one product, so no card carries its name.
SHIPPING_BENEFITS = ("Shipping absolute", "Shipping fixed", "Shipping percentage")


# Conditions that one product of the range fulfils where they ask for one.
ALONE = ("Count", "Coverage")
# Between the parts of an offer's text: its name, and the per cent that it takes off.
SEPARATOR = "\x1f"


@dataclass(slots=True)
class _Range:
    """What one of Oscar's ranges takes in and leaves out. Categories are treebeard paths and reach downwards."""

    everything: bool = False
    products: set[int] = field(default_factory=set)
    classes: set[int] = field(default_factory=set)
    categories: set[str] = field(default_factory=set)
    without_products: set[int] = field(default_factory=set)
    without_categories: set[str] = field(default_factory=set)

    def covers(self, row: Any, paths: Sequence[str]) -> bool:
        """Whether the range holds a product; a child is judged with its parent, as Oscar does."""
        ids = {row.id, row.canonical}
        if ids & self.without_products:
            return False
        if self.without_categories and any(_below(path, self.without_categories) for path in paths):
            return False
        return (
            self.everything
            or bool(ids & self.products)
            or row.class_id in self.classes
            or (bool(self.categories) and any(_below(path, self.categories) for path in paths))
        )


def _below(path: str, roots: set[str]) -> bool:
    return any(path.startswith(root) for root in roots)


def offers_of(rows: Sequence[Any]) -> dict[int, tuple[str, ...]]:
    """The site offers in force that each row of `selectors.cards.product_rows` falls under, by its id, in words.

    The name, and what the offer brings where it is the same for whoever buys one: prices are without offers, so that
    a visitor would otherwise see a badge beside a full price.

    An offer shows on the products that it makes cheaper: its benefit's range, or its condition's where the benefit
    has none. One query: offers, ranges and the products' categories come as one union.
    """
    offers: list[tuple[int, str, int]] = []
    ranges: dict[int, _Range] = defaultdict(_Range)
    paths: dict[int, list[str]] = defaultdict(list)
    ids = {row.id for row in rows} | {row.canonical for row in rows}
    for kind, key, number, text, rank in NEEDED.run(ids=ids):
        if kind == "offer":
            offers.append((-rank, text, key))
            ranges[key].everything = bool(number)
        elif kind == "path":
            paths[key].append(text)
        elif kind in ("categories", "without_categories"):
            getattr(ranges[key], kind).add(text)
        else:
            getattr(ranges[key], kind).add(number)
    if not offers:
        return {}
    return {
        row.id: tuple(
            _in_words(text)
            for _, text, range_id in sorted(offers)
            if row.discountable
            and row.taxed_as != TaxClass.GIFT_CARD
            and ranges[range_id].covers(row, paths.get(row.canonical, ()))
        )
        for row in rows
    }


def _in_words(text: str) -> str:
    name, percent = text.split(SEPARATOR)
    if not percent:
        return name
    values = {"name": name, "percent": number_format(f"{float(percent):g}")}
    return gettext("%(name)s: %(percent)s%% off") % values


def _what_it_gives() -> Any:
    """The per cent that an offer takes off one product alone; nothing where more has to be bought, or something else."""
    alone = Q(condition__type__in=ALONE, condition__value__lte=1)
    same = Q(benefit__range=None) | Q(benefit__range=F("condition__range"))
    whole = Q(benefit__type="Percentage", benefit__max_affected_items=None)
    return Case(When(alone & same & whole, then=Cast("benefit__value", CharField())), default=Value(""))


def _everything_needed(ids: list[int]) -> QuerySet[Any, Any]:
    """Rows of (kind, range or product, number, text, priority of an offer)."""
    product_range = get_model("offer", "Range")
    in_force = offers_in_force().annotate(range_id=Coalesce("benefit__range_id", "condition__range_id"))
    held = {"range_id__in": in_force.order_by().values("range_id")}
    zero, blank = Value(0, IntegerField()), Value("", CharField())

    def part(
        kind: str, query: Any, key: str, *, number: Any = zero, text: Any = blank, rank: Any = zero
    ) -> QuerySet[Any, Any]:
        return (
            query.order_by()
            .annotate(kind=Value(kind, CharField()), key=F(key), number=number, text=text, rank=rank)
            .values_list("kind", "key", "number", "text", "rank")
        )

    def through(name: str) -> Any:
        return getattr(product_range, name).through.objects.filter(**held)

    return part(
        "offer",
        in_force.exclude(range_id=None),
        "range_id",
        number=Cast(
            Coalesce("benefit__range__includes_all_products", "condition__range__includes_all_products"), IntegerField()
        ),
        text=Concat("name", Value(SEPARATOR), _what_it_gives(), output_field=CharField()),
        rank=F("priority"),
    ).union(
        part("products", through("included_products").filter(product__in=ids), "range_id", number=F("product_id")),
        part(
            "without_products",
            through("excluded_products").filter(product__in=ids),
            "range_id",
            number=F("product_id"),
        ),
        part("classes", through("classes"), "range_id", number=F("productclass_id")),
        part("categories", through("included_categories"), "range_id", text=F("category__path")),
        part("without_categories", through("excluded_categories"), "range_id", text=F("category__path")),
        part("path", ProductCategory.objects.filter(product__in=ids), "product_id", text=F("category__path")),
        all=True,
    )


NEEDED = Prepared(_everything_needed, lists=("ids",))


def offers_in_force() -> QuerySet[Any, Any]:
    """Site offers that are open, within their dates and not about delivery."""
    # The database's clock, so that the query is the same text whenever it is run.
    now = Now()
    return (
        get_model("offer", "ConditionalOffer")
        .objects.filter(
            Q(start_datetime=None) | Q(start_datetime__lte=now),
            Q(end_datetime=None) | Q(end_datetime__gte=now),
            offer_type="Site",
            status="Open",
        )
        .exclude(benefit__type__in=SHIPPING_BENEFITS)
    )
