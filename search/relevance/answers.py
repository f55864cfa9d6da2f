"""The list that a query gets in this shop, as deep as judging it needs."""

from __future__ import annotations

from search.selectors import find_products
from search.types import Guidance
from shop.markets import home_market

from .engines import question


def answer(text: str, guidance: Guidance | None = None) -> tuple[int, ...]:
    """Product ids, best first, from the shop's own engine. `guidance` None: the published rules."""
    return find_products(question(text), market=home_market(), guidance=guidance).ids
