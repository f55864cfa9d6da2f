"""What the search field suggests while somebody types: searches, categories, brands and products.

Stories come beside these, through the slot "search.suggestions".
"""

from __future__ import annotations

import re
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import F
from django.urls import reverse

from shop.catalogue.cards import ProductCard
from shop.catalogue.selectors import product_cards
from shop.markets import Market

from . import categories, guided, names, spelling
from .elastic import client, completing
from .fulltext import Rank, question
from .insight.selectors import completions
from .models import ListingRow
from .params import LONGEST_TEXT, plain_text
from .rules.selectors import guidance_for
from .stories.database import known as known_to_pages
from .types import Guidance, ListingQuery
from .words import MAX_WORDS, fold, joined, stem, typed, words

SHORTEST = 2
PRODUCTS = 5
SEARCHES = 4
CATEGORIES = 3
BRANDS = 3
# How many of the best matches' titles are read for words to go on with.
READ = 60
_TITLE_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A link; `typed` is the part of the title that the visitor has typed already, then comes the `rest`.

    `note` tells two of one name apart, such as the category above.
    """

    title: str
    url: str
    before: str = ""
    typed: str = ""
    rest: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What there is for one text. `is_asked` tells whether the text is one to suggest something for."""

    text: str
    is_asked: bool = False
    searches: tuple[Suggestion, ...] = ()
    categories: tuple[Suggestion, ...] = ()
    brands: tuple[Suggestion, ...] = ()
    products: tuple[ProductCard, ...] = ()

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.searches) + len(self.categories) + len(self.brands) + len(self.products)


def suggest(text: str, *, market: Market) -> Suggestions:
    """Suggestions for what is typed so far; none for less than two letters or a text that is no search."""
    text = plain_text(text)
    if len(text) < SHORTEST or len(text) > LONGEST_TEXT or not typed(text)[1]:
        return Suggestions(text=text)
    guidance = guidance_for(ListingQuery(text=text))
    others = guided.phrasings(text, guidance)
    rows = _rows(text, language=market.language, forgive=not others)
    for other in others:
        rows = rows or _rows(" ".join(other), language=market.language)
    rows = _shown(rows, guidance)
    cards = product_cards([pk for pk, _title in rows[:PRODUCTS]], market=market)
    return Suggestions(
        text=text,
        is_asked=True,
        searches=_searches(text, [title for _pk, title in rows], language=market.language),
        categories=_categories(text),
        brands=_brands(text),
        products=tuple(cards.values()),
    )


def _rows(text: str, *, language: str, forgive: bool = True) -> list[tuple[int, str]]:
    """Id and title of what begins so. A word that is being typed is no plural yet; where nothing goes on, it was one.

    Where still nothing does, a letter may be wrong, with `forgive`: what has synonyms is not mistyped.
    """
    if client.is_configured():
        with suppress(client.Unavailable):
            return completing.beginning(text, language=language, limit=READ, forgive=forgive)
    done, last = typed(text)
    rows = _matches(text, [*done, last]) or _matches(text, [*done, stem(last)])
    if not rows and forgive:
        unknown = {*done, stem(last)}
        if better := spelling.repaired(text, unknown - known_to_pages(unknown, language=language), slips=True):
            rows = _matches(better, words(better))
    return rows


def _shown(rows: list[tuple[int, str]], guidance: Guidance) -> list[tuple[int, str]]:
    """Without what a rule hides from this search: one query, where there is such a rule."""
    if not rows or not (guidance.hidden or guidance.hidden_groups):
        return rows
    left = ListingRow.objects.filter(guided.shown(guidance), pk__in=[pk for pk, _title in rows])
    ids = set(left.values_list("pk", flat=True))
    return [row for row in rows if row[0] in ids]


def _matches(text: str, asked: list[str]) -> list[tuple[int, str]]:
    """Id and title of the best matches, in stock first."""
    matched = question(every=asked[-MAX_WORDS:], whole=joined(text), prefix=True)
    return list(
        ListingRow.objects.filter(text__document__matches=matched)
        .annotate(rank=Rank(F("text__document"), matched))
        .order_by("-in_stock", "rank", "pk")
        .values_list("pk", "title")[:READ]
    )


def _searches(text: str, titles: list[str], *, language: str) -> tuple[Suggestion, ...]:
    """What others searched for that begins so; then how titles go on, the commonest first.

    Of titles it is the word itself, and the word with the next one.
    """
    *before, last = fold(text).split()
    found: Counter[str] = Counter()
    for title in titles:
        title_words = [fold(word) for word in _TITLE_WORD.findall(title)]
        for place, word in enumerate(title_words):
            if word.startswith(last):
                found[word] += 2
                if place + 1 < len(title_words):
                    found[f"{word} {title_words[place + 1]}"] += 1
                break
    start = " ".join(before)
    ranked = sorted(found.items(), key=lambda item: (-item[1], len(item[0]), item[0]))
    suggested = [
        *completions(text, language=language, limit=SEARCHES),
        *(f"{start} {words_on}".strip() for words_on, _count in ranked),
    ]
    # A plural finds what its singular finds, so that one of them is enough.
    different: dict[tuple[str, ...], str] = {}
    for title in suggested:
        if title != fold(text):
            different.setdefault(tuple(words(title)), title)
    return tuple(
        _suggestion(title, text, f"{reverse('search:search')}?{urlencode({'q': title})}")
        for title in list(different.values())[:SEARCHES]
    )


def _categories(text: str) -> tuple[Suggestion, ...]:
    return tuple(
        _suggestion(name.name, text, categories.address(name.key), note=name.note)
        for name in names.categories(text, CATEGORIES)
    )


def _brands(text: str) -> tuple[Suggestion, ...]:
    return tuple(
        _suggestion(name.name, text, f"{categories.address('')}?{urlencode({'brand': name.key})}")
        for name in names.brands(text, BRANDS)
    )


def _suggestion(title: str, text: str, url: str, *, note: str = "") -> Suggestion:
    place = title.casefold().find(text.casefold())
    if place < 0:
        return Suggestion(title=title, url=url, before=title, note=note)
    end = place + len(text)
    return Suggestion(title=title, url=url, before=title[:place], typed=title[place:end], rest=title[end:], note=note)
