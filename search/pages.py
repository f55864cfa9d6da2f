"""What list pages show: template and context, apart from the views, so that a preview draws the very same page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from babel.numbers import get_currency_symbol
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _

from shop.catalogue.cards import Crumb, ProductCard
from shop.catalogue.html import plain_text, safe_html
from shop.catalogue.models import Category
from shop.catalogue.selectors import product_cards
from shop.markets import Market, market_of
from themes.paging import PageNumbers

from . import categories, shown
from .categories import Place, Tile
from .insight import recording
from .params import SIZES, Params, plain
from .rules.selectors import Notice, answer_for
from .selectors import find_pages, find_products
from .shown import Link, PriceRange, ShownFacet, address
from .stories.fitting import leading
from .stories.types import FoundPage, PagesResult
from .types import ListingQuery, ListingResult

INSTEAD = 8
# Stories below the products, and as many more are looked through for the one that belongs above them.
STORIES = 3


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list with everything around it that depends on the query string."""

    path: str
    cards: tuple[ProductCard, ...]
    total: int
    of: int
    pages: PageNumbers
    facets: tuple[ShownFacet, ...]
    chips: tuple[Link, ...]
    clear_url: str
    sorts: tuple[tuple[str, str, bool], ...]
    sizes: tuple[Link, ...]
    hidden: tuple[tuple[str, str], ...]
    price_low: str
    price_high: str
    price_min: str
    price_max: str
    currency_sign: str
    price_range: PriceRange | None
    messages: tuple[str, ...]
    relaxed: bool
    left_out: tuple[str, ...]
    past_end: bool
    is_filtered: bool
    # The place of the first card in the whole list.
    first: int = 1
    instead: tuple[ProductCard, ...] = ()
    # Below the list, or among it where it is `mixed`.
    similar: tuple[ProductCard, ...] = ()
    mixed: bool = False
    near: bool = False


def category_page(request: HttpRequest, category: Category | None, params: Params) -> tuple[str, dict[str, Any]]:
    """Template and context of a category's page, or of the whole shop's without one.

    For the story's preview too: it reads nothing of the request but its market. `category` may come from anywhere.
    """
    place = categories.place_of(category) if category else categories.whole_shop()
    return place_page(request, place, params)


def place_page(request: HttpRequest, place: Place, params: Params) -> tuple[str, dict[str, Any]]:
    """As category_page, for a place whose way and children are known."""
    market = market_of(request)
    category = place.category
    path = categories.address(place.path)
    # What is typed into the search field belongs to the search page; a shelf is a shelf.
    asked = replace(params, text="")
    category_id = category.pk if category else None
    result = find_products(asked.query(category_id=category_id), market=market)
    lent = categories.lent_pictures(place)
    listing, cards = _listing(asked, result, market=market, path=path, category_id=category_id, more_ids=lent.values())
    title = category.name if category else _("Everything in the shop")
    return (
        "search/past_end.html" if listing.past_end else "search/listing.html",
        {
            "category": category,
            "title": title,
            "meta_title": category.get_meta_title() if category else title,
            "meta_description": _meta_description(category),
            "description": safe_html(category.description) if category else "",
            "crumbs": _crumbs(place),
            "tiles": _tiles(place, lent, cards),
            "listing": listing,
            "params": asked,
            "first_url": listing.pages.url(1),
            "last_url": listing.pages.url(listing.pages.last),
            "canonical": _canonical(listing, asked),
            "banner": _banner(category_id=category_id),
        },
    )


def search_page(request: HttpRequest, params: Params) -> tuple[str, dict[str, Any]]:
    """Template and context of the search page; without a text it shows what sells best."""
    market = market_of(request)
    result = find_products(params.query(), market=market) if params.text else ListingResult(ids=(), total=0)
    path = reverse("search:search")
    listing, _cards = _listing(params, result, market=market, path=path)
    whole = replace(params, page=1)
    words = result.corrected or params.text
    told, lead = _told(words, params, result, listing, language=market.language)
    return (
        "search/past_end.html" if listing.past_end else "search/search.html",
        {
            "query": params.text,
            "corrected": result.corrected,
            "words": words,
            # The page that fits better than any product, and the numbers of the other stories about it.
            "lead": lead,
            "told": tuple(page.id for page in told.pages if page.kind == "story" and page != lead)[:STORIES],
            # What was typed, as it is; and what finds more. Filters stay, as a visitor who spells anew would keep them.
            "exact_url": address(path, replace(whole, exact=True)) if result.corrected else "",
            "did_you_mean": result.did_you_mean,
            "better_url": address(path, replace(whole, text=result.did_you_mean, exact=False)),
            "listing": listing,
            "params": params,
            "first_url": listing.pages.url(1),
            "last_url": listing.pages.url(listing.pages.last),
            "title": _title(words),
            "meta_description": _described(words),
            "banner": _banner(params.text) or _banner(result.corrected),
            "result": result,
            # Links and forms carry what was searched for: search/insight/recording.py.
            "trail": recording.trail(params.text),
            "source": recording.source_of(params.text),
        },
    )


def _told(
    words: str, params: Params, result: ListingResult, listing: Listing, *, language: str
) -> tuple[PagesResult, FoundPage | None]:
    """Stories and pages about the words, and the one that stands above the products, on the first page of a plain list."""
    if not words:
        return PagesResult(), None
    pages = told_of(words, result, language=language, limit=2 * STORIES)
    is_plain = params.page == 1 and not params.is_filtered and params.sort == "relevance"
    return pages, leading(words, pages, result, listing.cards) if is_plain else None


def told_of(words: str, result: ListingResult, *, language: str, limit: int) -> PagesResult:
    """Stories and pages about the words for which `result` has the products."""
    # Words that products have are not mistyped.
    forgive = result.relaxed or not result.total
    return find_pages(words, language=language, limit=limit, kinds=("story", "page"), forgive=forgive)


def _banner(text: str = "", *, category_id: int | None = None) -> Notice | None:
    """What merchandisers say above this list."""
    said = answer_for(text, category_id=category_id) if text or category_id is not None else None
    return said if isinstance(said, Notice) else None


def _title(text: str) -> str:
    return _("Results for “%(text)s”") % {"text": text} if text else _("Search")


def _described(text: str) -> str:
    if not text:
        return _("Search the shop’s products, stories and pages.")
    return _("Products, stories and pages about “%(text)s”.") % {"text": text}


def _listing(
    params: Params,
    result: ListingResult,
    *,
    market: Market,
    path: str,
    category_id: int | None = None,
    more_ids: Any = (),
) -> tuple[Listing, dict[int, ProductCard]]:
    """The list, and every card that was read: those of `more_ids` too, for one set of queries."""
    instead: tuple[int, ...] = ()
    if not result.total and not result.similar:
        best = ListingQuery(category_id=category_id, sort="best-selling", page_size=INSTEAD)
        instead = find_products(replace(best, with_facets=False, with_total=False), market=market).ids
    cards = product_cards([*result.ids, *result.similar, *instead, *more_ids], market=market)
    last = max(1, -(-result.total // params.size))
    pages = PageNumbers(number=params.page, last=last, path=path, query=params.encoded())
    listing = Listing(
        path=path,
        cards=tuple(cards[pk] for pk in result.mixed or result.ids if pk in cards),
        total=result.total,
        of=result.whole,
        pages=replace(pages, number=min(params.page, last)),
        facets=shown.facets(params, result, path),
        chips=shown.chips(params, result, path, market),
        clear_url=address(path, params.cleared()),
        sorts=_sorts(params),
        sizes=tuple(
            Link(label=str(size), url=address(path, replace(params, size=size)), current=size == params.size)
            for size in SIZES
        ),
        hidden=_hidden(params),
        price_low=_plain(result.price_low),
        price_high=_plain(result.price_high),
        price_min=_plain(params.price_min),
        price_max=_plain(params.price_max),
        currency_sign=get_currency_symbol(market.currency, locale=to_locale(get_language() or "en")),
        price_range=shown.price_range(params, result, market),
        messages=params.messages,
        relaxed=result.relaxed,
        left_out=result.left_out,
        past_end=params.page > last,
        is_filtered=params.is_filtered,
        first=(params.page - 1) * params.size + 1,
        instead=tuple(cards[pk] for pk in instead if pk in cards),
        similar=tuple(cards[pk] for pk in result.similar if pk in cards),
        mixed=bool(result.mixed),
        near=result.near,
    )
    return listing, cards


def _sorts(params: Params) -> tuple[tuple[str, str, bool], ...]:
    labels: Sequence[tuple[str, str]] = (
        ("relevance", _("Best match") if params.text else _("Our order")),
        ("best-selling", _("Best-selling")),
        ("newest", _("Newest")),
        ("price", _("Price, low first")),
        ("-price", _("Price, high first")),
        ("rating", _("Best reviewed")),
        ("title", _("Name, A to Z")),
    )
    # The usual order has no name in the address, so that a list has one address and not two.
    return tuple(("" if value == "relevance" else value, label, value == params.sort) for value, label in labels)


def _hidden(params: Params) -> tuple[tuple[str, str], ...]:
    """What the filter form keeps without showing it."""
    kept = {"q", "exact", "size", "all", "new"}
    return tuple(pair for pair in params.pairs() if pair[0] in kept)


def _crumbs(place: Place) -> tuple[Crumb, ...]:
    crumbs = [Crumb(_("Front page"), reverse("wagtail_serve", args=("",)))]
    if place.category is None:
        return (*crumbs, Crumb(_("Everything in the shop"), ""))
    slugs = ""
    for category in (*place.above, place.category):
        slugs = f"{slugs}/{category.slug}".strip("/")
        crumbs.append(Crumb(category.name, categories.address(slugs)))
    return tuple(crumbs)


def _tiles(place: Place, lent: dict[int, int], cards: dict[int, ProductCard]) -> tuple[Tile, ...]:
    tiles = []
    for category in place.below:
        card = cards.get(lent.get(category.pk, 0))
        tiles.append(
            Tile(
                title=category.name,
                url=categories.address(f"{place.path}/{category.slug}".strip("/")),
                picture=categories.own_picture(category) or (card.picture if card else None),
            )
        )
    return tuple(tiles)


def _canonical(listing: Listing, params: Params) -> str:
    """The address that search engines are told: without filters, and each page of an unfiltered list for itself."""
    if params.is_filtered or params.sort != "relevance":
        return listing.path
    return PageNumbers(number=listing.pages.number, last=listing.pages.last, path=listing.path).url(
        listing.pages.number
    )


def _meta_description(category: Category | None) -> str:
    return (category.meta_description or plain_text(category.description)) if category else ""


def _plain(amount: Decimal | None) -> str:
    return "" if amount is None else plain(amount)
