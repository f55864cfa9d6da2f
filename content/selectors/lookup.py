"""All that the blocks of one page show of the shop, loaded at once for one visitor."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest

from content.pictures import load_renditions
from content.rules import ProductRule
from shop.catalogue.cards import ProductCard, Variant
from shop.catalogue.selectors import product_cards
from shop.markets import Market, home_market

from .categories import CategoryTile, category_tiles
from .collect import Needs, collect
from .rules import find_by_rule
from .teases import Tease, journal_url, newest_stories, teases_by_id
from .variants import variants_by_product


@dataclass(frozen=True, slots=True)
class ProductLookup:
    """What a page's blocks read. What is deleted or not public is simply not in it."""

    market: Market
    cards: Mapping[int, ProductCard] = field(default_factory=dict)
    lists: Mapping[ProductRule, tuple[int, ...]] = field(default_factory=dict)
    variants: Mapping[int, tuple[Variant, ...]] = field(default_factory=dict)
    tiles: Mapping[int, CategoryTile] = field(default_factory=dict)
    teases: Mapping[int, Tease] = field(default_factory=dict)
    newest_teases: tuple[Tease, ...] = ()
    index_url: str = ""

    def card(self, product_id: int | None) -> ProductCard | None:
        """One product, or None where it is gone."""
        return self.cards.get(product_id) if product_id else None

    def cards_of(self, ids: Iterable[int | None]) -> list[ProductCard]:
        """Those of `ids` that are there, in their order, each once."""
        return [self.cards[pk] for pk in dict.fromkeys(ids) if pk is not None and pk in self.cards]

    def cards_by(self, rule: ProductRule) -> list[ProductCard]:
        """The products of a rule."""
        return self.cards_of(self.lists.get(rule, ()))

    def variants_of(self, card: ProductCard | None) -> tuple[Variant, ...]:
        """What can be chosen of a product; nothing for one without variants."""
        return self.variants.get(card.id, ()) if card else ()

    def category(self, category_id: int | None) -> CategoryTile | None:
        """One category, or None where it is gone."""
        return self.tiles.get(category_id) if category_id else None

    def categories_of(self, ids: Iterable[int | None]) -> list[CategoryTile]:
        """Those categories that are there, in their order."""
        return [self.tiles[pk] for pk in dict.fromkeys(ids) if pk is not None and pk in self.tiles]

    def teases_of(self, page_ids: Iterable[int]) -> list[Tease]:
        """Teasers of those pages that are live."""
        return [self.teases[pk] for pk in page_ids if pk in self.teases]

    def newest(self, limit: int) -> list[Tease]:
        """The newest stories."""
        return list(self.newest_teases[:limit])


def market_of(request: HttpRequest | None) -> Market:
    """The visitor's market, or the shop's own where nobody asks (a feed, a test)."""
    return getattr(request, "market", None) or home_market()


def page_products(page: Any, request: HttpRequest, *, images: Iterable[Any] = ()) -> ProductLookup:
    """Everything that the streams of `page` show, in a number of queries that does not grow with it.

    `images` are others whose sizes are to be read along.
    """
    parts = []
    for name in page.stream_names:
        value = getattr(page, name)
        parts.append((value.stream_block, value))
    return lookup_of(parts, request, exclude_page=getattr(page, "pk", None), images=images)


def lookup_of(
    parts: Iterable[tuple[Any, Any]],
    request: HttpRequest | None,
    *,
    exclude_page: int | None = None,
    images: Iterable[Any] = (),
) -> ProductLookup:
    """The lookup for some blocks with their values. One query a rule, then one set of cards for all of them."""
    needs: Needs = collect(parts)
    market = market_of(request)
    lists = {rule: find_by_rule(rule, market=market) for rule in needs.rules}
    ids = [*needs.products, *(pk for found in lists.values() for pk in found)]
    cards = product_cards(ids, market=market)
    load_renditions([*needs.images, *images])
    teases = teases_by_id(list(needs.pages), request)
    newest = newest_stories(needs.newest, request, exclude=exclude_page) if needs.newest else ()
    return ProductLookup(
        market=market,
        cards=cards,
        lists=lists,
        variants=variants_by_product(list(needs.with_variants), cards, market=market),
        tiles=category_tiles(list(needs.categories)),
        teases=teases,
        newest_teases=newest,
        index_url=journal_url(request) if needs.leads_to_journal else "",
    )
