"""From a visitor's words to a question that the text index answers with something."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

from django.core.cache import cache
from django.db.models import Case, IntegerField, Q, Value, When

from . import spelling, state
from .fulltext import question
from .models import ListingRow
from .stories.database import known as known_to_pages
from .words import MAX_WORDS, fold, joined, words

CACHE_SECONDS = 3600
# A word that so few products have may be a mistake of somebody's spreadsheet, where another one is so much commoner.
FEW, MUCH_COMMONER = 2, 10


@dataclass(frozen=True, slots=True)
class Asked:
    """What is really looked for. An empty `question` matches nothing.

    `corrected` is the text that was taken in place of the one that was typed, `did_you_mean` one that finds more.
    """

    question: str
    words: tuple[str, ...]
    relaxed: bool = False
    left_out: tuple[str, ...] = ()
    others: tuple[tuple[str, ...], ...] = ()
    corrected: str = ""
    did_you_mean: str = ""


def ask(
    text: str,
    others: tuple[tuple[str, ...], ...] = (),
    *,
    language: str,
    exact: bool = False,
    said: tuple[str, ...] = (),
) -> Asked:
    """Find the strictest question that has an answer: all words, their beginnings, near words, fewer words, any word.

    With `exact` no word is replaced. `others` are phrasings that would do as well, and `said` words that merchandisers
    have an answer to: those are not mistyped, even if no product has them, and neither are words of the pages in `language`.
    The steps cost a query each, so that they are
    kept until the words of some product change.
    """
    found = tuple(dict.fromkeys(words(text)))[:MAX_WORDS]
    if not found:
        return Asked(question="", words=())
    spelt = hashlib.sha256(repr((" ".join(fold(text).split()), others, language, exact, said)).encode()).hexdigest()
    key = f"search:question:{state.read().structure}:{spelt}"
    asked = cache.get(key)
    if asked is None:
        asked = _ask(text, found, others, language, exact, said)
        cache.set(key, asked, CACHE_SECONDS)
    return asked


def _ask(
    text: str,
    found: tuple[str, ...],
    others: tuple[tuple[str, ...], ...],
    language: str,
    exact: bool,
    said: tuple[str, ...],
) -> Asked:
    whole = joined(text)
    for prefix in (False, True):
        strict = question(every=found, whole=whole, prefix=prefix, others=others)
        if matches(strict):
            better = "" if prefix else _commoner(text, tuple(word for word in found if word not in said), strict)
            return Asked(question=strict, words=found, others=others, did_you_mean=better)
    missing = {word for word in {*found}.union(*others) if not matches(question(every=(word,)))}
    # Of several ways to say it, the one that products say most of.
    way = min((found, *others), key=lambda phrasing: len(missing.intersection(phrasing)))
    if way != found:
        return _ask(" ".join(way), way, (), language, exact, said)
    known = tuple(word for word in found if word not in missing)
    plain = _relaxed(text, found, known, said)
    unknown = set(found) - set(known) - set(said)
    better = spelling.repaired(text, unknown, slips=not exact)
    # Asked last: mostly nothing is near, and then it does not matter.
    if better and (right := known_to_pages(unknown, language=language)):
        unknown -= right
        better = spelling.repaired(text, unknown, slips=not exact)
    if not better:
        # A word of its own, as it looks, that is near to another: that is a question, and nothing to act on.
        maybe = "" if exact else spelling.repaired(text, unknown)
        finds = bool(maybe) and matches(question(every=tuple(dict.fromkeys(words(maybe)))[:MAX_WORDS]))
        return replace(plain, did_you_mean=maybe) if finds else plain
    meant = tuple(dict.fromkeys(words(better)))[:MAX_WORDS]
    if exact:
        return replace(plain, did_you_mean=better) if matches(question(every=meant)) else plain
    mended = _ask(better, meant, (), language, True, said)
    return replace(mended, corrected=better, did_you_mean="") if mended.question else plain


def _relaxed(text: str, found: tuple[str, ...], known: tuple[str, ...], said: tuple[str, ...]) -> Asked:
    """Without the words that no product has; where none has all that are left, those that have any."""
    held = {*known, *said}
    left_out = tuple(word for word in fold(text).split() if not held or not set(words(word)) & held)
    if not known:
        return Asked(question="", words=found, relaxed=bool(left_out), left_out=left_out)
    every = question(every=known)
    if len(known) == 1 or matches(every):
        return Asked(question=every, words=known, relaxed=True, left_out=left_out)
    return Asked(question=question(every=(), any_of=known), words=known, relaxed=True, left_out=left_out)


def _commoner(text: str, found: tuple[str, ...], strict: str) -> str:
    """The text with a much commoner word in place of one that hardly any product has, where that finds more."""
    if _number(strict) > FEW:
        return ""
    numbers = spelling.numbers_of(found)
    rare = [word for word in found if numbers.get(word, 0) <= FEW]
    better = spelling.repaired(text, rare, least=MUCH_COMMONER)
    more = question(every=tuple(dict.fromkeys(words(better)))) if better else ""
    return better if more and _number(more) > FEW else ""


def _number(asked: str) -> int:
    """How many products answer, as far as that matters here."""
    return len(ListingRow.objects.filter(text__document__matches=asked).values_list("pk")[: FEW + 1])


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
