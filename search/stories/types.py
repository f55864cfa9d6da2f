"""What is known of a page, and what a search for pages finds."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

# A story is read for its own sake; a page (delivery, returns) answers a question about the shop.
Kind = Literal["story", "page"]
# How well a page fits: its title is the words, its title or a topic has them all, it says them, it says most of them.
Fit = Literal["title", "named", "said", "some"]


@dataclass(frozen=True, slots=True)
class PageText:
    """One page that everybody may read, in one language."""

    id: int
    language: str
    kind: Kind
    title: str
    kicker: str = ""
    standfirst: str = ""
    words: str = ""
    topics: tuple[str, ...] = ()
    # Titles of the products in it.
    products: tuple[str, ...] = ()
    date: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Where pages come from: all that there may be, what those of them say that everybody may read, and which name products."""

    ids: Callable[[], Sequence[int]]
    read: Callable[[Sequence[int]], Sequence[PageText]]
    naming: Callable[[Sequence[int]], Iterable[int]]


@dataclass(frozen=True, slots=True)
class FoundPage:
    """One page that was found."""

    id: int
    fit: Fit
    title: str = ""
    kind: Kind = "story"


@dataclass(frozen=True, slots=True)
class PagesResult:
    """Pages for a text, the best first. `corrected`: what was looked for instead."""

    pages: tuple[FoundPage, ...] = ()
    total: int = 0
    corrected: str = ""
    engine: str = ""

    @property
    def ids(self) -> tuple[int, ...]:
        """Their numbers."""
        return tuple(page.id for page in self.pages)
