"""How many products a list has, what they cost and what each facet value would leave: aggregations, and reading them.

The numbers mean what search/counts.py says they mean, so that a page looks the same whichever engine answers.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from oscar.core.loading import get_model

from search import histogram, prices, shelves
from search.counts import Counted, Found
from search.types import ListingQuery
from shop.kept import Kept

from .conditions import Clause, Conditions, all_of, minor
from .mapping import LABEL

# So many values of a facet are counted; a page shows ten, and all of them where somebody asks for all.
MOST_VALUES, ALL_VALUES = 200, 2000
# The commonest attributes of a result that are looked at; up to six of them are offered.
LOOKED_AT = 14
KEPT = Kept("search:attributes", seconds=300)


def totals(query: ListingQuery, conditions: Conditions, *, with_codes: bool) -> dict[str, Clause]:
    """Aggregations for the numbers of a whole list: with all filters, with none, and the ends of its prices."""
    wanted: dict[str, Clause] = {"total": {"filter": all_of(conditions.filters())}}
    if conditions.filters():
        wanted["whole"] = {"filter": {"match_all": {}}}
    if query.with_facets:
        wanted["bounds"] = {
            "filter": all_of(conditions.filters("price")),
            "aggs": {
                "classes": {
                    "terms": {"field": "tax_class", "size": 20},
                    "aggs": {"low": {"min": {"field": "price_low"}}, "high": {"max": {"field": "price_high"}}},
                }
            },
        }
    if with_codes:
        wanted["codes"] = {"terms": {"field": "codes", "size": LOOKED_AT}}
    return wanted


def read_totals(counted: Counted, answer: Mapping[str, Any], factors: prices.Factors) -> None:
    """Put the answer to `totals` into `counted`."""
    found = answer["aggregations"]
    counted.total = found["total"]["doc_count"]
    counted.whole = found["whole"]["doc_count"] if "whole" in found else 0
    lows: list[Decimal] = []
    highs: list[Decimal] = []
    for bucket in found["bounds"]["classes"]["buckets"] if "bounds" in found else ():
        for amounts, name in ((lows, "low"), (highs, "high")):
            if bucket[name]["value"] is not None:
                amounts.append(prices.shown(_major(bucket[name]["value"]), bucket["key"], factors))
    counted.price_low, counted.price_high = min(lows, default=None), max(highs, default=None)


@dataclass(frozen=True, slots=True)
class Scope:
    """What facets are counted of: the attributes that may be offered, and the categories right below."""

    codes: Sequence[str]
    categories: Mapping[str, str]  # id as text: name
    chosen_ahead: bool  # the attributes are those that the category offers, and not only candidates


def facets(
    query: ListingQuery, conditions: Conditions, scope: Scope, edges: Sequence[Decimal], factors: prices.Factors
) -> dict[str, Clause]:
    """Aggregations for every facet, each without its own filter, and for the bars of the price slider."""
    chosen = [code for code in query.facets if code not in {"category", "brand"}]
    wanted: dict[str, Clause] = {}
    if scope.categories:
        wanted["category"] = _filtered(
            conditions.filters("category"),
            {
                "field": "categories",
                "size": len(scope.categories),
                "include": [int(pk) for pk in scope.categories],
            },
        )
    for code in dict.fromkeys(["brand", *scope.codes, *chosen]):
        wanted[f"facet.{code}"] = _filtered(conditions.filters(code), _counted(query, code))
    if len(edges) > 1:
        classes = list(factors) or [""]
        for tax_class in classes:
            wanted[f"bars.{tax_class}"] = _bars(conditions, edges, tax_class, factors)
    return wanted


def _counted(query: ListingQuery, code: str) -> dict[str, Any]:
    size = ALL_VALUES if code in query.all_values else MOST_VALUES
    return {"field": f"labels.{code}", "size": size}


def _filtered(filters: list[Clause], terms: dict[str, Any]) -> Clause:
    return {"filter": all_of(filters), "aggs": {"values": {"terms": terms}}}


def _bars(conditions: Conditions, edges: Sequence[Decimal], tax_class: str, factors: prices.Factors) -> Clause:
    filters = conditions.filters("price")
    ratio = factors.get(tax_class)
    if tax_class:
        filters = [*filters, {"term": {"tax_class": tax_class}}]
    ends = [minor(prices.home_bound(edge, ratio) or edge) for edge in edges]
    ranges: list[dict[str, Any]] = [
        {"key": str(place), "from": low, "to": max(low, high)}
        for place, (low, high) in enumerate(itertools.pairwise(ends))
    ]
    # The last bar holds its upper border as well, and the first what is free.
    del ranges[0]["from"], ranges[-1]["to"]
    return {"filter": all_of(filters), "aggs": {"bars": {"range": {"field": "price_low", "ranges": ranges}}}}


def read_facets(
    counted: Counted, answer: Mapping[str, Any], query: ListingQuery, scope: Scope, edges: Sequence[Decimal]
) -> None:
    """Put the answer to `facets` into `counted`, with the names that a page shows."""
    found = answer["aggregations"]
    categories = found["category"]["values"]["buckets"] if "category" in found else []
    held = {name.removeprefix("facet."): _values(found[name]["values"]) for name in found if name.startswith("facet.")}
    chosen = [code for code in query.facets if code in held and code != "brand"]
    offered = list(scope.codes) if scope.chosen_ahead else _offered({code: held[code] for code in scope.codes})
    codes = [code for code in dict.fromkeys(["brand", *offered, *chosen]) if code in held]
    counted.names = _names([code for code in codes if code != "brand"])
    counted.values = {
        "category": _ranked(
            {str(bucket["key"]): (scope.categories[str(bucket["key"])], bucket["doc_count"]) for bucket in categories}
        )
    } | {code: _ranked(held[code].values) for code in codes}
    if len(edges) > 1:
        counted.histogram = _histogram(found, edges)


@dataclass(frozen=True, slots=True)
class Values:
    """What was counted of one facet: its commonest values, and of how many products there are values at all."""

    values: Found
    number: int


def _values(answer: Mapping[str, Any]) -> Values:
    found: Found = {}
    for bucket in answer["buckets"]:
        value, _mark, label = bucket["key"].partition(LABEL)
        # A product says a value once. Capitals sort first: of "Black" and "black" the former.
        known, number = found.get(value, (label, 0))
        found[value] = (min(label, known), number + bucket["doc_count"])
    return Values(found, sum(number for _label, number in found.values()) + answer["sum_other_doc_count"])


def _ranked(found: Found) -> Found:
    return dict(sorted(found.items(), key=lambda item: (-item[1][1], item[1][0].casefold(), item[0])))


def _offered(held: Mapping[str, Values]) -> list[str]:
    """Of the candidates up to six that sort the result, by the rule of search/shelves.py."""
    ranked = sorted(held, key=lambda code: (-held[code].number, code))
    fitting = [code for code in ranked if shelves.tells_apart(held[code].number, different=len(held[code].values))]
    return fitting[: shelves.ATTRIBUTES]


def _names(codes: Sequence[str]) -> dict[str, str]:
    if not codes:
        return {}
    known = KEPT.get("names", _every_name)
    return {code: known.get(code, code) for code in codes}


def _every_name() -> dict[str, str]:
    """What attributes are called, by code; of several of one code the first."""
    return dict(get_model("catalogue", "ProductAttribute").objects.order_by("-pk").values_list("code", "name"))


def _histogram(found: Mapping[str, Any], edges: Sequence[Decimal]) -> tuple[tuple[Decimal, Decimal, int], ...]:
    held = [0] * (len(edges) - 1)
    for name in found:
        if name.startswith("bars."):
            for bucket in found[name]["bars"]["buckets"]:
                held[int(bucket["key"])] += bucket["doc_count"]
    return tuple(zip(edges[:-1], edges[1:], held, strict=True))


def edges(counted: Counted) -> tuple[Decimal, ...]:
    """The borders of the bars for the prices that were found."""
    return histogram.borders(counted.price_low, counted.price_high)


def _major(value: float) -> Decimal:
    return Decimal(round(value)) / 100
