"""Facet counts against counting by hand, on small catalogues that hypothesis makes up."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from search import operations
from search.selectors import find_products
from search.types import ListingQuery
from shop.catalogue.models import Product
from tests.factories import make_category, make_market, make_product
from tests.integration.search.conftest import bring_up_to_date

BRANDS = ("ash", "birch", "cedar")
SHELVES = ("table", "floor", "wall")
FACETS = {"glaze": ("rust", "fern", "night"), "care": ("wash", "wipe")}
# Attributes of yes or no, which a page puts in one list.
FEATURES = {"oven": ("true", "false"), "freezer": ("true", "false")}
ATTRIBUTES = {**FACETS, **FEATURES}

things = st.fixed_dictionaries(
    {
        "brand": st.sampled_from(BRANDS),
        "shelf": st.sampled_from(SHELVES),
        "stock": st.integers(min_value=0, max_value=1),
        # One set of values for a standalone product, several for one with variants.
        "parts": st.lists(
            st.fixed_dictionaries(
                {code: st.sampled_from((None, *values)) for code, values in ATTRIBUTES.items()}
                | {"price": st.integers(min_value=1, max_value=6)}
            ),
            min_size=1,
            max_size=4,
        ),
    }
)
questions = st.fixed_dictionaries(
    {
        "brand": st.sets(st.sampled_from(BRANDS), max_size=2),
        "category": st.sets(st.sampled_from(SHELVES), max_size=2),
        **{code: st.sets(st.sampled_from(values), max_size=2) for code, values in FACETS.items()},
        **{code: st.sets(st.just("true")) for code in FEATURES},
        "price_min": st.none() | st.integers(min_value=1, max_value=5),
        "price_max": st.none() | st.integers(min_value=2, max_value=6),
        "in_stock": st.booleans(),
    }
)


def values_of(thing: dict[str, Any], code: str) -> set[str]:
    """What a thing says of a facet."""
    if code == "brand":
        return {thing["brand"]}
    if code == "category":
        return {thing["shelf"]}
    return {part[code] for part in thing["parts"] if part[code]}


def fits(thing: dict[str, Any], question: dict[str, Any], *, but: str = "") -> bool:
    """Whether a thing answers, by the rules as the visitor understands them."""
    for code in ("brand", "category", *ATTRIBUTES):
        if code != but and question[code] and not question[code] & values_of(thing, code):
            return False
    low, high = question["price_min"] or 0, question["price_max"] or 99
    if but != "price" and not any(low <= part["price"] <= high for part in thing["parts"]):
        return False
    return bool(not question["in_stock"] or thing["stock"])


class CountsAreRight(TestCase):
    """One property."""

    @given(catalogue=st.lists(things, max_size=8), question=questions)
    @settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
    def test_every_count_is_what_counting_by_hand_gives(
        self, catalogue: list[dict[str, Any]], question: dict[str, Any]
    ) -> None:
        cache.clear()
        Product.objects.all().delete()
        shelves = {name: make_category(f"Home > {name}") for name in SHELVES}
        ids = [self.make(thing) for thing in catalogue]
        bring_up_to_date()
        query = ListingQuery(
            category_id=make_category("Home").pk,
            facets={
                code: tuple(str(shelves[value].pk) if code == "category" else value for value in question[code])
                for code in ("brand", "category", *ATTRIBUTES)
                if question[code]
            },
            price_min=None if question["price_min"] is None else Decimal(question["price_min"]),
            price_max=None if question["price_max"] is None else Decimal(question["price_max"]),
            in_stock=question["in_stock"],
        )
        result = find_products(query, market=make_market())

        expected = {pk for pk, thing in zip(ids, catalogue, strict=True) if fits(thing, question)}
        assert set(result.ids) == expected
        assert result.total == len(expected)
        for facet in result.facets:
            left = [thing for thing in catalogue if fits(thing, question, but=facet.code)]
            for value in facet.values:
                name = value.value
                if facet.code == "category":
                    name = next((name for name, shelf in shelves.items() if str(shelf.pk) == value.value), "")
                by_hand = sum(name in values_of(thing, facet.code) for thing in left)
                assert value.count == by_hand, (facet.code, value)
                assert value.count or value.selected
        for facet in result.facets:
            # An answer that nobody chose a no in is one line of the features.
            assert facet.is_feature == (facet.code in FEATURES), facet
        lowest = [
            min(part["price"] for part in thing["parts"]) for thing in catalogue if fits(thing, question, but="price")
        ]
        for low, high, count in result.histogram:
            last = high == result.histogram[-1][1]
            assert count == sum(low <= price < high or (last and price == high) for price in lowest), (low, high)
        if len(set(lowest)) > 1:
            assert sum(count for _low, _high, count in result.histogram) == len(lowest)
        shown = {facet.code for facet in result.facets}
        assert {code for code in ("brand", *ATTRIBUTES) if question[code]} <= shown

    def make(self, thing: dict[str, Any]) -> int:
        """Put a thing into the shop."""
        parts = [
            {
                "price": part["price"],
                "attributes": {
                    code: part[code] == "true" if code in FEATURES else part[code] for code in ATTRIBUTES if part[code]
                },
            }
            for part in thing["parts"]
        ]
        common = {
            "brand": thing["brand"],
            "categories": [f"Home > {thing['shelf']}"],
            "stock": thing["stock"],
        }
        made = make_product(**parts[0], **common) if len(parts) == 1 else make_product(variants=parts, **common)
        return int(made.pk)


@pytest.mark.elasticsearch
@pytest.mark.usefixtures("elasticsearch")
class CountsOfElasticsearchAreRight(CountsAreRight):
    """The same of the other engine."""


@pytest.mark.django_db
def test_counts_are_kept_until_something_changes(django_assert_num_queries: Any) -> None:
    first = make_product("Mug", brand="ash")
    operations.refresh([first.pk])
    query, market = ListingQuery(), make_market()
    assert find_products(query, market=market).total == 1
    with django_assert_num_queries(1):
        find_products(query, market=market)
    second = make_product("Cup", brand="ash")
    operations.refresh([second.pk])
    assert find_products(query, market=market).total == 2


@pytest.mark.django_db
def test_ten_values_are_shown_and_the_rest_on_request(index: Callable[[], None]) -> None:
    for number in range(13):
        make_product(brand=f"Maker {number:02}")
    index()
    brand = find_products(ListingQuery(), market=make_market()).facets[0]
    assert (brand.code, len(brand.values), brand.more) == ("brand", 10, 3)
    brand = find_products(ListingQuery(facets={"brand": ("maker-12",)}), market=make_market()).facets[0]
    assert [value.value for value in brand.values if value.selected] == ["maker-12"]
    assert (len(brand.values), brand.more) == (11, 2)
    brand = find_products(ListingQuery(all_values=("brand",)), market=make_market()).facets[0]
    assert (len(brand.values), brand.more) == (13, 0)
