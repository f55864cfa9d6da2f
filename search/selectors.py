"""`find_products`: the one way to get a list of products, for pages, blocks, choosers and the API alike."""

from __future__ import annotations

from shop.markets import Market

from .types import ListingQuery, ListingResult


def find_products(query: ListingQuery, *, market: Market) -> ListingResult:
    """Answer `query` with the engine that is there: ids, order, counts; never prices or words that a visitor reads."""
    from . import database  # replaced by a choice of engines

    return database.find(query, market=market)
