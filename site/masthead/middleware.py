"""Middleware that belongs to the whole site."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from shop.markets import resolve_market


class MarketMiddleware:
    """Sets `request.market` once, before anything asks for a price."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.market = resolve_market(request)  # type: ignore[attr-defined]
        return self.get_response(request)
