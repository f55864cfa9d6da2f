"""From a visitor's words to a question that the text index answers with something."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.core.cache import cache
from django.db.models import Case, IntegerField, Q, Value, When

from . import state
from .fulltext import question
from .models import ListingRow
from .words import MAX_WORDS, fold, joined, words

CACHE_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Asked:
    """What is really looked for. An empty `question` matches nothing."""

    question: str
    words: tuple[str, ...]
    relaxed: bool = False
    left_out: tuple[str, ...] = ()
    others: tuple[tuple[str, ...], ...] = ()


def ask(text: str, others: tuple[tuple[str, ...], ...] = ()) -> Asked:
    """Find the strictest question that has an answer: all words, their beginnings, fewer words, any word.

    `others` are phrasings that would do as well. The steps cost a query each, so that they are kept until the words of
    some product change.
    """
    found = tuple(dict.fromkeys(words(text)))[:MAX_WORDS]
    if not found:
        return Asked(question="", words=())
    spelt = hashlib.sha256(repr((" ".join(fold(text).split()), others)).encode()).hexdigest()
    key = f"search:asked:{state.read().structure}:{spelt}"
    asked = cache.get(key)
    if asked is None:
        asked = _ask(text, found, others)
        cache.set(key, asked, CACHE_SECONDS)
    return asked


def _ask(text: str, found: tuple[str, ...], others: tuple[tuple[str, ...], ...]) -> Asked:
    whole = joined(text)
    for prefix in (False, True):
        strict = question(every=found, whole=whole, prefix=prefix, others=others)
        if matches(strict):
            return Asked(question=strict, words=found, others=others)
    known = tuple(word for word in found if matches(question(every=(word,))))
    left_out = tuple(word for word in fold(text).split() if not known or not set(words(word)) & set(known))
    if not known:
        return Asked(question="", words=found, relaxed=True, left_out=left_out)
    every = question(every=known)
    if len(known) == 1 or matches(every):
        return Asked(question=every, words=known, relaxed=True, left_out=left_out)
    return Asked(question=question(every=(), any_of=known), words=known, relaxed=True, left_out=left_out)


def matches(asked: str) -> bool:
    """Whether any product answers."""
    return ListingRow.objects.filter(text__document__matches=asked).exists()


def tier(asked: Asked) -> Case:
    """0 the title itself, 1 a title with the phrase in it, 2 a title with all the words, 3 the rest.

    Another phrasing counts like the one that was asked for.
    """
    same, within, all_words = Q(), Q(), Q()
    for phrasing in (asked.words, *asked.others):
        phrase = f" {' '.join(phrasing)} "
        same |= Q(title_words=phrase)
        within |= Q(title_words__contains=phrase)
        in_title = Q()
        for word in phrasing:
            in_title &= Q(title_words__contains=f" {word} ")
        all_words |= in_title
    return Case(
        When(same, then=Value(0)),
        When(within, then=Value(1)),
        When(all_words, then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )
