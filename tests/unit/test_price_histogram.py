"""Borders of the price histogram: round, few, and around everything."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.histogram import MOST_BARS, bars, borders

prices = st.decimals(min_value="0.01", max_value="9999999999.99", places=2)


@pytest.mark.parametrize(
    ("low", "high", "edges"),
    [
        ("18", "84", "15 20 25 30 35 40 45 50 55 60 65 70 75 80 85"),
        ("5", "3000", "5 7 10 15 20 30 40 50 70 100 150 200 300 400 500 700 1000 1500 2000 3000"),
        ("2.10", "240", "2 3 4 5 7 10 15 20 30 40 50 70 100 150 200 300"),
        ("12", "14", "12 13 14"),
        ("0.20", "0.24", "0.2 0.21 0.22 0.23 0.24"),
        ("100", "101", ""),
        ("5", "5", ""),
    ],
)
def test_borders_are_round_amounts(low: str, high: str, edges: str) -> None:
    assert borders(Decimal(low), Decimal(high)) == tuple(Decimal(edge) for edge in edges.split())


def test_no_prices_have_no_borders() -> None:
    assert borders(None, None) == ()
    assert bars((), [(Decimal(1), 1)]) == ()


@given(st.tuples(prices, prices).map(sorted))
def test_borders_hold_every_price_and_are_few(ends: list[Decimal]) -> None:
    low, high = ends
    edges = borders(low, high)
    if not edges:
        # Only prices that are nearly the same have none.
        assert high <= low * 2
        return
    assert len(edges) - 1 <= MOST_BARS
    assert edges[0] <= max(low, high / 10_000)
    assert edges[-2] < high <= edges[-1]
    assert list(edges) == sorted(set(edges))
    # Two digits that count, as the grouping in the database has it.
    assert all(len(edge.normalize().as_tuple().digits) <= 2 for edge in edges)


def test_each_price_counts_in_one_bar() -> None:
    edges = borders(Decimal(18), Decimal(84))
    held = bars(edges, [(Decimal(18), 2), (Decimal("19.99"), 1), (Decimal(20), 4), (Decimal(84), 1), (Decimal(500), 1)])
    assert held[0] == (Decimal(15), Decimal(20), 3)
    assert held[1] == (Decimal(20), Decimal(25), 4)
    assert held[-1] == (Decimal(80), Decimal(85), 2)
    assert sum(count for _low, _high, count in held) == 9
