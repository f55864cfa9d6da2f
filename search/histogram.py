"""A histogram of prices: round borders, close together where prices are low, whatever the engine.

Every border has two digits that count (1.5, 12, 250), so that it is enough to know how many products there are for
each price that is cut to two digits: `bars` puts these together once the lowest and the highest price are known.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from shop.partner.pricing import smallest_coin
from shop.payment.currencies import KEPT

# The most bars that a column of filters has room for.
MOST_BARS = 20
# Up to this ratio of the highest to the lowest price every bar is as wide as the next.
EVEN = 8
STEPS = (1, 2, 5, 10, 20)
# What a decade is divided into where prices spread over several: the more decades, the fewer.
DECADES = tuple(
    tuple(Decimal(part) for part in parts.split())
    for parts in ("1 1.2 1.5 2 2.5 3 4 5 6 8", "1 1.5 2 3 4 5 7", "1 1.5 2 3 5 7", "1 2 3 5", "1 2 5", "1 3", "1")
)
# What costs less than this part of the dearest thing must not take half of the bars.
CHEAPEST = 10_000

Bars = tuple[tuple[Decimal, Decimal, int], ...]  # from, to below, how many products


def borders(low: Decimal | None, high: Decimal | None) -> tuple[Decimal, ...]:
    """Round amounts from `low` or less to `high` or more, at most 21 of them; none where there is nothing to choose.

    A bar holds what costs its lower border or more and less than its upper one, the last one its upper border as well.
    """
    if low is None or high is None or low < 0 or high <= low:
        return ()
    coin = smallest_coin()
    low = max(low, coin, high / CHEAPEST)
    found = _even(low, high, coin) if high <= low * EVEN else _spread(low, high, coin)
    return tuple(amount.quantize(KEPT) for amount in found) if len(found) > 2 else ()


def bars(edges: Sequence[Decimal], prices: Iterable[tuple[Decimal, int]]) -> Bars:
    """Put each price with its number of products between its borders; what is outside counts at the nearer end."""
    held = [0] * (len(edges) - 1)
    for price, number in prices if held else ():
        held[min(max(bisect_right(edges, price) - 1, 0), len(held) - 1)] += number
    return tuple(zip(edges[:-1], edges[1:], held, strict=True))


def _even(low: Decimal, high: Decimal, coin: Decimal) -> list[Decimal]:
    unit = max(coin, Decimal(10) ** (high.adjusted() - 1))
    for step in STEPS:
        first = (low / unit / step).to_integral_value(ROUND_FLOOR)
        last = (high / unit / step).to_integral_value(ROUND_CEILING)
        if last - first <= MOST_BARS:
            return [unit * step * number for number in range(int(first), int(last) + 1)]
    return []


def _spread(low: Decimal, high: Decimal, coin: Decimal) -> list[Decimal]:
    for parts in DECADES:
        powers = range(low.adjusted(), high.adjusted() + 2)
        series = [part * Decimal(10) ** power for power in powers for part in parts]
        series = [amount for amount in series if not amount % coin]
        first = max(bisect_right(series, low) - 1, 0)
        last = bisect_left(series, high)
        if last - first <= MOST_BARS:
            return series[first : last + 1]
    return []
