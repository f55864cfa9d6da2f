"""What the titles of the whole catalogue say, for their commonest words: read from the index, and kept for ten minutes.

How many products are of a kind weighs votes (feedback.py). What they are called tells how a word is written: "key board"
is a keyboard where keyboards are sold and no key boards, and "smartwatch" finds what says "smart watch".
"""

from __future__ import annotations

import math
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock

from django.conf import settings

from search.words import words

from . import client, german, names
from .heads import asked_for, spelling

KEPT_SECONDS = 600
MOST = 10_000
# So many products have to be called by a word before two words are taken for it, and so many times as many as by the two.
ENOUGH, TIMES = 3, 3
# Of laptops that the catalogue calls notebooks only the accessories say that they are for a laptop.
OTHERWISE = 0.3
# A part of a word that was written as two has so many letters or more.
SHORTEST = 2


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Shares of all products: `kinds` of the sort of thing, `heads` of what they are called. `parted` are heads of two words by these as one, `same` what a word's thing is called else. `brands` are makers' names, and `makers` the same as heads are spelt."""

    kinds: Mapping[str, float] = field(default_factory=dict)
    heads: Mapping[str, float] = field(default_factory=dict)
    parted: Mapping[str, str] = field(default_factory=dict)
    same: Mapping[str, Sequence[str]] = field(default_factory=dict)
    brands: frozenset[str] = frozenset()
    makers: frozenset[str] = frozenset()
    products: int = 0

    def rejoined(self, text: str) -> str:
        """`text` with the words together that the catalogue writes as one; nothing where there are none."""
        typed = text.split()
        found: list[str] = []
        place = 0
        while place < len(typed):
            pair = typed[place : place + 2]
            if len(pair) == 2 and self._is_one(pair):
                found.append("".join(pair))
                place += 2
            else:
                found.append(typed[place])
                place += 1
        return " ".join(found) if len(found) < len(typed) else ""

    def _is_one(self, pair: Sequence[str]) -> bool:
        if not all(word.isalpha() and len(word) >= SHORTEST for word in pair):
            return False
        together = self.heads.get(_head("".join(pair)), 0.0)
        apart = self.heads.get(_head(" ".join(pair)), 0.0)
        return together * self.products >= ENOUGH - 0.5 and together >= TIMES * apart

    def also(self, text: str) -> tuple[tuple[str, str], ...]:
        """What of `text` products are called in another way: by another word, a word as two, or two as one."""
        typed = text.split()
        found: dict[tuple[str, str], None] = {}
        thing = self._thing(text)
        for place, word in enumerate(typed):
            if thing and _head(word) == thing:
                found |= {(word, other): None for other in self.same.get(thing, ())}
            if parted := self.parted.get(_head(word)):
                found[word, parted] = None
            pair = typed[place : place + 2]
            if len(pair) == 2 and (one := _head("".join(pair))) in self.heads and one.isalpha():
                found[" ".join(pair), one] = None
        return tuple(found)

    def says(self, word: str) -> bool:
        """Whether titles or makers' names have the word. Of a great catalogue it knows the commonest alone: then any."""
        if len(self.kinds) >= MOST:
            return True
        return any(spelt in self.kinds for spelt in words(word)) or any(word in brand.split() for brand in self.brands)

    def weight(self, text: str) -> float:
        """What the words as they are typed are worth beside those of `also`: less where products are called otherwise."""
        thing = self._thing(text)
        others = max((self.heads[_head(other)] for other in self.same.get(thing, ())), default=0.0)
        return OTHERWISE if others > TIMES * self.heads.get(thing, 0.0) else 1.0

    def _thing(self, text: str) -> str:
        """What a question is about, in one word."""
        return "".join(asked_for(text, compounds=german.is_spoken(), behind=self.behind(text))[-1:])

    def behind(self, text: str) -> int:
        """How many words stand behind the thing that a question names: a "monitor samsung", a "cable hdmi".

        They are a maker's name, or the catalogue calls things by the two the other way round.
        """
        said = "".join(asked_for(text, compounds=german.is_spoken())[:1]).split()
        for last in (2, 1):
            thing, rest = said[:-last], " ".join(said[-last:])
            if not thing or self._calls(f"{thing[-1]} {rest}"):
                continue
            if rest in self.makers or (last == 1 and self._calls(f"{rest} {thing[-1]}")):
                return last
        return 0

    def _calls(self, head: str) -> bool:
        """Whether enough products are called so."""
        return self.heads.get(head, 0.0) * self.products >= ENOUGH - 0.5


def _head(text: str) -> str:
    """A text as the index spells what things are called."""
    return " ".join(spelling(compounds=german.is_spoken())(text))


@dataclass(slots=True)
class _Held:
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    read_at: float = -math.inf
    index: str = ""


_held, _lock = _Held(), Lock()


def forget() -> None:
    """Read it anew the next time: the index is another one. Other processes do so within ten minutes."""
    with _lock:
        _held.read_at = -math.inf


def vocabulary() -> Vocabulary:
    """What the catalogue says. Raises client.Unavailable."""
    name = client.alias()
    with _lock:
        if _held.index != name or time.monotonic() - _held.read_at > KEPT_SECONDS:
            _held.vocabulary = _read()
            _held.read_at, _held.index = time.monotonic(), name
        return _held.vocabulary


def _read() -> Vocabulary:
    fields = {"kinds": "kinds", "heads": "heads", "brands": "brand.exact"}
    aggs = {name: {"terms": {"field": path, "size": MOST}} for name, path in fields.items()}
    answer = client.ask({"size": 0, "track_total_hits": True, "aggs": aggs}, needs=("hits", "aggregations"))
    number = int(answer["hits"]["total"]["value"])
    kinds, heads, brands = (
        {bucket["key"]: bucket["doc_count"] / max(1, number) for bucket in answer["aggregations"][name]["buckets"]}
        for name in fields
    )
    pairs = [head for head in heads if head.count(" ") == 1]
    # A German analyser takes compounds apart itself.
    parted = {} if german.is_spoken() else {head.replace(" ", ""): head for head in pairs}
    return Vocabulary(
        kinds,
        heads,
        {word: head for word, head in parted.items() if word in heads or word in kinds},
        _same(heads, pairs),
        frozenset(brands),
        frozenset(map(_head, brands)),
        number,
    )


def _same(heads: Collection[str], pairs: Sequence[str]) -> dict[str, list[str]]:
    """What products are called that others say differently, for words whose sameness the catalogue does not contradict."""
    language = settings.LANGUAGE_CODE.partition("-")[0]
    found = {
        _head(word): [other for other in others if _head(other) in heads]
        for word, others in names.partners(names.SAME.get(language, "")).items()
    }
    sometimes = names.partners(names.SOMETIMES.get(language, ""))
    beside: dict[str, set[str]] = {_head(word): set() for word in sometimes}
    for first, _blank, last in (pair.partition(" ") for pair in pairs):
        if first in beside:
            beside[first].add(last)
    for word, others in sometimes.items():
        mine = _head(word)
        shared = [
            other
            for other in others
            if _head(other) in heads and len(beside[mine] & beside[_head(other)]) >= names.SHARED
        ]
        found[mine] = [*found.get(mine, ()), *shared]
    return found
