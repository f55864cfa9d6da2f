"""A visitor's words as clauses that find and rank products.

What was measured to be worth it, and what was not, stands in docs/search.md: one blended field for all words
(`cross_fields`), what attributes say at a third, no weight for titles, all words before some of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from search.words import MAX_WORDS, fold, words

from . import german
from .conditions import Clause, any_of
from .heads import asked_for

FIELDS = ("title", "names", "brand", "body", "measures^0.3", "attributes^0.3", "shelves^0.3")
LISTS = "lists^0.3"
# Where words that stand together say more than the same words apart.
SAYING = ("title", "body")
# The question is the name of a brand; it is that of a shelf: what stands there is the thing itself and no accessory.
BRAND, SHELF = 2.0, 5.0
# The title calls the thing so.
HEAD = 0.75
# The other way to write a word: "smart watch" where "smartwatch" was typed.
SPELT = 0.8
# Part numbers are looked for by their beginning from so many characters on.
SHORTEST_PART = 4
# A part number as a whole is worth more than its pieces in a text.
NUMBER, BEGINNING = 4.0, 1.0
EXACT, PHRASE, TOGETHER = "exact", "phrase", "together"
THING, VERY, BESIDE = "thing", "very", "beside"
# Every text has them, and no thing is called so.
_SMALL = (
    "for with and or the a an of to in on my fur mit und oder der die das ein eine von zu "
    "what which who how is are was were be do does i you there this that these any have has need "
    "was welche welcher welches wie ist sind gibt es ich"
)
SMALL = frozenset(_SMALL.split())
# Behind a number it is a measure.
INCH = "in"
# Words stand together that have so many others between them at most.
BETWEEN = 1
_CHUNK = re.compile(r"\S+")
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Question:
    """What is looked for: `text`, which is worth `own`, and other ways to say it, of which `less` are worth less than one.

    So many words `behind` the thing that it names do not say what it is.
    """

    text: str
    others: tuple[str, ...] = ()
    own: float = 1.0
    less: Mapping[str, float] = field(default_factory=dict)
    behind: int = 0

    def every(self) -> Clause:
        """Products with all the words, in whichever fields; a part number counts however it is written."""
        return self._either(_every)

    def some(self) -> Clause:
        """Products with one of the words or more."""
        return self._either(_some)

    def extras(self) -> list[Clause]:
        """What makes some of the products found better ones: the brand itself, and standing on the very shelf."""
        heads, _exact = self._heads()
        return [
            *([_named(THING, [{"terms": {"heads": heads}}], boost=HEAD)] if heads else []),
            {"constant_score": {"filter": {"terms": {"shelf_words": self._titles()}}, "boost": SHELF}},
            *({"term": {"brand.exact": {"value": phrase, "boost": BRAND}}} for phrase in (self.text, *self.others)),
        ]

    def marks(self) -> list[Clause]:
        """What is told of each product found, for the reranking to weigh: the very title, the words together."""
        phrases, titles = (self.text, *self.others), self._titles()
        heads, exact = self._heads()
        several = [phrase for phrase, title in zip(phrases, titles, strict=True) if " " in title]
        return [
            _named(EXACT, [{"terms": {"title_words": titles}}]),
            _named(PHRASE, [{"match_phrase": {"title": phrase}} for phrase in phrases]),
            *([_named(BESIDE, [{"terms": {"beside": heads}}])] if heads else []),
            *([_named(VERY, [{"terms": {"heads": exact}}])] if exact else []),
            *([_named(TOGETHER, near)] if (near := [_near(phrase, at) for phrase in several for at in SAYING]) else []),
        ]

    def _either(self, clause: Callable[[str], Clause]) -> Clause:
        """The best of these counts, not their sum: saying a thing in two ways, or in more words, makes it no better."""
        if not self.others:
            return clause(self.text)
        ways = [
            _worth(clause(self.text), self.own),
            *(_worth(clause(other), self._fair(other)) for other in self.others),
        ]
        return {"dis_max": {"queries": ways}}

    def _fair(self, other: str) -> float:
        """What another way is worth: the same word written apart a little less, since what was typed comes first."""
        mine, theirs = words(self.text), words(other)
        worth = SPELT if "".join(mine) == "".join(theirs) else self.less.get(other, 1.0)
        return worth * min(1.0, len(mine) / max(1, len(theirs)))

    def _heads(self) -> tuple[list[str], list[str]]:
        """What it is about, in one word, and in several."""
        compounds, phrases = german.is_spoken(), (self.text, *self.others)
        found = dict.fromkeys(
            head for phrase in phrases for head in asked_for(phrase, compounds=compounds, behind=self.behind)
        )
        return [head for head in found if " " not in head], [head for head in found if " " in head]

    def _titles(self) -> list[str]:
        return [" ".join(words(phrase)) for phrase in (self.text, *self.others)]


def _worth(clause: Clause, boost: float) -> Clause:
    return clause if boost == 1 else {"bool": {"must": [clause], "boost": boost}}


def _match(text: str, operator: str) -> Clause:
    chunks = said(text)
    if german.is_spoken():
        chunks = [part for chunk in chunks for part in (german.parts(chunk) if chunk.isalpha() else [chunk])]
    query = " ".join(chunks)
    return {"multi_match": {"query": query, "type": "cross_fields", "fields": list(FIELDS), "operator": operator}}


def _together(chunk: str) -> Clause:
    """Its pieces side by side: "XP-610" is not what says XP somewhere and 610 elsewhere."""
    return {"multi_match": {"query": chunk, "type": "phrase", "fields": [*FIELDS, LISTS]}}


def said(text: str) -> list[str]:
    """The words to look for: small ones ("ink for XP-610", "a mouse") only where no other is there, but "13 in" as it is."""
    chunks = _CHUNK.findall(text)[:MAX_WORDS]
    before = ["", *chunks]
    telling = [
        chunk
        for chunk, last in zip(chunks, before, strict=False)
        if fold(chunk) not in SMALL or (fold(chunk) == INCH and last[-1:].isdigit())
    ]
    return telling or chunks


def _near(text: str, at: str) -> Clause:
    return {"match_phrase": {at: {"query": text, "slop": BETWEEN}}}


def _named(name: str, clauses: Sequence[Clause], *, boost: float = 0) -> Clause:
    """A clause that is told of each product found, and mostly adds nothing to its score: the reranking weighs it."""
    return {"constant_score": {"filter": any_of(clauses), "boost": boost, "_name": name}}


def _every(text: str) -> Clause:
    chunks = said(text)
    numbers = [chunk for chunk in chunks if part_number(chunk)]
    plain = [chunk for chunk in chunks if not part_number(chunk)]
    clauses = [_match(" ".join(plain), "and")] if plain else []
    clauses += [_number(chunk) for chunk in numbers]
    if whole := _joined(text, chunks):
        # "CF 280 X" is written with blanks: the whole as one number would do, too.
        together = {"bool": {"must": clauses}} if len(clauses) > 1 else clauses[0]
        return {"dis_max": {"queries": [together, {"term": {"numbers": {"value": whole, "boost": NUMBER}}}]}}
    return {"bool": {"must": clauses}} if len(clauses) != 1 else clauses[0]


def _some(text: str) -> Clause:
    chunks = said(text)
    numbers = [chunk for chunk in chunks if part_number(chunk) and len(_WORD.findall(chunk)) > 1]
    if not numbers:
        return _match(text, "or")
    plain = " ".join(chunk for chunk in chunks if chunk not in numbers)
    return any_of([*([_match(plain, "or")] if plain else []), *(_together(chunk) for chunk in numbers)])


def part_number(text: str) -> bool:
    """Whether this may be a part number, an EAN or the beginning of one: four characters or more, and a digit."""
    whole = spelt(text)
    return SHORTEST_PART <= len(whole) <= 40 and any(char.isdigit() for char in whole)


def _number(chunk: str) -> Clause:
    whole = spelt(chunk)
    ways: list[Clause] = [
        _together(chunk) if len(_WORD.findall(chunk)) > 1 else _match(chunk, "and"),
        {"term": {"numbers": {"value": whole, "boost": NUMBER}}},
    ]
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
