"""The stories that the things in a basket were chosen from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest

from shop.catalogue.cards import ProductCard
from shop.catalogue.selectors import product_cards

from .collect import collect
from .lookup import market_of
from .teases import unrestricted

# What a story is called and what is in it, for so many seconds; prices and stock are read each time.
LIFETIME = 60
MOST_STORIES = 3
MOST_CARDS = 5


@dataclass(frozen=True, slots=True)
class ChosenFrom:
    """A story or lookbook with the numbers of the products in it. `path` is what a line's source begins with."""

    path: str
    title: str
    url: str
    product_ids: tuple[int, ...]


def chosen_from(sources: Iterable[str], request: HttpRequest) -> list[ChosenFrom]:
    """The live stories that `sources` of basket lines name, the last one first, three at the most.

    A source is whatever a form sent along: one that names no public story is passed over. No query while they are
    kept, two when they are not.
    """
    paths = list(dict.fromkeys(source.partition("#")[0] for source in reversed(list(sources)) if "/" in source))
    keys = {path: f"content:chosen:{request.get_host()}:{_short(path)}" for path in paths[:20]}
    kept: dict[str, ChosenFrom | None] = cache.get_many(keys.values())
    missing = [path for path, key in keys.items() if key not in kept]
    if missing:
        read = _read(missing, request)
        fresh = {keys[path]: read.get(path) for path in missing}
        cache.set_many(fresh, LIFETIME)
        kept |= fresh
    stories = [kept[key] for key in keys.values()]
    return [story for story in stories if story is not None][:MOST_STORIES]


def _short(path: str) -> str:
    # Any cache takes it as part of a key.
    return hashlib.sha256(path.encode()).hexdigest()[:32]


def _read(paths: Sequence[str], request: HttpRequest) -> dict[str, ChosenFrom]:
    from content.models import LookbookPage, StoryPage

    found = {}
    models: tuple[Any, ...] = (StoryPage, LookbookPage)
    for model in models:
        for page in unrestricted(model.objects.live().filter(url_path__in=paths)):
            streams = [getattr(page, name) for name in page.stream_names]
            needs = collect((stream.stream_block, stream) for stream in streams)
            found[page.url_path] = ChosenFrom(
                path=page.url_path,
                title=page.title,
                url=page.get_url(request) or "",
                product_ids=tuple(needs.products),
            )
    return found


def more_from(story: ChosenFrom, held: Iterable[int], request: HttpRequest) -> list[ProductCard]:
    """What else of a story can be bought now, besides the products `held`: five at the most."""
    ids = [pk for pk in story.product_ids if pk not in set(held)]
    cards = product_cards(ids, market=market_of(request)).values()
    return [card for card in cards if card.stock.can_buy][:MOST_CARDS]
