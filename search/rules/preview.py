"""What people will see: the first results now and with a draft, side by side, and what moved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from django.utils import timezone
from django.utils.translation import gettext as _

from shop.catalogue.cards import ProductCard
from shop.catalogue.selectors import product_cards
from shop.markets import Market

from ..selectors import find_products
from ..types import ListingQuery
from .content import Content
from .matching import Book, Notice, Redirect
from .selectors import answer_for, guidance_for, provider

SHOWN = 8
# How far down is looked for where a product was before.
DEPTH = 60


@dataclass(frozen=True, slots=True)
class Row:
    """One product in one of the two lists."""

    place: int
    card: ProductCard
    went: Literal["", "up", "down", "pin"] = ""
    moved: str = ""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two lists, with what stands above it."""

    rows: tuple[Row, ...]
    total: int
    redirect: str = ""
    banner: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """Both sides for one search or category. `is_later`: the draft begins later, and is shown as if it had."""

    text: str
    before: Side
    after: Side
    is_later: bool = False


def preview(
    content: Content, *, rule_id: int, text: str, book: Book, market: Market, now: datetime | None = None
) -> Preview:
    """Ask for both lists. `text` is the search to try; a category's rule is shown on its category's own page."""
    now = now or timezone.now()
    then = max(now, content.starts) if content.starts else now
    with_draft = book.with_rule(rule_id, content)
    query = ListingQuery(text=text, page_size=DEPTH, with_facets=False)
    if content.kind == "category":
        query = ListingQuery(category_id=content.category_id, page_size=DEPTH, with_facets=False)
    before = find_products(query, market=market, says=provider(book, now=now))
    after = find_products(query, market=market, says=provider(with_draft, now=then))
    meant = replace(query, text=after.corrected) if after.corrected else query
    guided = guidance_for(meant, book=with_draft, now=then)
    cards = product_cards({*before.ids[:SHOWN], *after.ids[:SHOWN]}, market=market)
    places = {pk: place for place, pk in enumerate(before.ids, start=1)}
    pins = {(place, product) for place, product in guided.pins}
    old = [Row(place, cards[pk], *_left(pk, after.ids)) for place, pk in _first(before.ids, cards)]
    new = [Row(place, cards[pk], *_moved(place, pk, places, pins)) for place, pk in _first(after.ids, cards)]
    return Preview(
        text=text,
        before=_side(old, before.total, content, text, book, now),
        after=_side(new, after.total, content, text, with_draft, then),
        is_later=then > now,
    )


def _first(ids: Iterable[int], cards: dict[int, ProductCard]) -> list[tuple[int, int]]:
    return [(place, pk) for place, pk in enumerate(list(ids)[:SHOWN], start=1) if pk in cards]


def _left(product: int, after: tuple[int, ...]) -> tuple[Literal["", "down"], str]:
    return ("", "") if product in after else ("down", _("Not shown any more"))


def _moved(
    place: int, product: int, places: dict[int, int], pins: set[tuple[int, int]]
) -> tuple[Literal["", "up", "down", "pin"], str]:
    before = places.get(product)
    if (place, product) in pins:
        return "pin", _("Pinned to %(place)d") % {"place": place}
    if before is None:
        return "up", _("New here")
    if before == place:
        return "", _("As before")
    if before > place:
        return "up", _("Up %(places)d") % {"places": before - place}
    return "down", _("Down %(places)d") % {"places": place - before}


def _side(rows: list[Row], total: int, content: Content, text: str, book: Book, now: datetime) -> Side:
    is_category = content.kind == "category"
    said = answer_for(
        "" if is_category else text, category_id=content.category_id if is_category else None, book=book, now=now
    )
    return Side(
        rows=tuple(rows),
        total=total,
        redirect=said.url if isinstance(said, Redirect) else "",
        banner=said.text if isinstance(said, Notice) else "",
    )
