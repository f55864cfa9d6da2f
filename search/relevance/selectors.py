"""Reads of judgements and checks, for the dashboard and the export."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, TypeAlias, TypedDict

from django.db.models import Avg, Count, F, Q, QuerySet

from shop.catalogue.cards import ProductCard
from shop.catalogue.models import Product
from shop.catalogue.selectors import product_cards
from shop.markets import home_market

from . import metrics
from .answers import answer
from .codes import codes_of
from .models import JudgedQuery, Judgement, RelevanceCheck, spelt
from .operations import SAME

EXPORTED = 2000


@dataclass(frozen=True, slots=True)
class QueryRow:
    """A judged query in a list: how many products have which rating, and what the ranking is worth by them.

    `moved` is the last change of its NDCG, None where it never changed or was not looked at twice.
    """

    id: int
    text: str
    rated: int
    good: int
    ndcg: float | None
    unrated: float | None
    moved: float | None
    changed_at: datetime | None
    scored_at: datetime | None

    @property
    def by(self) -> float:
        """The last change without its sign, for "up 0.003"."""
        return abs(self.moved or 0.0)

    @property
    def went(self) -> str:
        """ "up", "down" or "same"."""
        if self.moved is None or abs(self.moved) <= SAME:
            return "same"
        return "up" if self.moved > 0 else "down"


@dataclass(frozen=True, slots=True)
class Summary:
    """All judged queries together. `ndcg` is None where nothing is scored yet."""

    queries: int
    scored: int
    ratings: int
    ndcg: float | None
    checks: int
    passing: int


@dataclass(frozen=True, slots=True)
class RatedResult:
    """One product on the page on which it is rated. `place` counts from 1, None where it is not among the results."""

    card: ProductCard
    place: int | None
    rating: int | None


@dataclass(frozen=True, slots=True)
class RatingPage:
    """A query with its present results and with whatever else is rated for it."""

    text: str
    results: tuple[RatedResult, ...]
    others: tuple[RatedResult, ...]
    ndcg: float | None
    condensed: float | None
    came: tuple[str, ...]  # titles that came into the first ten with the last change
    went: tuple[str, ...]


if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class _Counted(TypedDict):
        rated: int
        good: int

    CountedQuery: TypeAlias = WithAnnotations[JudgedQuery, _Counted]


def judged_queries(text: str = "", *, order: str = "worst") -> QuerySet[JudgedQuery]:
    """Rows to page through and to hand to `query_row`: those with `text` in them, the worst, changed or A to Z first."""
    rows = JudgedQuery.objects.annotate(
        rated=Count("judgements"), good=Count("judgements", filter=Q(judgements__rating__gt=0))
    )
    if text:
        rows = rows.filter(text__contains=spelt(text))
    orders = {
        "worst": (F("ndcg").asc(nulls_last=True), "text"),
        "changed": (F("changed_at").desc(nulls_last=True), "text"),
        "text": ("text",),
    }
    return rows.order_by(*orders.get(order, orders["worst"]))


def query_row(row: CountedQuery) -> QueryRow:
    """A row of `judged_queries` as a template reads it."""
    both = row.ndcg is not None and row.ndcg_before is not None
    return QueryRow(
        id=row.pk,
        text=row.text,
        rated=row.rated,
        good=row.good,
        ndcg=row.ndcg,
        unrated=row.unrated,
        moved=(row.ndcg or 0.0) - (row.ndcg_before or 0.0) if both else None,
        changed_at=row.changed_at,
        scored_at=row.scored_at,
    )


def summary() -> Summary:
    """The figures above the list."""
    found = JudgedQuery.objects.aggregate(queries=Count("pk"), scored=Count("ndcg"), ndcg=Avg("ndcg"))
    checks = RelevanceCheck.objects.aggregate(checks=Count("pk"), passing=Count("pk", filter=RelevanceCheck.passing()))
    return Summary(**found, **checks, ratings=Judgement.objects.count())


def rating_page(text: str, *, shown: int = 20, blind: bool = False) -> RatingPage:
    """The present results of a query with what was said of each so far.

    `blind` mixes them, always alike for one query, so that nobody is led by the place at which a product stands.
    """
    query = spelt(text)
    judged = JudgedQuery.objects.filter(text=query).prefetch_related("judgements").first()
    ratings = {row.product_id: row.rating for row in judged.judgements.all()} if judged else {}
    ids = answer(query).ids
    listed, rest = ids[:shown], [pk for pk in ratings if pk not in ids[:shown]]
    cards = product_cards([*listed, *rest], market=home_market())
    results = [
        RatedResult(cards[pk], place, ratings.get(pk)) for place, pk in enumerate(listed, start=1) if pk in cards
    ]
    if blind:
        random.Random(query).shuffle(results)
    places = {pk: place for place, pk in enumerate(ids, start=1)}
    others = [RatedResult(cards[pk], places.get(pk), ratings[pk]) for pk in rest if pk in cards]
    came, went = _changes(judged)
    return RatingPage(
        text=query,
        results=tuple(results),
        others=tuple(sorted(others, key=lambda one: (-(one.rating or 0), one.card.title))),
        ndcg=metrics.ndcg(ids, ratings),
        condensed=metrics.condensed_ndcg(ids, ratings),
        came=came,
        went=went,
    )


def _changes(judged: JudgedQuery | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What came into the first ten with the last change, and what left them."""
    if judged is None or not judged.top_before:
        return (), ()
    new = [pk for pk in judged.top if pk not in judged.top_before]
    old = [pk for pk in judged.top_before if pk not in judged.top]
    titles = dict(Product.objects.filter(pk__in=[*new, *old]).values_list("pk", "title"))
    return tuple(titles[pk] for pk in new if pk in titles), tuple(titles[pk] for pk in old if pk in titles)


def exported() -> Iterator[tuple[str, str, int]]:
    """Every judgement as (query, product code, rating), which the import and `search_relevance` read."""
    rows = Judgement.objects.order_by("query__text", "-rating", "product_id")
    part: list[tuple[str, int, int]] = []
    for row in rows.values_list("query__text", "product_id", "rating").iterator(chunk_size=EXPORTED):
        part.append(row)
        if len(part) == EXPORTED:
            yield from _with_codes(part)
            part = []
    yield from _with_codes(part)


def _with_codes(part: list[tuple[str, int, int]]) -> Iterator[tuple[str, str, int]]:
    codes = codes_of(pk for _text, pk, _rating in part)
    for text, pk, rating in part:
        if pk in codes:
            yield text, codes[pk], rating
