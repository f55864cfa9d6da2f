"""Which rules a question meets: an index by words, so that two thousand rules cost what a handful costs.

Pure: a book is made from contents and asked with words and a moment.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from ..types import Boost, Group, Guidance
from ..words import MAX_WORDS, words
from .content import Content

# How exactly a rule names the question: of two, the more exact one has its pins, banner and redirect first.
EXACTNESS = {"exact": 0, "words": 1, "contains": 2}
# So many boosts of a question reach an engine, the strongest first.
MOST_BOOSTS = 40

Phrase = tuple[str, ...]
Key = TypeVar("Key", str, int)
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Redirect:
    """The question is answered by a page of the site."""

    url: str


@dataclass(frozen=True, slots=True)
class Notice:
    """A banner on top of the list, in the visitor's language."""

    text: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Book:
    """All rules that hold, by id, and where to look for them. Make one with `Book.of`."""

    rules: Mapping[int, Content] = field(default_factory=dict)
    # By one of its words: the rule, and the phrase as words.py spells it.
    by_word: Mapping[str, tuple[tuple[int, Phrase], ...]] = field(default_factory=dict)
    by_category: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    # By the first word of a phrase that has synonyms: the set, the phrase and how it is written.
    synonyms: Mapping[str, tuple[tuple[int, Phrase, str], ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, rules: Mapping[int, Content]) -> Book:
        """Index these rules."""
        by_word: dict[str, list[tuple[int, Phrase]]] = defaultdict(list)
        by_category: dict[int, list[int]] = defaultdict(list)
        synonyms: dict[str, list[tuple[int, Phrase, str]]] = defaultdict(list)
        for pk, content in rules.items():
            if content.kind == "category":
                if content.category_id is not None:
                    by_category[content.category_id].append(pk)
            elif content.kind == "synonyms":
                for said in content.queries if content.one_way else content.also:
                    if phrase := spelt(said):
                        synonyms[phrase[0]].append((pk, phrase, said))
            else:
                for phrase in {spelt(query) for query in content.queries} - {()}:
                    # The longest word of a phrase is the rarest, as a rule.
                    by_word[max(phrase, key=len)].append((pk, phrase))
        return cls(
            rules=dict(rules), by_word=_fixed(by_word), by_category=_fixed(by_category), synonyms=_fixed(synonyms)
        )

    def with_rule(self, pk: int, content: Content | None) -> Book:
        """The same book with another content for one rule, or without it."""
        rules = {key: held for key, held in self.rules.items() if key != pk}
        return Book.of(rules if content is None else {**rules, pk: content})

    def for_words(self, text: str, now: datetime) -> list[tuple[int, Content]]:
        """The rules that a search meets, the most exact first."""
        asked = spelt(text)
        met: dict[int, tuple[int, int, int]] = {}
        for word in set(asked):
            for pk, phrase in self.by_word.get(word, ()):
                content = self.rules[pk]
                if content.is_on(now) and _meets(content.match, phrase, asked):
                    order = (EXACTNESS[content.match], -len(phrase), pk)
                    met[pk] = min(met.get(pk, order), order)
        return [(pk, self.rules[pk]) for pk in sorted(met, key=lambda pk: met[pk])]

    def for_category(self, category_id: int, now: datetime) -> list[tuple[int, Content]]:
        """The rules of one category's own page."""
        held = self.by_category.get(category_id, ())
        return [(pk, self.rules[pk]) for pk in sorted(held) if self.rules[pk].is_on(now)]

    def phrasings(self, text: str, now: datetime) -> tuple[tuple[str, ...], ...]:
        """For each phrase of a search that has synonyms: the phrase, then what else would do."""
        asked = spelt(text)
        found: dict[str, dict[str, None]] = {}
        for place, word in enumerate(asked):
            for pk, phrase, said in self.synonyms.get(word, ()):
                content = self.rules[pk]
                if asked[place : place + len(phrase)] == phrase and content.is_on(now):
                    others = found.setdefault(said, {})
                    others.update(dict.fromkeys(other for other in content.also if spelt(other) != phrase))
        return tuple((said, *others) for said, others in found.items() if others)


EMPTY = Book()


def spelt(text: str) -> Phrase:
    """A search as it is compared: without capitals, accents, signs and plurals."""
    return tuple(words(text))[:MAX_WORDS]


def _fixed(index: Mapping[Key, list[Value]]) -> dict[Key, tuple[Value, ...]]:
    return {key: tuple(values) for key, values in index.items()}


def _meets(match: str, phrase: Phrase, asked: Phrase) -> bool:
    if match == "exact":
        return phrase == asked
    if match == "words":
        return set(phrase) <= set(asked)
    length = len(phrase)
    return any(asked[place : place + length] == phrase for place in range(len(asked) - length + 1))


def guidance(
    met: Iterable[tuple[int, Content]], *, text: str, phrasings: Iterable[tuple[str, ...]], now: datetime
) -> Guidance:
    """What these rules say together, the first one first. What is hidden by one is not pinned by another."""
    pins: list[tuple[int, int]] = []
    hidden: set[int] = set()
    groups: dict[Group, None] = {}
    boosts: list[Boost] = []
    also: list[tuple[str, ...]] = list(phrasings)
    about: set[str] = set()
    met = tuple(met)
    for _pk, content in met:
        if any(entry.action == "pin" and not entry.is_over(now) for entry in content.entries):
            about.update(word for query in content.queries for word in spelt(query))
    for entry in (entry for _pk, content in met for entry in content.entries if not entry.is_over(now)):
        product = int(entry.value) if entry.kind == "product" and entry.value.isdecimal() else 0
        if entry.action == "pin":
            pins.append((entry.place, product))
        elif entry.action != "hide":
            boosts.append(Boost(entry.kind, entry.value, entry.factor))
        elif entry.kind == "product":
            hidden.add(product)
        else:
            groups[Group(entry.kind, entry.value)] = None
    also += [(text, *content.also) for _pk, content in met if content.also and text]
    boosts.sort(key=lambda boost: -abs(boost.factor - 1))
    return Guidance(
        pins=tuple(pin for pin in pins if pin[1] not in hidden),
        hidden=frozenset(hidden),
        hidden_groups=tuple(groups),
        boosts=tuple(boosts[:MOST_BOOSTS]),
        also=tuple(also),
        words=tuple(sorted(about & set(spelt(text)))),
    )


def answer(met: Iterable[tuple[int, Content]], *, language: str) -> Redirect | Notice | None:
    """The first redirect of these rules, or else the first banner in this language."""
    found: Notice | None = None
    for _pk, content in met:
        if content.redirect:
            return Redirect(content.redirect)
        if found is None:
            found = next(
                (Notice(banner.text, banner.link) for banner in content.banners if banner.language == language), None
            )
    return found
