"""Middleware that belongs to the whole site."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse

from shop.markets import resolve_market

from .errors import not_found


class MarketMiddleware:
    """Sets `request.market` once, before anything asks for a price."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.market = resolve_market(request)  # type: ignore[attr-defined]
        return self.get_response(request)


# Neither back office loads anything from another host. Wagtail's editor starts with inline scripts; the dashboard has
# none, and only its editor of descriptions (TinyMCE) writes styles.
BACK_OFFICE_SCRIPTS = {"/cms/": "script-src 'self' 'unsafe-inline'", "/dashboard/": "script-src 'self'"}
BACK_OFFICE_POLICY = "; ".join(
    (
        "default-src 'self'",
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
        for path, scripts in BACK_OFFICE_SCRIPTS.items():
            if request.path.startswith(path):
                response.headers.setdefault("Content-Security-Policy", f"{BACK_OFFICE_POLICY}; {scripts}")
        return response


class NotFoundPageMiddleware:
    """Shows the shop's own 404 page where DEBUG would show Django's: who tries the shop out is a visitor.

    Outside of CommonMiddleware, so that a redirect to the address with its slash comes first.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # No view answered to the address: what came is Django's own page.
        if response.status_code == 404 and request.resolver_match is None and hasattr(request, "market"):
            return not_found(request)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A view said that there is no such thing."""
        return not_found(request, exception) if isinstance(exception, Http404) else None
