"""The borders of a price histogram: round amounts, close together where prices are low, whatever the engine."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

# The most bars that a column of filters has room for.
MOST_BARS = 20
# Up to this ratio of the highest to the lowest price every bar is as wide as the next.
EVEN = 8
STEPS = (Decimal("1"), Decimal("2"), Decimal("2.5"), Decimal("5"))
# What a decade is divided into where prices spread over several: the more decades, the fewer.
DECADES = tuple(
    tuple(Decimal(part) for part in parts.split())
    for parts in ("1 1.2 1.5 2 2.5 3 4 5 6 8", "1 1.5 2 3 4 5 7", "1 1.5 2 3 5 7", "1 2 3 5", "1 2 5", "1 3", "1")
)
SMALLEST = Decimal("0.01")
CHEAPEST = 10_000


def borders(low: Decimal | None, high: Decimal | None) -> tuple[Decimal, ...]:
    """Round amounts from `low` or less to `high` or more, at most 21 of them; none where there is nothing to choose.

    A bar holds what costs its lower border or more and less than its upper one, the last one its upper border as well.
    """
    if low is None or high is None or low < 0 or high <= low:
        return ()
    # Something that is free must not take half of the bars.
    low = max(low, SMALLEST, high / CHEAPEST)
    if high <= low * EVEN:
        return _even(low, high)
    return _spread(low, high)


def bars(
    edges: tuple[Decimal, ...], prices: Iterable[tuple[Decimal, int]]
) -> tuple[tuple[Decimal, Decimal, int], ...]:
    """Put each price with its number of products between its borders; what is outside counts at the nearer end."""
    if len(edges) < 2:
        return ()
    held = [0] * (len(edges) - 1)
    for price, number in prices:
        held[min(max(bisect_right(edges, price) - 1, 0), len(held) - 1)] += number
    return tuple(zip(edges[:-1], edges[1:], held, strict=True))


def _even(low: Decimal, high: Decimal) -> tuple[Decimal, ...]:
    for power in range(-2, 12):
        for step in STEPS:
            width = step * Decimal(10) ** power
            first = (low / width).to_integral_value(ROUND_FLOOR)
            last = (high / width).to_integral_value(ROUND_CEILING)
            if width >= SMALLEST and last - first <= MOST_BARS:
                return tuple(_plain(width * number) for number in range(int(first), int(last) + 1))
    return ()


def _spread(low: Decimal, high: Decimal) -> tuple[Decimal, ...]:
    for parts in DECADES:
        series = [part * Decimal(10) ** power for power in range(low.adjusted(), high.adjusted() + 2) for part in parts]
        series = [amount for amount in series if amount == amount.quantize(SMALLEST)]
        first = max(bisect_right(series, low) - 1, 0)
        last = bisect_left(series, high)
        if last - first <= MOST_BARS:
            return tuple(_plain(amount) for amount in series[first : last + 1])
    return ()


def _plain(amount: Decimal) -> Decimal:
    return amount.quantize(SMALLEST)
