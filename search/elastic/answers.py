"""What was answered a moment ago, kept by the question and by the number of the tables' last change.

The index follows the tables within a second or two, so that an answer may be older than the number it is kept under.
Therefore none is kept for longer than SECONDS. Who asks has no part in it: an answer is the same for everybody in a country and a language.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from django.conf import settings
from django.core.cache import cache

from search import state
from search.counts import Counted
from search.pins import Pins
from search.state import State
from search.types import Guidance, ListingQuery
from search.vectors import model
from shop.markets import Market

from . import client
from .requests import Asked

Made = TypeVar("Made")
SECONDS = 30
# Which attributes are offered changes with words and facet values only, which have a number of their own.
OFFERED_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Settled:
    """What a question comes to, whichever page of it is looked at.

    `text` are the words that are looked for in the end, `placed` the pins that are there, `matched` products have the
    words whatever the filters say, and `better` would find more.
    """

    asked: Asked
    text: str
    counted: Counted
    placed: Pins
    matched: int
    better: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """The products of one page, similar ones that fill a first page, and both in one order where they are one list.

    `is_near`: some of the similar ones have none of the words, and mean nearly the same.
    """

    ids: tuple[int, ...]
    similar: tuple[int, ...] = ()
    mixed: tuple[int, ...] = ()
    is_near: bool = False


@dataclass(frozen=True, slots=True)
class Keys:
    """Under which names an answer is kept: what all of its pages share, the page, and the attributes it offers."""

    question: str
    page: str
    offered: str

    @classmethod
    def of(cls, query: ListingQuery, market: Market, guidance: Guidance, now: State) -> Keys:
        """The same for the same, in whatever order filters were chosen and a set gives its members."""
        # The language says which pages there are, whose words are no slips.
        where = (settings.ELASTICSEARCH_URL, client.alias(), model.is_asked(), market.language)
        facets = sorted((code, sorted(values)) for code, values in query.facets.items() if values)
        told = (sorted(guidance.hidden), replace(guidance, hidden=frozenset()))
        whole = replace(query, facets={}, page=1, page_size=0, sort="relevance")
        shared = (where, now.counter, now.version, market.country, facets, told, whole)
        return cls(
            question=_named(shared),
            page=_named((shared, query.page, query.page_size, query.sort)),
            offered=_named((where, now.structure, told, query.text, query.category_id, query.ids, query.exact)),
        )


def _named(parts: tuple[Any, ...]) -> str:
    return f"search:elastic:{hashlib.sha256(repr(parts).encode()).hexdigest()}"


def kept(keys: Keys) -> tuple[Settled | None, Page | None]:
    """What is known of this question and of this page."""
    found = cache.get_many([keys.question, keys.page])
    return found.get(keys.question), found.get(keys.page)


def keep(keys: Keys, settled: Settled | None, page: Page) -> None:
    """Remember an answer; without `settled` only its page, so that numbers are not kept for longer with each page."""
    cache.set(keys.page, page, SECONDS)
    if settled is not None:
        cache.set(keys.question, settled, SECONDS)


def remembered(parts: tuple[Any, ...], make: Callable[[], Made]) -> Made:
    """What `make` answers to the question that `parts` name, never None, or what it answered a moment ago."""
    key = _named((settings.ELASTICSEARCH_URL, settings.SEARCH_INDEX_PREFIX, state.read().counter, *parts))
    found: Made | None = cache.get(key)
    if found is None:
        found = make()
        cache.set(key, found, SECONDS)
    return found


def offered(keys: Keys) -> tuple[str, ...] | None:
    """The attributes to filter by that were offered for these words before, if any were."""
    found: tuple[str, ...] | None = cache.get(keys.offered)
    return found


def keep_offered(keys: Keys, codes: Iterable[str]) -> None:
    """Offer the same ones while words and facet values stay as they are, whatever is filtered by."""
    cache.set(keys.offered, tuple(codes), OFFERED_SECONDS)
