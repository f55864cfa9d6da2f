"""Descriptions arrive as HTML from merchandisers and from files; only what a text needs is let through."""

from __future__ import annotations

from html import unescape

import nh3
from django.utils.html import linebreaks
from django.utils.safestring import SafeString, mark_safe

TAGS = frozenset(
    [
        "p",
        "br",
        "strong",
        "b",
        "em",
        "i",
        "ul",
        "ol",
        "li",
        "h3",
        "h4",
        "a",
        "blockquote",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "dl",
        "dt",
        "dd",
    ]
)
ATTRIBUTES = {"a": {"href", "title"}, "th": {"scope"}}


def safe_html(text: str) -> SafeString:
    """A description as markup: plain text gets paragraphs, HTML loses scripts, styles, handlers and strange tags."""
    if not nh3.is_html(text):
        return mark_safe(linebreaks(text, autoescape=True)) if text.strip() else SafeString("")
    return mark_safe(
        nh3.clean(text, tags=set(TAGS), attributes=ATTRIBUTES, url_schemes={"http", "https", "mailto", "tel"})
    )


def plain_text(text: str) -> str:
    """A description without markup, on one line."""
    return " ".join(unescape(nh3.clean(text, tags=set())).split())
