"""How well a page fits words, whoever found it, and whether it fits them better than any product."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from search import names
from search.types import ListingResult
from search.words import words
from shop.catalogue.cards import ProductCard

from .types import Fit, FoundPage, PagesResult

# A title that has nothing of the question but a word this short has nothing of it.
LONG_ENOUGH = 4
# Cards of a list that are looked at: the first two rows of them.
LOOKED_AT = 8


def fit_of(text: str, title: str, topics: Iterable[str], *, every_word: bool = True) -> Fit:
    """How well a page with this title and these topics fits `text`, which it says with every word or with most."""
    asked = words(text)
    in_title = words(title)
    if asked and asked == in_title:
        return "title"
    if not every_word:
        return "some"
    longest = max(map(len, asked), default=0)
    if longest >= LONG_ENOUGH and (_has(in_title, asked) or any(words(topic) == asked for topic in topics)):
        return "named"
    return "said"


def leading(text: str, pages: PagesResult, result: ListingResult, cards: Sequence[ProductCard]) -> FoundPage | None:
    """The page that belongs above the products, as it fits `text` better than any of them; mostly there is none.

    One whose title or topic has all the words, before products that are not called so; one that only says them, where no
    product has them all. Who searches for a shelf or a maker wants its products.
    """
    if not pages.pages:
        return None
    first, asked = pages.pages[0], words(text)
    if not result.total or result.relaxed:
        return None if first.fit == "some" else first
    if first.fit not in {"title", "named"} or _is_shelf(text):
        return None
    shown = cards[:LOOKED_AT]
    called = any(_has(words(f"{card.title} {card.subtitle} {card.brand}"), asked) for card in shown)
    return None if called else first


def _has(held: Sequence[str], asked: Sequence[str]) -> bool:
    """Whether each asked word is one of those held, or the beginning of one."""
    return all(any(word.startswith(one) if len(one) >= LONG_ENOUGH else word == one for word in held) for one in asked)


def _is_shelf(text: str) -> bool:
    """Whether this is the name of a category or brand, which is searched for because of its products."""
    spelt = names.spelt(text)
    return any(name.spelt == spelt for name in (*names.categories(text, 3), *names.brands(text, 3)))
