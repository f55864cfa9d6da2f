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


# Wagtail's editor and Oscar's dashboard start with inline scripts and styles; neither loads anything from another host.
BACK_OFFICE_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "frame-ancestors 'self'",
        "form-action 'self'",
        "base-uri 'self'",
        "object-src 'none'",
    )
)


class BackOfficePolicyMiddleware:
    """Gives /cms/ and /dashboard/ their own policy; the storefront's strict one leaves them out."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith(("/cms/", "/dashboard/")):
            response.headers.setdefault("Content-Security-Policy", BACK_OFFICE_POLICY)
        return response
