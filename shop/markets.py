"""A market: the site, language, country and currency that a visitor sees. Resolved once a request, part of every cache key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

COOKIE_AGE = 365 * 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class Market:
    """What a page's prices and words depend on for an anonymous visitor. Country is ISO 3166-1 alpha-2."""

    host: str
    language: str
    country: str
    currency: str

    @property
    def key(self) -> str:
        """A short text for cache keys."""
        return f"{self.host}:{self.language}:{self.country}:{self.currency}"


def home_market(host: str = "") -> Market:
    """The market of the shop's own country, for mails, commands and feeds."""
    return Market(
        host=host,
        language=get_language() or settings.LANGUAGE_CODE,
        country=settings.SHOP_HOME_COUNTRY,
        currency=settings.SHOP_CURRENCY,
    )


def resolve_market(request: HttpRequest) -> Market:
    """Work out the market from host, path and the country cookie; never from Accept-Language or an address look-up."""
    country = request.COOKIES.get(settings.COUNTRY_COOKIE_NAME, "")
    if country not in settings.SHOP_COUNTRIES:
        country = settings.SHOP_HOME_COUNTRY
    return Market(
        host=request.get_host(),
        language=get_language() or settings.LANGUAGE_CODE,
        country=country,
        currency=settings.SHOP_CURRENCY,
    )


def market_of(request: HttpRequest) -> Market:
    """The market that the middleware found for this request."""
    market: Market = cast(Any, request).market
    return market
