"""Named places in the shop's pages that higher rooms fill.

A lower room never imports a higher one. It renders `{% slot "product.story" %}` instead, and the higher room
registers a provider for that name in its AppConfig.ready().
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe

# A provider gets the request and what the place is about (a product, a category, a basket) and returns markup.
Provider = Callable[[HttpRequest, Mapping[str, Any]], str]

NAMES = frozenset(
    {
        *("product.story", "category.story", "product.dashboard"),
        # What the form that buys sends as `from`, where a product's page was opened from something worth counting.
        "product.source",
        # Both get `lines`, the basket's LineViews: a sentence below them, and a section at the page's end.
        *("basket.source", "basket.aside"),
        # A section below the thanks for an order.
        "checkout.done",
        # Where money is about to be taken, and over each page of the dashboard: that it is no real money, or that searches are
        # answered by less than usual.
        *("checkout.pay", "dashboard.top"),
        # Where a product or category that is about to be deleted is in use, as items of a list.
        *("product.used", "category.used"),
        # A section above the products found; gets `page`, the number of the page that fits better than any of them.
        "search.lead",
        # Both get `text`: sections below the products found (of `pages`, where that is given), and a group of options for
        # the suggestions. What answers a search gets `trail` as well, which its links carry, with their places as `at`.
        *("page.top", "search.results", "search.suggestions"),
        # Addresses of pages, as options of a datalist.
        "dashboard.pages",
    }
)
_providers: dict[str, list[Provider]] = {}

# Plain values in place of markup. "search.stories" gets `text` that is being typed, or `pages`,
# their numbers: title and url of stories. "site.page" gets `path` and
# `language`: the url of the page at that path, in that language where it is translated; nothing where there is no page.
Gatherer = Callable[[HttpRequest, Mapping[str, Any]], list[dict[str, Any]]]
GATHERED = frozenset({"search.stories", "site.page"})
_gatherers: dict[str, list[Gatherer]] = {}


def register(name: str, provider: Provider) -> None:
    """Let `provider` fill the place `name`; several may, in the order in which they registered.

    Raises ValueError for a name that is not in NAMES.
    """
    if name not in NAMES:
        raise ValueError(f"slot {name!r} is not one of {', '.join(sorted(NAMES))}: add it to shop/slots.py")
    providers = _providers.setdefault(name, [])
    if provider not in providers:
        providers.append(provider)


def render(name: str, request: HttpRequest, about: Mapping[str, Any]) -> SafeString:
    """Return the markup of every provider of `name`, joined; empty where nobody registered.

    Raises ValueError for a name that is not in NAMES. Providers return markup that is already safe.
    """
    if name not in NAMES:
        raise ValueError(f"slot {name!r} is not one of {', '.join(sorted(NAMES))}: add it to shop/slots.py")
    return mark_safe("".join(provider(request, about) for provider in _providers.get(name, [])))


def register_data(name: str, gatherer: Gatherer) -> None:
    """Let `gatherer` give values for `name`. Raises ValueError for a name that is not in GATHERED."""
    if name not in GATHERED:
        raise ValueError(f"data {name!r} is not one of {', '.join(sorted(GATHERED))}: add it to shop/slots.py")
    gatherers = _gatherers.setdefault(name, [])
    if gatherer not in gatherers:
        gatherers.append(gatherer)


def gather(name: str, request: HttpRequest, about: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The values that everybody registered for `name` gives. Raises ValueError for a name that is not in GATHERED."""
    if name not in GATHERED:
        raise ValueError(f"data {name!r} is not one of {', '.join(sorted(GATHERED))}: add it to shop/slots.py")
    return [value for gatherer in _gatherers.get(name, []) for value in gatherer(request, about)]
