"""Tags for the templates of pages and blocks.

{% load content_tags %}
{% picture_of block.picture as image %}   {% prose value.text products value.dropcap %}
{% recently_viewed_url as url %}   {% page_numbers page request as numbers %}
"""

from __future__ import annotations

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
def recently_viewed_url() -> str:
    """Where the fragment with what this visitor looked at is; "" where the shop has none."""
    try:
        return reverse("catalogue:recent")
    except NoReverseMatch:
        return ""


@register.simple_tag
def page_numbers(page: Page, request: HttpRequest) -> PageNumbers:
    """Where a list stands, for {% pager %}."""
    query = request.GET.copy()
    query.pop("page", None)
    return PageNumbers(page.number, page.paginator.num_pages, request.path, query.urlencode())
