"""Bars of days as numbers that a template writes into an <svg>."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from search.insight.reports import DayRow

WIDTH, HEIGHT, TOP, LEFT = 900, 160, 14, 44
# More bars than this become thinner than can be seen: days are put together.
MOST_BARS = 120


@dataclass(frozen=True, slots=True)
class Bar:
    """One day, or several that stand together: from `day` on, searches and, beside them, clicks."""

    day: date
    searches: int
    clicks: int
    x: float
    width: float
    y: float
    height: float
    clicks_x: float
    clicks_y: float
    clicks_height: float


@dataclass(frozen=True, slots=True)
class Chart:
    """The bars, the highest number at the top line, and how many days a bar holds."""

    bars: tuple[Bar, ...]
    most: int
    days_a_bar: int
    width: int = WIDTH
    height: int = HEIGHT + TOP + 20
    top: int = TOP
    bottom: int = HEIGHT + TOP
    left: int = LEFT


def chart_of(days: Sequence[DayRow]) -> Chart:
    """Bars for these days, the oldest first."""
    together = max(1, -(-len(days) // MOST_BARS))
    groups = [days[start : start + together] for start in range(0, len(days), together)]
    sums = [
        (group[0].day, sum(each.searches for each in group), sum(each.clicks for each in group)) for group in groups
    ]
    most = max((max(searches, clicks) for _day, searches, clicks in sums), default=0)
    step = (WIDTH - LEFT) / max(len(sums), 1)
    bars = []
    for number, (day, searches, clicks) in enumerate(sums):
        height, inner = (round(HEIGHT * value / most, 1) if most else 0 for value in (searches, clicks))
        bars.append(
            Bar(
                day=day,
                searches=searches,
                clicks=clicks,
                x=round(LEFT + number * step + step * 0.1, 1),
                width=round(step * 0.4, 1),
                y=round(TOP + HEIGHT - height, 1),
                height=height,
                clicks_x=round(LEFT + number * step + step * 0.5, 1),
                clicks_y=round(TOP + HEIGHT - inner, 1),
                clicks_height=inner,
            )
        )
    return Chart(bars=tuple(bars), most=most, days_a_bar=together)
