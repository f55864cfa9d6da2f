"""How many products a list has, what they cost, and what each facet value would leave: all in one statement, cached."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.core.cache import cache
from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    Count,
    DecimalField,
    F,
    Max,
    Min,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Round
from django.utils.translation import gettext as _
from oscar.core.loading import get_model

from shop.catalogue.models import Category
from shop.markets import Market

from . import histogram, prices
from .models import ListingCategory, ListingFacet, ListingRow
from .shelves import common_attributes
from .state import State
from .types import NO_GUIDANCE, Facet, FacetValue, Guidance, ListingQuery

if TYPE_CHECKING:
    from .database import Conditions

CACHE_SECONDS = 24 * 3600
SHOWN_VALUES = 10

Found = dict[str, tuple[str, int]]  # by value, the commonest first: its label and number


@dataclass(slots=True)
class Counted:
    """The counts of one question without its page: by facet code, by value, the label and the number."""

    total: int = 0
    whole: int = 0
    price_low: Decimal | None = None
    price_high: Decimal | None = None
    names: dict[str, str] = field(default_factory=dict)
    values: dict[str, Found] = field(default_factory=dict)
    histogram: histogram.Bars = ()


def count(
    query: ListingQuery,
    conditions: Conditions,
    *,
    market: Market,
    state: State,
    factors: prices.Factors,
    guidance: Guidance = NO_GUIDANCE,
) -> Counted:
    """Count, or take what was counted while the tables stood as they stand now. Boosts change no number."""
    guidance = replace(guidance, boosts=())
    key = _key(query, market, state, guidance)
    counted = cache.get(key)
    if counted is None:
        counted = _count(query, conditions, state, factors, guidance)
        cache.set(key, counted, CACHE_SECONDS)
    return counted


def facets(query: ListingQuery, counted: Counted) -> tuple[Facet, ...]:
    """The facets as a page shows them: ten values each, chosen ones always among them."""
    found = []
    labels = _labels_of_none(query, counted)
    for code, values in counted.values.items():
        chosen = query.facets.get(code, ())
        shown = list(values.items() if code in query.all_values else islice(values.items(), SHOWN_VALUES))
        listed = {value for value, _held in shown}
        shown += [
            (value, values.get(value) or (labels.get((code, value), value), 0))
            for value in chosen
            if value not in listed
        ]
        shown = by_number(shown)
        if shown:
            found.append(
                Facet(
                    code=code,
                    name=counted.names.get(code, code),
                    values=tuple(
                        FacetValue(value=value, label=_label(label), count=number, selected=value in chosen)
                        for value, (label, number) in shown
                    ),
                    more=max(0, len(values) - sum(value in values for value, _held in shown)),
                )
            )
    return tuple(found)


Shown = list[tuple[str, tuple[str, int]]]


def by_number(shown: Shown) -> Shown:
    """The values in the order of their numbers where each is one, such as 120, 800, 1000; else as they came."""
    try:
        return sorted(shown, key=lambda item: Decimal(item[1][0]))
    except ArithmeticError:
        return shown


def _labels_of_none(query: ListingQuery, counted: Counted) -> dict[tuple[str, str], str]:
    """What chosen values are called that no product of the list has, by code and value. No query where there are none."""
    missing = [
        (code, value)
        for code, values in query.facets.items()
        for value in values
        if value not in counted.values.get(code, {})
    ]
    if not missing:
        return {}
    codes, values = {code for code, _ in missing}, {value for _, value in missing}
    held = ListingFacet.objects.filter(code__in=codes, value__in=values).order_by().values_list("code", "value")
    labels = {(code, value): label for code, value, label in held.annotate(first=Min("label"))}
    if ids := [int(value) for code, value in missing if code == "category" and value.isdecimal() and len(value) < 18]:
        names = Category.objects.browsable().filter(pk__in=ids).values_list("pk", "name")
        labels |= {("category", str(pk)): name for pk, name in names}
    return labels


def _label(label: str) -> str:
    return {"true": _("Yes"), "false": _("No")}.get(label, label)


def _key(query: ListingQuery, market: Market, state: State, guidance: Guidance) -> str:
    asked = replace(query, page=1, sort="relevance", page_size=0, all_values=())
    facets = sorted((code, sorted(values)) for code, values in query.facets.items() if values)
    text = repr((replace(asked, facets={}), facets, market.country, _named(guidance)))
    return f"search:counts:{state.version}:{hashlib.sha256(text.encode()).hexdigest()}"


def _named(guidance: Guidance) -> tuple[Any, ...]:
    """The guidance as part of a key: the same for the same, in whatever order a set gives its members."""
    return (guidance.pins, sorted(guidance.hidden), guidance.hidden_groups, guidance.also) if guidance else ()


def _count(
    query: ListingQuery, conditions: Conditions, state: State, factors: prices.Factors, guidance: Guidance
) -> Counted:
    rows = ListingRow.objects.filter(conditions.all_but())
    parts = [_totals("total", rows)]
    if conditions.all_but() != conditions.scope:
        parts.append(_totals("whole", ListingRow.objects.filter(conditions.scope)))
    counted = Counted()
    if query.with_facets:
        if conditions.price:
            parts.append(_totals("bounds", ListingRow.objects.filter(conditions.all_but("price"))))
        counted.names = _offered(query, conditions, state, guidance)
        chosen = [code for code in conditions.facets if code != "category"]
        codes = list(dict.fromkeys(["brand", *counted.names, *chosen]))
        counted.values = {code: {} for code in ["category", *codes]}
        parts.append(_prices(ListingRow.objects.filter(conditions.all_but("price"))))
        parts.append(_categories(query, conditions))
        parts.append(_values(rows, [code for code in codes if code not in chosen]))
        parts += [_values(ListingRow.objects.filter(conditions.all_but(code)), [code]) for code in chosen]
        if unnamed := set(chosen) - {"brand", *counted.names}:
            parts.append(_names(unnamed))
    statement = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    bounds: list[tuple[Decimal | None, Decimal | None]] = []
    held: list[tuple[Decimal, int]] = []
    for kind, code, value, label, number, low, high in statement:
        if kind == "value":
            counted.values[code][value] = (label, number)
            continue
        if kind == "price":
            held.append((prices.shown(low, code, factors), number))
            continue
        if kind == "name":
            counted.names[code] = label
            continue
        if kind == "whole":
            counted.whole += number
            continue
        if kind == "total":
            counted.total += number
        if kind == ("bounds" if conditions.price else "total"):
            bounds.append(
                (
                    None if low is None else prices.shown(low, code, factors),
                    None if high is None else prices.shown(high, code, factors),
                )
            )
    for code, found in counted.values.items():
        ranked = sorted(found.items(), key=lambda item: (-item[1][1], item[1][0].casefold(), item[0]))
        counted.values[code] = dict(ranked)
    counted.price_low = min((low for low, _high in bounds if low is not None), default=None)
    counted.price_high = max((high for _low, high in bounds if high is not None), default=None)
    counted.histogram = histogram.bars(histogram.borders(counted.price_low, counted.price_high), held)
    return counted


def _offered(query: ListingQuery, conditions: Conditions, state: State, guidance: Guidance) -> dict[str, str]:
    """Code and name of the attributes to filter by: a category's are chosen ahead, those of words' results now."""
    if not query.text and query.ids is None:
        return dict(state.attributes)
    scope = hashlib.sha256(repr((query.text, query.category_id, query.ids, _named(guidance))).encode()).hexdigest()
    key = f"search:attributes:{state.structure}:{scope}"
    found: dict[str, str] | None = cache.get(key)
    if found is None:
        found = common_attributes(ListingRow.objects.filter(conditions.base))
        cache.set(key, found, CACHE_SECONDS)
    return found


def _names(codes: set[str]) -> QuerySet[Any, Any]:
    """What attributes are called that somebody filters by though they are not offered."""
    nothing = Value(None, output_field=DecimalField(max_digits=12, decimal_places=2))
    blank = Value("", output_field=CharField())
    return (
        get_model("catalogue", "ProductAttribute")
        .objects.filter(code__in=codes)
        .order_by()
        .annotate(kind=Value("name", output_field=CharField()), none=blank, number=Value(0), low=nothing, high=nothing)
        .values_list("kind", "code", "none", "name", "number", "low", "high")
    )


def _totals(kind: str, rows: QuerySet[ListingRow]) -> QuerySet[Any, Any]:
    return (
        rows.order_by()
        .values("tax_class")
        .annotate(
            kind=Value(kind, output_field=CharField()),
            value=Value("", output_field=CharField()),
            shown=Value("", output_field=CharField()),
            number=Count("pk"),
            low=Min("price_low"),
            high=Max("price_high"),
        )
        .values_list("kind", "tax_class", "value", "shown", "number", "low", "high")
    )


def _prices(rows: QuerySet[ListingRow]) -> QuerySet[Any, Any]:
    """How many of `rows` have a lowest price that begins with the same two digits; `low` is the least of these.

    At home that is exact. Another country's tax may move some prices of two digits over a border of the histogram.
    """
    pence = Cast(Round(F("price_low") * 100), BigIntegerField())
    cut = Case(
        *(When(price_low__lt=Decimal(10) ** power, then=Value(10**power)) for power in range(9)),
        default=Value(10**9),
        output_field=BigIntegerField(),
    )
    return (
        rows.filter(price_low__isnull=False)
        .order_by()
        .annotate(digits=Cast(pence - pence % cut, CharField()))
        .values("tax_class", "digits")
        .annotate(
            kind=Value("price", output_field=CharField()),
            shown=Value("", output_field=CharField()),
            number=Count("pk"),
            low=Min("price_low"),
            high=Max("price_low"),
        )
        .values_list("kind", "tax_class", "digits", "shown", "number", "low", "high")
    )


def _values(rows: QuerySet[ListingRow], codes: Iterable[str]) -> QuerySet[Any, Any]:
    """How many of `rows` have each value of the facets `codes`."""
    nothing = Value(None, output_field=DecimalField(max_digits=12, decimal_places=2))
    return (
        ListingFacet.objects.filter(row_id__in=rows.order_by().values("pk"), code__in=list(codes))
        .order_by()
        .values("code", "value")
        .annotate(
            kind=Value("value", output_field=CharField()),
            # Capitals sort first: of "Black" and "black" the former.
            shown=Min("label"),
            number=Count("row_id"),
            low=nothing,
            high=nothing,
        )
        .values_list("kind", "code", "value", "shown", "number", "low", "high")
    )


def _categories(query: ListingQuery, conditions: Conditions) -> QuerySet[Any, Any]:
    """How many products the categories below the present one have; the top ones where there is none."""
    below = Category.objects.browsable()
    if query.category_id is None:
        below = below.filter(depth=1)
    else:
        here = Category.objects.filter(pk=query.category_id)
        below = below.filter(depth=Subquery(here.values("depth")) + 1, path__startswith=Subquery(here.values("path")))
    nothing = Value(None, output_field=DecimalField(max_digits=12, decimal_places=2))
    rows = ListingRow.objects.filter(conditions.all_but("category"))
    return (
        ListingCategory.objects.filter(category__in=below.order_by(), row_id__in=rows.order_by().values("pk"))
        .order_by()
        .values("category_id", "category__name")
        .annotate(
            kind=Value("value", output_field=CharField()),
            code=Value("category", output_field=CharField()),
            value=Cast("category_id", CharField()),
            number=Count("row_id"),
            low=nothing,
            high=nothing,
        )
        .values_list("kind", "code", "value", "category__name", "number", "low", "high")
    )
