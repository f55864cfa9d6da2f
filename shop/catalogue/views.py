"""The product page."""

from django.http import HttpRequest, HttpResponse


def product(request: HttpRequest, slug: str) -> HttpResponse:
    """One product."""
    return HttpResponse(slug)
