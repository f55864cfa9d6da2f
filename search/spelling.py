"""What somebody may have meant whose word no product has: near words of titles and brands, for the database engine.

The words lie in a small table (ListingWord), each under its first letter and its length, so that one query brings the few
hundred that may be near. Nothing here decides: questions.py asks whether what comes out finds more.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable

from django.db import transaction

from shop.outbox.periodic import every

from . import bulk
from .models import ListingFacet, ListingRow, ListingWord
from .words import LONGEST_WORD, fold, stem

# Letters that may be wrong: one in words of up to five, two in longer ones. Shorter words have too many neighbours.
SHORTEST, SHORT = 3, 5
# Words longer than this are no words that somebody would mistype.
LONGEST = 24
FIELDS = ("word", "label", "start", "length", "number")
BATCH = 5000
_WORD = re.compile(r"[^\W\d_]+")
_PART = re.compile(r"[^\W_]+")


def distance(one: str, other: str, limit: int) -> int:
    """How many letters were left out, added, mistaken or swapped with their neighbour; `limit` + 1 for any more."""
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, start=1):
        last, before, row = before, row, [place]
        for at, there in enumerate(other, start=1):
            cost = min(before[at] + 1, row[at - 1] + 1, before[at - 1] + (letter != there))
            if place > 1 and at > 1 and letter == other[at - 2] and one[place - 2] == there:
                cost = min(cost, last[at - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
    return min(row[-1], limit + 1)


def allowed(word: str) -> int:
    """How many letters of a word may be wrong."""
    return 1 if len(word) <= SHORT else 2


def nearest(word: str, *, least: int = 1) -> str:
    """The word of titles and brands that is nearest to `word`, which is folded; nothing where none is near enough.

    Of several that are as near it is the one that most products have. `least` is how many have to have it.
    """
    if not SHORTEST <= len(word) <= LONGEST or not word.isalpha():
        return ""
    limit = allowed(word)
    # The first letter is seldom wrong; where two are swapped, it stands second.
    near = ListingWord.objects.filter(
        start__in={word[0], word[1]}, length__range=(len(word) - limit, len(word) + limit), number__gte=least
    ).exclude(word=word)
    letters = Counter(word)
    best: tuple[int, int, str] | None = None
    for candidate, label, number in near.values_list("word", "label", "number"):
        # Each letter too many or too few on both sides together takes at least half a step.
        if sum(((held := Counter(candidate)) - letters).values()) > limit or sum((letters - held).values()) > limit:
            continue
        steps = distance(word, candidate, limit)
        if steps <= limit and (best is None or (steps, -number, label) < best):
            best = (steps, -number, label)
    return best[2] if best else ""


def repaired(text: str, unknown: Iterable[str], *, least: int = 1) -> str:
    """`text` with near words in place of those whose stem is in `unknown`; nothing where there is none for any."""
    missing = set(unknown)
    changed = False
    found: list[str] = []
    for chunk in fold(text).split():
        parts = _PART.findall(chunk)
        near = [nearest(stem(part[:LONGEST_WORD]), least=least) if stem(part) in missing else "" for part in parts]
        changed = changed or any(near)
        found.append(" ".join(new or old for new, old in zip(near, parts, strict=True)) if any(near) else chunk)
    return " ".join(found) if changed else ""


def numbers_of(stems: Iterable[str]) -> dict[str, int]:
    """How many titles and brands have each of these words."""
    return dict(ListingWord.objects.filter(word__in=set(stems)).values_list("word", "number"))


def learn(titles: Iterable[str]) -> None:
    """Note words of new titles that are not known yet, so that they are found at once; `recount` counts them."""
    rows = {word[0]: word for word in _rows([(title, 1) for title in titles])}
    ListingWord.objects.bulk_create(
        [ListingWord(**dict(zip(FIELDS, row, strict=True))) for row in rows.values()], ignore_conflicts=True
    )


@every(6 * 3600, "search.words")
def recount() -> int:
    """Count the words of all titles and brands again. Returns how many there are."""
    titles = ((title, 1) for title in ListingRow.objects.values_list("title", flat=True).iterator(BATCH))
    brands = ListingFacet.objects.filter(code="brand").order_by().values_list("value", "label").distinct()
    rows = _rows([*titles, *((label, 1) for _value, label in brands)])
    with transaction.atomic():
        ListingWord.objects.all().delete()
        for start in range(0, len(rows), BATCH):
            bulk.insert(ListingWord, FIELDS, rows[start : start + BATCH])
    return len(rows)


def _rows(texts: Iterable[tuple[str, int]]) -> list[tuple[str, str, str, int, int]]:
    """Each word's stem, how it is mostly written, its first letter, its length, and how many of `texts` have it."""
    numbers: Counter[str] = Counter()
    written: dict[str, Counter[str]] = defaultdict(Counter)
    for text, number in texts:
        found = {stem(word): word for word in _WORD.findall(fold(text)) if SHORTEST <= len(word) <= LONGEST}
        for word, label in found.items():
            numbers[word] += number
            written[word][label] += number
    return [
        (word, written[word].most_common(1)[0][0], word[0], len(word), number)
        for word, number in sorted(numbers.items())
    ]
