"""What merchandisers say about a question, on every engine."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.selectors import find_products
from search.types import Boost, Group, Guidance, ListingQuery, ListingResult
from tests.factories import make_category, make_market, make_product

pytestmark = pytest.mark.django_db
Index = Callable[[], None]
POTS = ("Night teapot", "Garden teapot", "Field teapot", "River teapot", "Ember teapot")


@pytest.fixture
def pots(index: Index) -> dict[str, int]:
    """Five teapots of two brands, the last one sold out, and a jug."""
    made = {
        name: make_product(
            name,
            price=f"{20 + number}.00",
            brand="Calder" if number < 2 else "Harrow",
            categories=["Table > Pots"],
            attributes={"Glaze": "Rust" if number == 3 else "Fern"},
            stock=0 if name.startswith("Ember") else 5,
        ).pk
        for number, name in enumerate(POTS)
    }
    made["Field jug"] = make_product("Field jug", categories=["Table > Jugs"], brand="Harrow").pk
    index()
    return made


def ask(guidance: Guidance = Guidance(), text: str = "teapot", **more: Any) -> ListingResult:  # noqa: B008
    return find_products(ListingQuery(text=text, **more), market=make_market(), guidance=guidance)


def test_a_pin_puts_a_product_to_its_place_once(pots: dict[str, int]) -> None:
    before = ask()
    last = before.ids[-1]
    pinned = pots["River teapot"]
    after = ask(Guidance(pins=((2, pinned),)))
    assert after.ids[1] == pinned and after.total == before.total == 5
    assert sorted(after.ids) == sorted(before.ids) and last in after.ids


def test_a_pinned_product_needs_not_have_the_words(pots: dict[str, int]) -> None:
    after = ask(Guidance(pins=((1, pots["Field jug"]),)))
    assert after.ids[0] == pots["Field jug"] and after.total == 6
    brand = next(facet for facet in after.facets if facet.code == "brand")
    assert {value.label: value.count for value in brand.values} == {"Harrow": 4, "Calder": 2}
    # Where no product has the words at all, it is what there is.
    found = ask(Guidance(pins=((1, pots["Field jug"]),)), text="xyzzy")
    assert (found.ids, found.total) == ((pots["Field jug"],), 1)


def test_sold_out_gone_and_hidden_pins_step_aside(pots: dict[str, int]) -> None:
    guidance = Guidance(
        pins=((1, pots["Ember teapot"]), (2, 999_999), (3, pots["Night teapot"]), (4, pots["Field jug"])),
        hidden=frozenset({pots["Night teapot"]}),
    )
    found = ask(guidance)
    assert found.ids[3] == pots["Field jug"] and pots["Night teapot"] not in found.ids
    assert pots["Ember teapot"] in found.ids and found.ids[0] != pots["Ember teapot"]
    assert found.total == len(found.ids) == 5


def test_filters_hold_for_pinned_products(pots: dict[str, int]) -> None:
    guidance = Guidance(pins=((1, pots["Night teapot"]), (2, pots["River teapot"])))
    found = ask(guidance, facets={"brand": ("harrow",)})
    assert pots["Night teapot"] not in found.ids and found.ids[1] == pots["River teapot"]
    assert found.total == 3
    brand = next(facet for facet in found.facets if facet.code == "brand")
    assert {value.label: value.count for value in brand.values} == {"Harrow": 3, "Calder": 2}
    assert ask(guidance, price_max=Decimal("20.50")).ids == (pots["Night teapot"],)


def test_an_order_that_the_shopper_chose_is_left_alone(pots: dict[str, int]) -> None:
    guidance = Guidance(
        pins=((1, pots["Ember teapot"]), (2, pots["Field jug"])),
        boosts=(Boost("product", str(pots["River teapot"]), 5),),
        hidden=frozenset({pots["Garden teapot"]}),
    )
    prices = ask(guidance, sort="-price")
    assert prices.ids == tuple(pots[name] for name in ("Ember teapot", "River teapot", "Field teapot", "Night teapot"))


@pytest.mark.parametrize(
    "group",
    [Group("brand", "calder"), Group("attribute", "glaze=fern"), Group("category", "POTS"), Group("product", "")],
)
def test_a_group_of_products_is_hidden(pots: dict[str, int], group: Group) -> None:
    value = str(make_category("Table > Pots").pk) if group.kind == "category" else group.value
    found = ask(Guidance(hidden_groups=(Group(group.kind, value),)))
    left = {"brand": 3, "attribute": 1, "category": 0, "product": 5}[group.kind]
    assert found.total == len(found.ids) == left


def test_boosts_move_up_and_down_and_leave_the_rest_as_it_is(pots: dict[str, int]) -> None:
    before = ask().ids
    last, first = before[-1], before[0]
    up = ask(Guidance(boosts=(Boost("product", str(last), 1.5),))).ids
    assert up == (last, *before[:-1])
    down = ask(Guidance(boosts=(Boost("product", str(first), 0.5),))).ids
    assert down == (*before[1:], first)
    brand = ask(Guidance(boosts=(Boost("brand", "harrow", 1.5), Boost("attribute", "glaze=rust", 1.2)))).ids
    assert brand[0] == pots["River teapot"] and set(brand[1:3]) == {pots["Field teapot"], pots["Ember teapot"]}


def test_boosts_in_a_category_keep_sold_out_products_behind(pots: dict[str, int]) -> None:
    category = make_category("Table > Pots").pk
    ember, river = pots["Ember teapot"], pots["River teapot"]
    guidance = Guidance(boosts=(Boost("product", str(ember), 9), Boost("product", str(river), 2)))
    found = ask(guidance, text="", category_id=category)
    assert found.ids[0] == river and found.ids[-1] == ember


def test_other_phrasings_are_asked_for_as_well(index: Index, pots: dict[str, int]) -> None:
    kettle = make_product("Garden kettle", brand="Calder").pk
    make_product("Kettle lid")
    index()
    found = ask(Guidance(also=(("teapot", "kettle", "tea urn"),)), text="garden teapots")
    assert set(found.ids) == {pots["Garden teapot"], kettle} and found.total == 2 and not found.relaxed


@pytest.mark.parametrize("engine", ["database"], indirect=True)
def test_no_guidance_costs_no_query_and_pins_cost_one(pots: dict[str, int], django_assert_num_queries: Any) -> None:
    pins = Guidance(pins=((1, pots["River teapot"]), (3, pots["Field jug"])), boosts=(Boost("brand", "calder", 2),))
    ask(page_size=2)
    ask(pins, page_size=2)
    with django_assert_num_queries(2) as plain:
        ask(page_size=2)
    with django_assert_num_queries(len(plain) + 1):
        ask(pins, page_size=2)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_pages_never_repeat_or_lose_a_product(pots: dict[str, int], data: st.DataObject) -> None:
    names = data.draw(st.lists(st.sampled_from(sorted(pots)), unique=True, max_size=4))
    guidance = Guidance(
        pins=tuple((data.draw(st.integers(1, 9)), pots[name]) for name in names),
        boosts=(Boost("brand", "harrow", data.draw(st.sampled_from([0.5, 1.5, 3.0]))),),
        hidden=frozenset(pots[name] for name in data.draw(st.lists(st.sampled_from(sorted(pots)), max_size=2))),
    )
    size, text = data.draw(st.integers(1, 4)), data.draw(st.sampled_from(["teapot", ""]))
    whole = ask(guidance, text=text, page_size=50, with_facets=False)
    paged: list[int] = []
    for page in range(1, 9):
        part = ask(guidance, text=text, page=page, page_size=size, with_facets=False, with_total=False)
        paged += part.ids
    assert paged == list(whole.ids) and len(set(paged)) == len(paged) == whole.total
