"""Find pages in the database, where there is no Elasticsearch or while it is away."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import cast

from django.db.models import Case, F, IntegerField, Q, When

from search.words import typed, words

from .fitting import fit_of
from .models import PageRow
from .types import FoundPage, Kind, PagesResult

ENGINE = "database"
MOST_WORDS = 6
# Words that are in every text and tell none apart: they are not asked for where there are others.
_EVERYWHERE = """
    a an and are as at be but by can do does for from how i if in into is it my no not of on or that the their this to
    was what when where which who why will with you your
    als am an auf aus bei das dem den der des die durch ein eine einem einen einer es für fur ich im in ist man mein mit
    nach oder sind so über uber um und von vor was welche wenn wer wie wir wo zu zum zur
"""
EVERYWHERE = frozenset(_EVERYWHERE.split())


def known(asked: Collection[str], *, language: str) -> set[str]:
    """Which of these words, spelt as words.py spells them, a page in `language` has: those are not mistyped."""
    pages = PageRow.objects.filter(language=language)
    return {
        word for word in asked if pages.filter(Q(said__contains=f" {word} ") | Q(said__endswith=f" {word}")).exists()
    }


def find(text: str, *, language: str, limit: int, kinds: Sequence[Kind], typing: bool = False) -> PagesResult:
    """Pages that say every word of `text`, or a word that begins so: first those that are called so, the newest first.

    `typing`: the last word may go on.
    """
    if typing:
        done, last = typed(text)
        asked = [*done, last] if last else done
    else:
        asked = words(text)
    if not asked:
        return PagesResult(engine=ENGINE)
    asked = [word for word in asked if word not in EVERYWHERE] or asked
    title, named, said = Q(), Q(), Q()
    for word in asked[:MOST_WORDS]:
        title &= Q(title__icontains=word)
        named &= Q(head__contains=f" {word}")
        said &= Q(said__contains=f" {word}")
    rows = PageRow.objects.filter(said, language=language, kind__in=kinds)
    rank = Case(When(title, then=0), When(named, then=1), default=2, output_field=IntegerField())
    found = rows.order_by(rank, F("date").desc(nulls_last=True), "-pk").values_list("pk", "title", "topics", "kind")
    best = list(found[: limit + 1])
    total = len(best) if len(best) <= limit else rows.count()
    pages = tuple(
        FoundPage(pk, fit_of(text, name, topics), name, cast("Kind", kind)) for pk, name, topics, kind in best[:limit]
    )
    # The very title first, whatever its date.
    return PagesResult(tuple(sorted(pages, key=lambda page: page.fit != "title")), total, engine=ENGINE)
