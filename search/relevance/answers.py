"""The list that a query gets in this shop, as deep as judging it needs, from the shop's own engine."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.core.cache import cache

from search import database, state
from search.elastic import client
from search.selectors import find_products
from search.types import Guidance
from shop.markets import home_market

from .engines import question, shown

KEPT_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Answer:
    """Product ids, best first. `is_ours` is False where another engine than the shop's own had to answer."""

    ids: tuple[int, ...]
    is_ours: bool = True


def answer(text: str, guidance: Guidance | None = None) -> Answer:
    """What this query finds now. `guidance` None: the published rules."""
    found = find_products(question(text), market=home_market(), guidance=guidance)
    return Answer(shown(found), is_ours=not client.is_configured() or found.engine != database.ENGINE)


class Answers:
    """The same for many queries, kept for as long as the listing tables stay as they are."""

    def __init__(self) -> None:
        self._state = state.read().version

    def find(self, text: str, guidance: Guidance) -> Answer:
        """What this query finds under this guidance. A substitute's answer is not kept."""
        asked = hashlib.sha256(f"{self._state}:{client.is_configured()}:{text}:{guidance!r}".encode()).hexdigest()
        key = f"search:answer:{asked}"
        found: Answer | None = cache.get(key)
        if found is None:
            found = answer(text, guidance)
            if found.is_ours:
                cache.set(key, found, KEPT_SECONDS)
        return found
