"""Listing, category and search pages."""

from django.http import HttpRequest, HttpResponse


def search(request: HttpRequest) -> HttpResponse:
    """Search results."""
    return HttpResponse("search")


def suggest(request: HttpRequest) -> HttpResponse:
    """Suggestions while typing."""
    return HttpResponse("")


def listing(request: HttpRequest, path: str = "") -> HttpResponse:
    """All products, or a category."""
    return HttpResponse("shop")
