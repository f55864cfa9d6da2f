"""A visitor's words as clauses that find and rank products.

What was measured to be worth it, and what was not, stands in docs/search.md: one blended field for all words
(`cross_fields`), what attributes say at a third, no weight for titles, all words before some of them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from search.words import MAX_WORDS, fold, words

from .conditions import Clause, any_of

FIELDS = ("title", "names", "brand", "body", "attributes^0.3", "shelves^0.3")
# The question is the name of a brand; it is that of a shelf: what stands there is the thing itself and no accessory.
BRAND, SHELF = 2.0, 5.0
# Part numbers are looked for by their beginning from so many characters on.
SHORTEST_PART = 4
# A part number as a whole is worth more than its pieces in a text.
NUMBER, BEGINNING = 4.0, 1.0
EXACT, PHRASE = "exact", "phrase"
_CHUNK = re.compile(r"\S+")
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Question:
    """What is looked for: `text`, and other ways to say it that would do as well."""

    text: str
    others: tuple[str, ...] = ()

    def every(self) -> Clause:
        """Products with all the words, in whichever fields; a part number counts however it is written."""
        return _either([_every(phrase) for phrase in (self.text, *self.others)])

    def some(self) -> Clause:
        """Products with one of the words or more."""
        return _either([_match(phrase, "or") for phrase in (self.text, *self.others)])

    def extras(self) -> list[Clause]:
        """What makes some of the products found better ones: the brand itself, the very title, the phrase in it."""
        phrases = (self.text, *self.others)
        titles = [" ".join(words(phrase)) for phrase in phrases]
        return [
            {"constant_score": {"filter": {"terms": {"shelf_words": titles}}, "boost": SHELF}},
            *({"term": {"brand.exact": {"value": phrase, "boost": BRAND}}} for phrase in phrases),
            _named(EXACT, [{"terms": {"title_words": titles}}]),
            _named(PHRASE, [{"match_phrase": {"title": phrase}} for phrase in phrases]),
        ]


def _either(clauses: Sequence[Clause]) -> Clause:
    """The best of these counts, not their sum: saying a thing in two ways makes it no better."""
    return clauses[0] if len(clauses) == 1 else {"dis_max": {"queries": list(clauses)}}


def _match(text: str, operator: str) -> Clause:
    return {"multi_match": {"query": text, "type": "cross_fields", "fields": list(FIELDS), "operator": operator}}


def _named(name: str, clauses: Sequence[Clause]) -> Clause:
    """A clause that is told of each product found and adds nothing to its score: the reranking weighs it."""
    return {"constant_score": {"filter": any_of(clauses), "boost": 0, "_name": name}}


def _every(text: str) -> Clause:
    chunks = _CHUNK.findall(text)[:MAX_WORDS]
    numbers = [chunk for chunk in chunks if part_number(chunk)]
    plain = [chunk for chunk in chunks if not part_number(chunk)]
    clauses = [_match(" ".join(plain), "and")] if plain else []
    clauses += [_number(chunk) for chunk in numbers]
    if whole := _joined(text, chunks):
        # "CF 280 X" is written with blanks: the whole as one number would do, too.
        together = {"bool": {"must": clauses}} if len(clauses) > 1 else clauses[0]
        return {"dis_max": {"queries": [together, {"term": {"numbers": {"value": whole, "boost": NUMBER}}}]}}
    return {"bool": {"must": clauses}} if len(clauses) != 1 else clauses[0]


def part_number(text: str) -> bool:
    """Whether this may be a part number, an EAN or the beginning of one: four characters or more, and a digit."""
    whole = spelt(text)
    return SHORTEST_PART <= len(whole) <= 40 and any(char.isdigit() for char in whole)


def _number(chunk: str) -> Clause:
    whole = spelt(chunk)
    ways: list[Clause] = [_match(chunk, "and"), {"term": {"numbers": {"value": whole, "boost": NUMBER}}}]
    ways.append({"prefix": {"numbers": {"value": whole, "boost": BEGINNING}}})
    if whole.isdigit() and whole.startswith("0"):
        ways.append({"term": {"numbers": {"value": whole.lstrip("0"), "boost": NUMBER}}})
    return {"dis_max": {"queries": ways}}


def _joined(text: str, chunks: Sequence[str]) -> str:
    """Several chunks as one part number, or nothing where they cannot be one."""
    return spelt(text) if len(chunks) > 1 and part_number(text) else ""


def spelt(text: str) -> str:
    """As the index spells part numbers: lower case, without accents and separators."""
    return "".join(_WORD.findall(fold(text)))
