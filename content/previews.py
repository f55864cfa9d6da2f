"""Previews of the shop's own pages: their templates and contexts, without going through an address.

Oscar's product view redirects where the path is not the product's own, and would count a view; the shop's functions
that make template and context do neither.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse


def product_page(request: HttpRequest, product: Any) -> HttpResponse:
    """The product page as this visitor would get it; also of a product that is not published yet."""
    from shop.catalogue.views import product_page as page

    owner = product.parent if product.is_child else product
    template, context = page(request, owner.slug, preview=True)
    return TemplateResponse(request, template, context)


def category_page(request: HttpRequest, category: Any) -> HttpResponse:
    """The category page as this visitor would get it."""
    from search.pages import category_page as page
    from search.params import parse

    template, context = page(request, category, parse(request.GET))
    return TemplateResponse(request, template, context)
