"""A list's conditions as Elasticsearch filters, by what set them, so that a facet can be counted without its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from search import prices
from search.types import NEW_DAYS, Guidance, Kind, ListingQuery

Clause = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Conditions:
    """`scope` is what is asked of without any filter; `hidden` is what is never shown."""

    scope: list[Clause] = field(default_factory=list)
    hidden: list[Clause] = field(default_factory=list)
    switches: list[Clause] = field(default_factory=list)
    price: list[Clause] = field(default_factory=list)
    facets: dict[str, Clause] = field(default_factory=dict)

    def filters(self, left_out: str = "") -> list[Clause]:
        """Every filter but that of the facet `left_out` ("price" for the price)."""
        held = [*self.switches]
        if left_out != "price":
            held += self.price
        return held + [clause for code, clause in self.facets.items() if code != left_out]


def conditions(query: ListingQuery, factors: prices.Factors, guidance: Guidance) -> Conditions:
    """What `query` and the guidance ask of a product, besides its words."""
    scope: list[Clause] = []
    if query.category_id is not None:
        scope.append({"term": {"categories": query.category_id}})
    if query.ids is not None:
        scope.append({"terms": {"id": list(query.ids)}})
    hidden = [fits(group.kind, group.value) for group in guidance.hidden_groups]
    if guidance.hidden:
        hidden.append({"terms": {"id": sorted(guidance.hidden)}})
    switches: list[Clause] = []
    if query.in_stock:
        switches.append({"term": {"in_stock": True}})
    if query.on_sale:
        switches.append(any_of([{"term": {"reduced": True}}, {"term": {"in_offer": True}}]))
    if query.new:
        since = timezone.localdate() - timedelta(days=NEW_DAYS)
        switches.append({"range": {"released": {"gte": since.isoformat()}}})
    return Conditions(
        scope=scope,
        hidden=hidden,
        switches=switches,
        price=_price(query, factors),
        facets={code: _chosen(code, values) for code, values in query.facets.items() if values},
    )


def any_of(clauses: Iterable[Clause]) -> Clause:
    """One of these holds."""
    return {"bool": {"should": list(clauses), "minimum_should_match": 1}}


def all_of(clauses: Iterable[Clause]) -> Clause:
    """All of these hold; everything where there are none."""
    held = list(clauses)
    return {"bool": {"filter": held}} if held else {"match_all": {}}


def fits(kind: Kind, value: str) -> Clause:
    """Products that are this one, of this brand, in this category or below it, or have this attribute's value."""
    if kind == "product":
        return {"term": {"id": _number(value)}}
    if kind == "category":
        return {"term": {"categories": _number(value)}}
    code, held = ("brand", value) if kind == "brand" else value.partition("=")[::2]
    return {"term": {facet_field(code): held}}


def facet_field(code: str) -> str:
    """The field of a facet's values: a key of the flattened field."""
    return f"facets.{code}"


def _number(value: str) -> int:
    return int(value) if value.isdecimal() and len(value) < 18 else 0


def _chosen(code: str, values: tuple[str, ...]) -> Clause:
    if code == "category":
        return {"terms": {"categories": [_number(value) for value in values]}}
    return {"terms": {facet_field(code): list(values)}}


def _price(query: ListingQuery, factors: prices.Factors) -> list[Clause]:
    """A variant's price in the range that is asked for, in the market's currency with its tax, held to home prices."""
    low, high = query.price_min, query.price_max
    if low is None and high is None:
        return []
    if not factors:
        return [_between(prices.home_bound(low), prices.home_bound(high, above=True))]
    clauses = []
    for tax_class, ratio in factors.items():
        between = _between(prices.home_bound(low, ratio), prices.home_bound(high, ratio, above=True))
        clauses.append({"bool": {"filter": [{"term": {"tax_class": tax_class}}, between]}})
    return [any_of(clauses)]


def _between(low: Decimal | None, under: Decimal | None) -> Clause:
    bounds = {}
    if low is not None:
        bounds["gte"] = minor(low)
    if under is not None:
        bounds["lt"] = minor(under)
    return {"range": {"prices": bounds}}


def minor(amount: Decimal) -> int:
    """Whole hundredths: what the index holds prices in."""
    return int(amount * 100)
