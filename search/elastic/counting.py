"""How many products a list has, what they cost and what each facet value would leave: aggregations, and reading them.

The numbers mean what search/counts.py says they mean, so that a page looks the same whichever engine answers.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from oscar.core.loading import get_model

from search import histogram, prices, shelves
from search.counts import Counted, Found
from search.types import ListingQuery
from shop.kept import Kept

from .conditions import Clause, Conditions, all_of, minor
from .mapping import PART

# So many values are counted of all facets together, and of one whose values are asked for in full.
MOST_VALUES, ALL_VALUES = 1000, 2000
# The commonest attributes of a result that are looked at; up to six of them are offered.
LOOKED_AT = 14
# Codes are named in a pattern, and Elasticsearch takes one of up to 1,000 characters.
LONGEST_PATTERN = 900
KEPT = Kept("search:attributes", seconds=300)
# What may mean something in a pattern of Elasticsearch's.
_SPECIAL = re.compile(r"[^A-Za-z0-9_]")


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
    """What facets are counted of: the attributes that may be offered, and the categories right below.

    `numbers`: how many products have each of the attributes, where these are only candidates; None where they are those
    that are offered.
    """

    codes: Sequence[str]
    categories: Mapping[str, str]  # id as text: name
    numbers: Mapping[str, int] | None = None


def facets(
    query: ListingQuery, conditions: Conditions, scope: Scope, edges: Sequence[Decimal], factors: prices.Factors
) -> dict[str, Clause]:
    """Aggregations for every facet, each without its own filter, and for the bars of the price slider."""
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
    codes = _shown(query, scope.codes)
    # What nobody filters by is counted with the same filters: in one go.
    apart = [code for code in codes if code in query.facets or code in query.all_values]
    wanted |= choices([code for code in codes if code not in apart], conditions.filters())
    for place, code in enumerate(apart):
        size = ALL_VALUES if code in query.all_values else MOST_VALUES
        wanted |= choices([code], conditions.filters(code), size=size, name=f"apart{place}")
    if len(edges) > 1:
        classes = list(factors) or [""]
        for tax_class in classes:
            wanted[f"bars.{tax_class}"] = _bars(conditions, edges, tax_class, factors)
    return wanted


def _shown(query: ListingQuery, codes: Sequence[str]) -> list[str]:
    """The brand, these attributes, and those that somebody filters by though they are not offered."""
    return list(dict.fromkeys(["brand", *codes, *(code for code in query.facets if code != "category")]))


def choices(
    codes: Sequence[str], filters: list[Clause], *, size: int = MOST_VALUES, name: str = "together"
) -> dict[str, Clause]:
    """Aggregations that count the values of these facets: one, or several where the codes are very long."""
    groups: list[list[str]] = []
    for code in codes:
        pattern = _SPECIAL.sub(r"\\\g<0>", code)
        if not groups or len("|".join([*groups[-1], pattern])) > LONGEST_PATTERN:
            groups.append([])
        groups[-1].append(pattern)
    return {
        f"facets.{name}.{place}": _filtered(
            filters, {"field": "choices", "size": size, "include": f"({'|'.join(group)}){PART}.*"}
        )
        for place, group in enumerate(groups)
    }


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
) -> tuple[str, ...]:
    """Put the answer to `facets` into `counted`, with the names that a page shows. Returns the attributes that are offered."""
    found = answer["aggregations"]
    categories = found["category"]["values"]["buckets"] if "category" in found else []
    held = read_choices(found)
    codes = scope.codes if scope.numbers is None else offered(scope.numbers, held)
    shown = _shown(query, codes)
    counted.names = _names([code for code in shown if code != "brand"])
    counted.values = {
        "category": _ranked(
            {str(bucket["key"]): (scope.categories[str(bucket["key"])], bucket["doc_count"]) for bucket in categories}
        )
    } | {code: _ranked(held[code].values if code in held else {}) for code in shown}
    if len(edges) > 1:
        counted.histogram = _histogram(found, edges)
    return tuple(codes)


@dataclass(slots=True)
class Values:
    """What was counted of one facet: its values, of those that so many or more products have. `least` is 0 where all are there."""

    values: Found = field(default_factory=dict)
    least: int = 0

    def different(self, number: int) -> int:
        """How many values there are where `number` products have one: what was left out is as common as the rarest, or rarer."""
        missing = number - sum(held for _label, held in self.values.values())
        return len(self.values) + (-(-missing // self.least) if self.least and missing > 0 else 0)


def read_choices(found: Mapping[str, Any]) -> dict[str, Values]:
    """What aggregations by `choices` have counted, by code."""
    held: dict[str, Values] = {}
    for name, answer in found.items():
        if not name.startswith("facets."):
            continue
        buckets = answer["values"]["buckets"]
        least = buckets[-1]["doc_count"] if answer["values"]["sum_other_doc_count"] else 0
        for bucket in buckets:
            code, value, label = bucket["key"].split(PART, 2)
            values = held.setdefault(code, Values(least=least)).values
            # A product says a value once. Capitals sort first: of "Black" and "black" the former.
            known, number = values.get(value, (label, 0))
            values[value] = (min(label, known), number + bucket["doc_count"])
    return held


def offered(numbers: Mapping[str, int], held: Mapping[str, Values]) -> list[str]:
    """Of the candidates, with how many products have them, up to six that sort the result, by the rule of search/shelves.py."""
    ranked = sorted(numbers, key=lambda code: (-numbers[code], code))
    fitting = [
        code
        for code in ranked
        if code in held and shelves.tells_apart(numbers[code], different=held[code].different(numbers[code]))
    ]
    return fitting[: shelves.ATTRIBUTES]


def _ranked(found: Found) -> Found:
    return dict(sorted(found.items(), key=lambda item: (-item[1][1], item[1][0].casefold(), item[0])))


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
