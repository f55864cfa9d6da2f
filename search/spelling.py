"""What somebody may have meant whose word no product has: near words of titles and brands, for the database engine.

The words lie in a small table (ListingWord), each under its first letter and its length, so that one query brings the few
hundred that may be near. Nothing here decides: questions.py asks whether what comes out finds more.
"""

from __future__ import annotations

import itertools
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


def distance(one: str, other: str, limit: int, *, strange: int = 1) -> int:
    """How many letters were left out, added, mistaken or swapped with their neighbour; `limit` + 1 for any more.

    `strange` is what a letter counts in the place of one that nobody takes it for.
    """
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, start=1):
        last, before, row = before, row, [place]
        for at, there in enumerate(other, start=1):
            wrong = 0 if letter == there else 1 if strange == 1 or frozenset((letter, there)) in CONFUSED else strange
            cost = min(before[at] + 1, row[at - 1] + 1, before[at - 1] + wrong)
            if place > 1 and at > 1 and letter == other[at - 2] and one[place - 2] == there:
                cost = min(cost, last[at - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
    return min(row[-1], limit + 1)


# What a finger or an ear takes for another letter: its neighbours on a keyboard, and what sounds alike.
_NEAR = "qw we er rt ty tz yu zu ui io op as sd df fg gh hj jk kl yx zx xc cv vb bn nm qa ws ed rf tg uj ik ol az sx dc fv gb hn jm"
_ALIKE = "aeiouy bp dt gkcq szcx fvw mn lr jy"
CONFUSED = frozenset(
    {frozenset(pair) for pair in _NEAR.split()}
    | {frozenset((one, other)) for group in _ALIKE.split() for one in group for other in group if one != other}
)
# Shorter words are all near to another one.
SURE = 5
# Two slips in a word of fewer letters make another word, unless its letters are the same: a shower is no shaver, and no shoe.
LONG = 7


def is_slip(typed: str, other: str, *, most: int | None = None) -> bool:
    """Whether `typed` is surely a mistyped `other`, and not a word of its own that the shop does not sell.

    `most`: how many slips there may be, where that is fewer than its length allows.

    Swapped, missing and doubled letters are slips, and so is a letter that is near to the right one on the keyboard or
    by its sound. Any other letter in the place of another counts twice: "wedding" is no "weaving". An f is a ph.
    """
    if len(typed) >= SURE and typed.replace("ph", "f") == other.replace("ph", "f"):
        return True
    if len(typed) < SURE:
        if len(other) == SURE and not other.startswith(typed) and (typed[0], typed[-1]) != (other[0], other[-1]):
            return False
        # Nothing mistaken: a letter was left out of a longer word, doubled, or changed places with the next.
        is_near = distance(typed, other, 1) == 1 and (sorted(typed) == sorted(other) or len(other) == SURE)
        return is_near or _single(typed) == _single(other)
    if len(typed) == SURE and typed[0] != other[:1] and sorted(typed) != sorted(other):
        return False
    if most is None:
        most = allowed(typed) if len(typed) >= LONG or sorted(typed) == sorted(other) else 1
    return distance(typed, other, most, strange=2) <= most


def _single(word: str) -> str:
    """The word with each doubled letter once."""
    return "".join(letter for letter, _group in itertools.groupby(word))


def allowed(word: str) -> int:
    """How many letters of a word may be wrong."""
    return 1 if len(word) <= SHORT else 2


def nearest(word: str, *, least: int = 1, slips: bool = False) -> str:
    """The word of titles and brands that is nearest to `word`, which is folded; nothing where none is near enough.

    Of several that are as near it is the one that most products have. `least` is how many have to have it; with `slips`
    it has to be one that was surely meant.
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
        if slips and steps <= limit and not is_slip(word, stem(label)):
            continue
        if steps <= limit and (best is None or (steps, -number, label) < best):
            best = (steps, -number, label)
    return best[2] if best else ""


def repaired(text: str, unknown: Iterable[str], *, least: int = 1, slips: bool = False) -> str:
    """`text` with near words in place of those whose stem is in `unknown`; nothing where there is none for any.

    With `slips` only what was surely meant is put in.
    """
    missing = set(unknown)
    changed = False
    found: list[str] = []
    for chunk in fold(text).split():
        parts = _PART.findall(chunk)
        near = [
            nearest(stem(part[:LONGEST_WORD]), least=least, slips=slips) if stem(part) in missing else ""
            for part in parts
        ]
        changed = changed or any(near)
        found.append(" ".join(new or old for new, old in zip(near, parts, strict=True)) if any(near) else chunk)
    return " ".join(found) if changed else ""


def numbers_of(stems: Iterable[str]) -> dict[str, int]:
    """How many titles and brands have each of these words."""
    return dict(ListingWord.objects.filter(word__in=set(stems)).values_list("word", "number"))


def learn(titles: Iterable[str]) -> None:
    """Note words of new titles that are not known yet, so that they are found at once; `recount` counts them."""
    rows = {word[0]: word for word in _rows(titles)}
    ListingWord.objects.bulk_create(
        [ListingWord(**dict(zip(FIELDS, row, strict=True))) for row in rows.values()], ignore_conflicts=True
    )


@every(6 * 3600, "search.words")
def recount() -> int:
    """Count the words of all titles and brands again. Returns how many there are."""
    titles = ListingRow.objects.values_list("title", flat=True).iterator(BATCH)
    brands = ListingFacet.objects.filter(code="brand").order_by().values_list("value", "label").distinct()
    rows = _rows([*titles, *(label for _value, label in brands)])
    with transaction.atomic():
        ListingWord.objects.all().delete()
        for start in range(0, len(rows), BATCH):
            bulk.insert(ListingWord, FIELDS, rows[start : start + BATCH])
    return len(rows)


def _rows(texts: Iterable[str]) -> list[tuple[str, str, str, int, int]]:
    """Each word's stem, how it is mostly written, its first letter, its length, and how many of `texts` have it."""
    numbers: Counter[str] = Counter()
    written: dict[str, Counter[str]] = defaultdict(Counter)
    for text in texts:
        found = {stem(word): word for word in _WORD.findall(fold(text)) if SHORTEST <= len(word) <= LONGEST}
        for word, label in found.items():
            numbers[word] += 1
            written[word][label] += 1
    return [
        (word, written[word].most_common(1)[0][0], word[0], len(word), number)
        for word, number in sorted(numbers.items())
    ]
