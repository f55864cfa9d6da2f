"""Pinned products: each stands once, none is lost, whatever the places, the pages and what is sold out."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from search.pins import places, settle, window

PINS = st.lists(st.tuples(st.integers(1, 60), st.integers(1000, 1030)), max_size=12)


def pages(pins: tuple[tuple[int, int], ...], others: list[int], size: int) -> list[int]:
    """Every page of the list, one after the other, as an engine makes them."""
    placed = places(pins, len(others))
    shown: list[int] = []
    for page in range(1, len(others) + len(pins) + 2):
        part = window(placed, page=page, page_size=size)
        shown += part.join(others[part.start : part.start + part.size])
    return shown


@given(pins=PINS)
def test_a_product_has_one_place_and_a_place_one_product(pins: list[tuple[int, int]]) -> None:
    settled = settle(pins)
    assert len({place for place, _product in settled}) == len(settled)
    assert {product for _place, product in settled} == {product for _place, product in pins}
    assert list(settled) == sorted(settled)


@given(pins=PINS, others=st.integers(0, 80), size=st.integers(1, 30))
def test_no_page_repeats_or_loses_a_product(pins: list[tuple[int, int]], others: int, size: int) -> None:
    settled = settle(pins)
    shown = pages(settled, list(range(others)), size)
    assert len(shown) == len(set(shown)) == others + len(settled)
    assert [product for product in shown if product < 1000] == list(range(others))


@given(pins=PINS, others=st.integers(0, 80), size=st.integers(1, 30))
def test_a_pin_stands_at_its_place_where_the_list_is_long_enough(
    pins: list[tuple[int, int]], others: int, size: int
) -> None:
    settled = settle(pins)
    shown = pages(settled, list(range(others)), size)
    for place, product in settled:
        if place <= others:
            assert shown[place - 1] == product
        else:
            assert shown.index(product) < place


def test_the_first_rule_has_the_place_and_a_later_one_the_next() -> None:
    assert settle([(2, 7), (2, 8), (1, 7), (0, 9), (3, 10)]) == ((2, 7), (3, 8), (4, 10))
    assert places(((1, 7), (40, 8)), 2) == ((1, 7), (4, 8))
