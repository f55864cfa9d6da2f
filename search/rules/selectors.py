"""What the rules say about a question; what the dashboard shows of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.utils import timezone
from django.utils.translation import get_language

from ..types import NO_GUIDANCE, Guidance, ListingQuery
from . import reading
from .content import Content
from .matching import Book, Notice, Redirect, answer, guidance

Provider = Callable[[ListingQuery], Guidance]

__all__ = [
    "Book",
    "Notice",
    "Provider",
    "Redirect",
    "answer_for",
    "guidance_for",
    "provider",
    "published_book",
]


def published_book() -> Book:
    """Everything that is published. No query while nothing changed, one otherwise."""
    return reading.book()


def guidance_for(query: ListingQuery, *, book: Book | None = None, now: datetime | None = None) -> Guidance:
    """What merchandisers say about `query`: the published rules, or those of `book` for a draft's preview or its check.

    A search meets rules for searches, a category's own page without words those of the category.
    """
    book = reading.book() if book is None else book
    if not book.rules:
        return NO_GUIDANCE
    now = now or timezone.now()
    met = _met(query.text, query.category_id, book, now)
    phrasings = book.phrasings(query.text, now) if query.text else ()
    if not met and not phrasings:
        return NO_GUIDANCE
    return guidance(met, text=query.text, phrasings=phrasings, now=now)


def provider(book: Book, *, now: datetime | None = None) -> Provider:
    """What this book says about any question, for whoever compares two books."""
    return lambda query: guidance_for(query, book=book, now=now)


def answer_for(
    text: str = "",
    *,
    category_id: int | None = None,
    book: Book | None = None,
    language: str = "",
    now: datetime | None = None,
) -> Redirect | Notice | None:
    """Whether a search or a category is answered by another page, or has a banner on top."""
    book = reading.book() if book is None else book
    if not book.rules:
        return None
    met = _met(text, category_id, book, now or timezone.now())
    return answer(met, language=language or get_language() or "")


def _met(text: str, category_id: int | None, book: Book, now: datetime) -> list[tuple[int, Content]]:
    if text:
        return book.for_words(text, now)
    return book.for_category(category_id, now) if category_id is not None else []
