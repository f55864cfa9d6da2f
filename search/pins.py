"""Where pinned products stand in a list, page by page: arithmetic that every engine shares.

An engine gives the ids that it found without the pinned ones; what is pinned is laid in between. So a product stands
in one place only, and pages neither repeat nor lose one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import count

Pins = Sequence[tuple[int, int]]


def settle(pins: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """One place a product and one product a place, by place: the first to ask has it, a later one takes the next free."""
    taken: dict[int, int] = {}
    placed: set[int] = set()
    for place, product in pins:
        if product in placed or place < 1:
            continue
        free = next(number for number in count(place) if number not in taken)
        taken[free] = product
        placed.add(product)
    return tuple(sorted(taken.items()))


def places(pins: Pins, others: int) -> tuple[tuple[int, int], ...]:
    """The settled pins where they really stand in a list with `others` more products: none stands behind the end."""
    last = others + len(pins)
    return tuple((min(place, last - (len(pins) - 1 - number)), product) for number, (place, product) in enumerate(pins))


@dataclass(frozen=True, slots=True)
class Window:
    """Which of the other products a page needs: `size` of them from `start`, to be joined with the page's pins."""

    first: int
    last: int
    pins: tuple[tuple[int, int], ...]
    start: int
    size: int

    def join(self, others: Sequence[int]) -> tuple[int, ...]:
        """The page's ids. `others` are the products from `start` on, without any pinned one."""
        pinned = dict(self.pins)
        rest = iter(others)
        page: list[int] = []
        for place in range(self.first, self.last + 1):
            product = pinned[place] if place in pinned else next(rest, None)
            if product is not None:
                page.append(product)
        return tuple(page)


def window(pins: Pins, *, page: int, page_size: int) -> Window:
    """What a page (from 1) needs where the pins stand at these places, none of them behind the list's end."""
    first = (page - 1) * page_size + 1
    last = page * page_size
    before = sum(place < first for place, _product in pins)
    here = tuple((place, product) for place, product in pins if first <= place <= last)
    return Window(first=first, last=last, pins=here, start=first - 1 - before, size=page_size - len(here))
