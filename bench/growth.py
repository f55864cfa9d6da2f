"""A catalogue multiplied: documents of the search index in many variations, one batch in memory at a time.

Every copy of a product keeps its words, brand, categories and attributes, so that each question finds as many times more
products as there are copies, which is as hard as it gets. What is a product's own differs from copy to copy: its number,
the digits of its part numbers and model names wherever they stand, prices by a fifth either way, what was sold, and the day
of its release.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import islice
from typing import Any

from search.elastic.documents import spellings
from search.words import words

# A word with a digit that at most so many products have in their titles is a model's name: "XP-610" and not "13-inch".
RARE = 3
SHORTEST = 3
# Numbers of copies stand as far apart as any catalogue's own do.
APART = 10_000_000
_CHUNK = re.compile(r"[^\s,;()/]+")
_DIGIT = re.compile(r"\d")


def rare_words(titles: Iterable[str]) -> frozenset[str]:
    """The words with digits that few of these titles have."""
    held: Counter[str] = Counter()
    for title in titles:
        held.update({chunk for chunk in _CHUNK.findall(title) if is_number(chunk)})
    return frozenset(chunk for chunk, number in held.items() if number <= RARE)


def is_number(chunk: str) -> bool:
    """Whether this may be a part number or a model's name."""
    return len(chunk) >= SHORTEST and bool(_DIGIT.search(chunk))


class Copies:
    """Makes the copies of one document. `numbers` are its part numbers as they are written."""

    def __init__(self, document: dict[str, Any], numbers: Sequence[str], rare: frozenset[str]) -> None:
        self.document = document
        self.numbers = numbers
        own = {chunk for title in document["title"] for chunk in _CHUNK.findall(title) if chunk in rare}
        own |= {chunk for number in numbers for chunk in _CHUNK.findall(number) if is_number(chunk)}
        # The longest first: "AB-12" before "12".
        ordered = sorted(own, key=lambda chunk: (-len(chunk), chunk))
        self._own = re.compile("|".join(map(re.escape, ordered))) if ordered else None

    def copy(self, number: int) -> dict[str, Any]:
        """The copy of this number; number 0 is the product itself."""
        if not number:
            return self.document
        held = self.document
        chance = random.Random(f"{number}:{held['id']}")
        factor = chance.uniform(0.8, 1.2)
        titles = [self._renumbered(title, number) for title in held["title"]]
        numbers = [self._renumbered(one, number) for one in self.numbers]
        released = date.fromisoformat(held["released"]) - timedelta(days=chance.randrange(720))
        return {
            **held,
            "id": held["id"] + number * APART,
            "title": titles,
            "title_words": list(dict.fromkeys(" ".join(words(title))[:256] for title in titles)),
            "title_sort": self._renumbered(held["title_sort"], number),
            "names": [*numbers, *held["names"][len(numbers) :]],
            "numbers": spellings(numbers),
            "body": self._renumbered(held["body"], number),
            "prices": [round(price * factor) for price in held["prices"]],
            **{
                name: None if held[name] is None else round(held[name] * factor) for name in ("price_low", "price_high")
            },
            "popularity": round(held["popularity"] * chance.uniform(0.0, 2.0)),
            "released": released.isoformat(),
        }

    def _renumbered(self, text: str, number: int) -> str:
        return self._own.sub(lambda found: _other_digits(found[0], number), text) if self._own else text


def _other_digits(word: str, number: int) -> str:
    """The same word with other digits, and one more where they are too few to tell hundreds of copies apart."""
    chance = random.Random(f"{number}:{word.lower()}")
    told = _DIGIT.sub(lambda _digit: str(chance.randrange(10)), word)
    return told if len(_DIGIT.findall(word)) >= SHORTEST else f"{told}{number}"


def multiplied(
    documents: Iterable[tuple[dict[str, Any], Sequence[str]]], rare: frozenset[str], *, rows: int, wanted: int
) -> Iterator[dict[str, Any]]:
    """As many documents as are wanted of `rows` products, made as they are taken: each product with all of its copies."""
    most = -(-wanted // rows)
    # The last copies are those of the first products only.
    full = wanted - rows * (most - 1)
    made = (
        copies.copy(number)
        for place, copies in enumerate(Copies(document, numbers, rare) for document, numbers in documents)
        for number in range(most if place < full else most - 1)
    )
    return islice(made, wanted)
