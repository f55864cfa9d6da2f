"""What a page says of the words that were looked for: a few words of its text, with those marked."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from search.words import fold, stem, words

from .database import EVERYWHERE
from .models import PageRow

# About two lines beside a picture; on a narrow screen four.
LONGEST = 110
# So much of it may stand before the first word that was looked for.
BEFORE = 30
# A page of more than this says everything that it says often enough before.
READ = 40_000
# Words this long are found as the beginning of a longer one, too: German puts them together.
LONG_ENOUGH = 4
# Where words stand that are looked for, and which they are.
Hits = list[tuple[tuple[int, int], str]]
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of text as it stands in the page, and whether it is what was looked for."""

    text: str
    is_hit: bool = False


def excerpts(page_ids: Collection[int], text: str) -> dict[int, tuple[Piece, ...]]:
    """For each of these pages where it says most of the words of `text`, or else how it begins; one query.

    A page that search does not know has none.
    """
    rows = PageRow.objects.filter(pk__in=page_ids).values_list("pk", "standfirst", "words")
    asked = [word for word in words(text) if word not in EVERYWHERE] or words(text)
    return {pk: _excerpt((standfirst, said[:READ]), asked) for pk, standfirst, said in rows}


def _excerpt(texts: Sequence[str], asked: Sequence[str]) -> tuple[Piece, ...]:
    """Out of the text that has most of the words, the first of these where several have as many."""
    best = next(filter(None, texts), "")
    found: tuple[Hits, int] = ([], 0)
    for text in texts:
        hits = [(match.span(), word) for match in _WORD.finditer(text) if (word := _asked(match[0], asked))]
        window = max(_windows(hits), key=lambda each: each[1], default=found)
        if window[1] > found[1]:
            best, found = text, window
    spans = [span for span, _word in found[0]]
    start = _word_from(best, spans[0][0] - BEFORE) if spans else 0
    end = _word_to(best, start + LONGEST)
    return tuple(_pieces(best, start, end, [span for span in spans if span[1] <= end]))


def _asked(word: str, asked: Sequence[str]) -> str:
    """Which of the words that are looked for this one is; "" for none."""
    spelt = stem(fold(word))
    for one in asked:
        if spelt == one or (len(one) >= LONG_ENOUGH and spelt.startswith(one)):
            return one
    return ""


def _windows(hits: Hits) -> Iterator[tuple[Hits, int]]:
    """What can stand together in an excerpt, and how many different words that are."""
    for first, (span, _word) in enumerate(hits):
        together = [hit for hit in hits[first:] if hit[0][1] <= span[0] - BEFORE + LONGEST]
        yield together, len({word for _span, word in together})


def _word_from(text: str, place: int) -> int:
    """Where the first whole word from `place` on begins."""
    if place <= 0:
        return 0
    return next(
        (match.start() for match in re.finditer(r"(?<=\s)\S", text[: place + BEFORE]) if match.start() >= place), place
    )


def _word_to(text: str, place: int) -> int:
    """Where the last whole word before `place` ends."""
    if place >= len(text):
        return len(text)
    space = text.rfind(" ", 0, place + 1)
    return space if space > 0 else place


def _pieces(text: str, start: int, end: int, hits: Iterable[tuple[int, int]]) -> Iterator[Piece]:
    at = start
    before = "… " if start else ""
    for first, last in hits:
        yield Piece(before + text[at:first])
        yield Piece(text[first:last], is_hit=True)
        before, at = "", last
    rest = before + text[at:end].rstrip()
    yield Piece(f"{rest} …" if end < len(text) else rest)
