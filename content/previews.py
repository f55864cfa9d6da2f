"""Previews of the shop's own pages: their views, called without going through an address.

Oscar's product view redirects where the path is not the product's own, and would count a view; the shop's functions
that make context and template do neither.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def product_page(request: HttpRequest, product: Any) -> HttpResponse:
    """The product page as this visitor would get it."""
    from shop.catalogue.views import product_page as page

    return render(request, *page(request, product.slug, preview=True))


def category_page(request: HttpRequest, category: Any) -> HttpResponse:
    """The category page as this visitor would get it."""
    from search.views import listing

    return listing(request, path=category.full_slug)
