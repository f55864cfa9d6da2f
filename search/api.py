"""GET /api/search and /api/search/suggest: the search page and its suggestions as JSON, with the same parameters.

What cannot be used is an error here, with the value and the cure; a page leaves it out. Answers are the same for every
visitor of a market, as pages are: no session is read and no cookie is set.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema
from ninja.responses import Status

from shop import slots
from shop.catalogue.cards import ProductCard
from shop.catalogue.selectors import product_cards
from shop.markets import Market, market_of

from . import suggestions
from .pages import STORIES, told_of
from .params import LONGEST_TEXT, MOST_VALUES, SIZES, Params, Problem, parameter, parse
from .rules.addresses import in_language
from .rules.selectors import Redirect, answer_for
from .selectors import find_products
from .suggestions import Suggestion
from .types import SORTS, ListingResult

router = Router(tags=["search"])


class Asked(Schema):
    """Parameters of a search. Any code of a facet is one too: `glaze=rust&glaze=fern` widens, `&brand=calder` narrows."""

    q: str = Field("", description=f"What is searched for, up to {LONGEST_TEXT} characters; without it, everything.")
    exact: str = Field("", description="1: correct no word.")
    category: list[str] = Field([], description="Ids of categories, as the facet “category” has them.")
    brand: list[str] = Field([], description=f"Slugs of brands, up to {MOST_VALUES}.")
    min: str = Field("", description="Lowest price, tax included, in the market’s currency.")
    max: str = Field("", description="Highest price.")
    in_stock: str = Field("", description="1: only what can be bought now.")
    on_sale: str = Field("", description="1: only what has a lower price than before, or is in an offer.")
    new: str = Field("", description="1: only what was released lately.")
    sort: str = Field("", description=f"One of {', '.join(SORTS)}; relevance without it.")
    page: str = Field("", description="Page, from 1.")
    size: str = Field("", description=f"Products on a page: one of {', '.join(map(str, SIZES))}.")
    all: list[str] = Field([], description="Facets to give every value of, not only the ten commonest.")


class PriceOut(Schema):
    """What one costs, tax included. `amount` is a decimal number as text, so that no cent is lost."""

    amount: str = Field(examples=["22.00"])
    currency: str = Field(examples=["GBP"])
    is_from: bool = Field(description="Variants cost more.")
    was: str | None = Field(None, description="The price before, where it fell.")


class PictureOut(Schema):
    """The product's first picture."""

    url: str
    alt: str
    width: int
    height: int


class ProductOut(Schema):
    """A product as its card shows it."""

    id: int
    title: str
    subtitle: str
    brand: str
    url: str
    price: PriceOut | None
    picture: PictureOut | None
    in_stock: bool
    rating: float | None
    reviews: int


class ValueOut(Schema):
    """One value of a facet with how many products it would show."""

    value: str
    label: str
    count: int
    selected: bool


class FacetOut(Schema):
    """One facet. `parameter` is its name in an address."""

    code: str
    parameter: str
    name: str
    values: list[ValueOut]
    more: int = Field(description="Values that were left off: ask with all=<parameter>.")
    is_feature: bool = Field(description="A question of yes or no; pages show these together.")


class BarOut(Schema):
    """Products whose lowest price is `low` or more and less than `high`."""

    low: str
    high: str
    count: int


class PricesOut(Schema):
    """What the products cost without the filter by price."""

    low: str | None
    high: str | None
    currency: str
    histogram: list[BarOut]


class LinksOut(Schema):
    """Addresses of pages of this answer."""

    self: str
    first: str
    last: str
    next: str | None
    previous: str | None


class MessageOut(Schema):
    """What could not be used as it was written."""

    parameter: str
    value: str
    message: str
    cure: str


class FoundOut(Schema):
    """A page of results."""

    text: str
    redirect: str | None = Field(None, description="The page to which merchandisers send whoever searches for this.")
    corrected: str = Field(description="What was searched for in place of `text`; empty where that is what it was.")
    did_you_mean: str = Field(description="A text that finds more.")
    relaxed: bool = Field(description="No product has all the words: these have some of them.")
    left_out: list[str] = Field(description="Words that no product has.")
    total: int
    page: int
    pages: int
    links: LinksOut
    products: list[ProductOut]
    stories: list[LinkOut] = Field(
        description="Stories and pages about the text, the best first; on the first page only."
    )
    facets: list[FacetOut]
    prices: PricesOut
    messages: list[MessageOut] = Field(description="What was used in another way than it was written.")


class ErrorsOut(Schema):
    """Why there is no answer."""

    errors: list[MessageOut]


class LinkOut(Schema):
    """A suggestion that leads to a page."""

    title: str
    url: str
    note: str = ""


class SuggestedOut(Schema):
    """Suggestions for a text."""

    text: str
    searches: list[LinkOut]
    categories: list[LinkOut]
    brands: list[LinkOut]
    products: list[ProductOut]
    stories: list[LinkOut]


@router.get(
    "",
    response={200: FoundOut, 400: ErrorsOut, 404: ErrorsOut},
    summary="Search products",
    url_name="search",
    operation_id="search",
)
def search(request: HttpRequest, asked: Annotated[Asked, Query()]) -> Any:
    """Products with facets, in pages. A page after the last is a 404, a parameter that cannot be used is a 400."""
    params = parse(request.GET)
    if errors := [problem for problem in params.problems if not problem.mended]:
        return Status(400, {"errors": [_message(problem) for problem in errors]})
    market = market_of(request)
    result = find_products(params.query(), market=market)
    last = max(1, -(-result.total // params.size))
    if params.page > last:
        what = _("This list ends with page %(last)d.") % {"last": last}
        cure = _("Ask for a page from 1 to %(last)d.") % {"last": last}
        return Status(404, {"errors": [_message(Problem("page", str(params.page), what, cure))]})
    cards = product_cards(result.ids, market=market)
    said = answer_for(params.text) if params.text else None
    return {
        "text": params.text,
        "redirect": request.build_absolute_uri(in_language(request, said.url, market.language))
        if isinstance(said, Redirect)
        else None,
        "corrected": result.corrected,
        "did_you_mean": result.did_you_mean,
        "relaxed": result.relaxed,
        "left_out": list(result.left_out),
        "total": result.total,
        "page": params.page,
        "pages": last,
        "links": _links(request, params, last),
        "products": [_product(request, cards[pk]) for pk in result.ids if pk in cards],
        "stories": _stories(request, params, result, market),
        "facets": _facets(result),
        "prices": {
            "low": _amount(result.price_low),
            "high": _amount(result.price_high),
            "currency": market.currency,
            "histogram": [
                {"low": _amount(low), "high": _amount(high), "count": count} for low, high, count in result.histogram
            ],
        },
        "messages": [_message(problem) for problem in params.problems],
    }


@router.get(
    "/suggest", response=SuggestedOut, summary="Suggest while typing", url_name="suggest", operation_id="suggest"
)
def suggest(
    request: HttpRequest, q: Annotated[str, Query(description="What is typed so far, from two letters on.")] = ""
) -> Any:
    """Searches, categories, brands, products and stories that begin so. All are empty for what is no search."""
    found = suggestions.suggest(q, market=market_of(request))
    return {
        "text": found.text,
        "searches": _suggested(request, found.searches),
        "categories": _suggested(request, found.categories),
        "brands": _suggested(request, found.brands),
        "products": [_product(request, card) for card in found.products],
        "stories": _named(request, {"text": found.text}) if found.is_asked else [],
    }


def _stories(request: HttpRequest, params: Params, result: ListingResult, market: Market) -> list[dict[str, str]]:
    text = result.corrected or params.text
    if not text or params.page > 1:
        return []
    found = told_of(text, result, language=market.language, limit=STORIES)
    return _named(request, {"pages": found.ids})


def _named(request: HttpRequest, about: dict[str, Any]) -> list[dict[str, str]]:
    """Stories by what the room that has them says of them."""
    stories = slots.gather("search.stories", request, about)
    return [{"title": story["title"], "url": request.build_absolute_uri(story["url"])} for story in stories]


def _links(request: HttpRequest, params: Params, last: int) -> dict[str, str | None]:
    def page(number: int) -> str:
        pairs = [*params.pairs(), *([("page", str(number))] if number > 1 else [])]
        query = urlencode(pairs)
        return request.build_absolute_uri(reverse("api:search") + (f"?{query}" if query else ""))

    return {
        "self": page(params.page),
        "first": page(1),
        "last": page(last),
        "next": page(params.page + 1) if params.page < last else None,
        "previous": page(params.page - 1) if params.page > 1 else None,
    }


def _facets(result: ListingResult) -> list[dict[str, Any]]:
    names = {"category": _("Category"), "brand": _("Brand")}
    return [
        {
            "code": facet.code,
            "parameter": parameter(facet.code),
            "name": names.get(facet.code, facet.name),
            "values": [
                {"value": held.value, "label": held.label, "count": held.count, "selected": held.selected}
                for held in facet.values
            ],
            "more": facet.more,
            "is_feature": facet.is_feature,
        }
        for facet in result.facets
    ]


def _product(request: HttpRequest, card: ProductCard) -> dict[str, Any]:
    price, picture = card.price, card.picture
    return {
        "id": card.id,
        "title": card.title,
        "subtitle": card.subtitle,
        "brand": card.brand,
        "url": request.build_absolute_uri(card.url),
        "price": price
        and {
            "amount": _amount(price.now),
            "currency": price.currency,
            "is_from": price.is_from,
            "was": _amount(price.was),
        },
        "picture": picture
        and {
            "url": request.build_absolute_uri(picture.url),
            "alt": picture.alt,
            "width": picture.width,
            "height": picture.height,
        },
        "in_stock": card.stock.can_buy,
        "rating": card.rating,
        "reviews": card.review_count,
    }


def _suggested(request: HttpRequest, found: tuple[Suggestion, ...]) -> list[dict[str, str]]:
    return [{"title": held.title, "url": request.build_absolute_uri(held.url), "note": held.note} for held in found]


def _message(problem: Problem) -> dict[str, str]:
    return {
        "parameter": problem.parameter,
        "value": problem.value,
        "message": problem.what,
        "cure": problem.cure,
    }


def _amount(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:.2f}"
