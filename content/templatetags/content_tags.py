"""Tags for the templates of pages and blocks.

{% load content_tags %}
{% picture_of block.picture as image %}   {% spot_place 47 30 %}   {% prose value.text products value.dropcap %}
{% recently_viewed_url as url %}   {% page_numbers page request as numbers %}   {{ price.now|plain_number }}
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import template
from django.core.paginator import Page
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import SafeString, mark_safe

from content import pictures, rich_text
from shop.catalogue.cards import Picture
from themes.paging import PageNumbers

register = template.Library()


@register.simple_tag
def picture_of(image: Any) -> Picture | None:
    """A Wagtail image as a Picture; its sizes were loaded with the page."""
    return pictures.picture_of(image)


@register.simple_tag
def prose(text: Any, products: Any, dropcap: bool = False) -> SafeString:
    """Rich text with its mentions; the first paragraph may open with a large letter."""
    html = rich_text.render_prose(text.source, products)
    if dropcap:
        html = html.replace("<p", '<p class="dropcap"', 1)
    return mark_safe(html)


@register.simple_tag
def spot_place(x: int, y: int) -> str:
    """The four classes that put a number on a picture, since the page's policy allows no style attributes."""
    (x_tens, x_units), (y_tens, y_units) = divmod(int(x), 10), divmod(int(y), 10)
    return f"x{x_tens}_ x_{x_units} y{y_tens}_ y_{y_units}"


@register.simple_tag
def recently_viewed_url() -> str:
    """Where the fragment with what this visitor looked at is; "" where the shop has none."""
    try:
        return reverse("catalogue:recently-viewed")
    except NoReverseMatch:
        return ""


@register.simple_tag
def page_numbers(page: Page, request: HttpRequest) -> PageNumbers:
    """Where a list stands, for {% pager %}."""
    query = request.GET.copy()
    query.pop("page", None)
    return PageNumbers(page.number, page.paginator.num_pages, request.path, query.urlencode())


@register.filter
def plain_number(amount: Decimal | None) -> str:
    """An amount as scripts read it, whatever the language: 1234.50."""
    return "" if amount is None else f"{amount:.2f}"
