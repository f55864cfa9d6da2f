"""The reports about queries: which, in which order, with which numbers. Frozen rows, two statements a page at the most."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce

from shop.payment.currencies import as_kept

from .models import QueryDay, QueryProductDay, SearchedQuery
from .selectors import shown
from .texts import kept

TOP, EMPTY, UNCLICKED, FALLING = "top", "empty", "unclicked", "falling"
REPORTS = (TOP, EMPTY, UNCLICKED, FALLING)
NUMBERS = ("searches", "empty", "relaxed", "clicks", "places", "stories", "adds", "purchases", "units")


@dataclass(frozen=True, slots=True)
class Period:
    """Days from the first to the last, both counted in."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many."""
        return (self.last - self.first).days + 1

    @property
    def before(self) -> Period:
        """As many days right before these."""
        return Period(self.first - timedelta(days=self.days), self.first - timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Numbers:
    """What happened with a query in a period."""

    searches: int = 0
    empty: int = 0
    relaxed: int = 0
    clicks: int = 0
    places: int = 0
    stories: int = 0
    adds: int = 0
    purchases: int = 0
    units: int = 0
    revenue: Decimal = Decimal(0)

    @property
    def lacking(self) -> int:
        """Searches that found nothing with all the words."""
        return self.empty + self.relaxed

    @property
    def click_rate(self) -> float | None:
        """Clicks a search in per cent, on stories too: above 100 where people open several things. None without a search."""
        return 100 * (self.clicks + self.stories) / self.searches if self.searches else None

    @property
    def place(self) -> float | None:
        """Where what was clicked stood, on the mean; None without a click."""
        return self.places / self.clicks if self.clicks else None


@dataclass(frozen=True, slots=True)
class QueryRow:
    """A query in a report. `results` is what it found the last time with all its words; `before` is set where periods are compared."""

    id: int
    text: str
    language: str
    results: int
    now: Numbers
    before: Numbers | None = None


@dataclass(frozen=True, slots=True)
class Totals:
    """All searches of a period, and how many of them are in no report because too few people made them."""

    now: Numbers
    before: Numbers
    queries: int
    rare_queries: int
    rare_searches: int


@dataclass(frozen=True, slots=True)
class ProductRow:
    """What was done with one product after a query. Its name is the catalogue's to tell."""

    product_id: int
    clicks: int
    place: float | None
    adds: int
    purchases: int
    units: int
    revenue: Decimal


@dataclass(frozen=True, slots=True)
class DayRow:
    """A query on one day; days without it are there with noughts."""

    day: date
    searches: int = 0
    clicks: int = 0
    purchases: int = 0
    results: int | None = None
    engine: str = ""


def rows(report: str, period: Period, *, language: str = "") -> Any:
    """The report's rows as one query, for a paginator to count and cut; `read` makes them what a template reads.

    - top: the most frequent first
    - empty: found nothing, or nothing with all the words; the most such searches first
    - unclicked: found something, and nobody opened any of it
    - falling: fewer clicks than in the period before, the greatest loss first
    """
    compares = report == FALLING
    first = period.before.first if compares else period.first
    daily = QueryDay.objects.filter(shown("query__"), day__gte=first, day__lte=period.last)
    if language:
        daily = daily.filter(query__language=language)
    # Any: the names of the sums are put together, which the checker of types cannot follow.
    found: Any = daily.order_by().values("query", "query__text", "query__language", "query__results")
    found = found.annotate(**_sums("now", Q(day__gte=period.first)))
    if report == EMPTY:
        lacking = F("now_empty") + F("now_relaxed")
        return found.annotate(lacking=lacking).filter(lacking__gt=0).order_by("-lacking", "-now_searches", "query")
    if report == UNCLICKED:
        seen = F("now_searches") - F("now_empty")
        return (
            found.filter(now_clicks=0, now_stories=0).annotate(seen=seen).filter(seen__gt=0).order_by("-seen", "query")
        )
    if compares:
        found = found.annotate(**_sums("before", Q(day__lt=period.first)))
        lost = F("before_clicks") - F("now_clicks")
        return found.annotate(lost=lost).filter(lost__gt=0).order_by("-lost", "-before_searches", "query")
    return found.filter(now_searches__gt=0).order_by("-now_searches", "-now_clicks", "query")


def read(row: dict[str, Any]) -> QueryRow:
    """A row of `rows`."""
    return QueryRow(
        id=row["query"],
        text=row["query__text"],
        language=row["query__language"],
        results=row["query__results"],
        now=_numbers(row, "now"),
        before=_numbers(row, "before") if "before_searches" in row else None,
    )


def totals(period: Period, *, language: str = "") -> Totals:
    """What there was in all. Two statements."""
    daily = QueryDay.objects.filter(day__gte=period.before.first, day__lte=period.last)
    if language:
        daily = daily.filter(query__language=language)
    now = Q(day__gte=period.first)
    # shown() asks for two columns of the query, so its opposite does as well.
    rare = now & ~shown("query__") & Q(searches__gt=0)
    row = daily.aggregate(
        **_sums("now", now),
        **_sums("before", ~now),
        queries=Count("query", distinct=True, filter=now & Q(searches__gt=0)),
        rare_queries=Count("query", distinct=True, filter=rare),
        rare_searches=Coalesce(Sum("searches", filter=rare), 0),
    )
    return Totals(
        now=_numbers(row, "now"),
        before=_numbers(row, "before"),
        queries=row["queries"],
        rare_queries=row["rare_queries"],
        rare_searches=row["rare_searches"],
    )


def find_query(pk: int) -> SearchedQuery | None:
    """A query that may be shown."""
    return SearchedQuery.objects.filter(shown(), pk=pk).first()


def numbers_of(query: SearchedQuery, period: Period) -> tuple[Numbers, Numbers]:
    """A query's numbers in the period, and in the one before."""
    daily = QueryDay.objects.filter(query=query, day__gte=period.before.first, day__lte=period.last)
    now = Q(day__gte=period.first)
    row = daily.aggregate(**_sums("now", now), **_sums("before", ~now))
    return _numbers(row, "now"), _numbers(row, "before")


def numbers_for(texts: Iterable[str], period: Period) -> Numbers:
    """What happened with these searches together, in every language."""
    queries = SearchedQuery.objects.filter(shown(), text__in={kept(text) for text in texts})
    daily = QueryDay.objects.filter(query__in=queries, day__gte=period.first, day__lte=period.last)
    return _numbers(daily.aggregate(**_sums("now", Q())), "now")


def days_of(query: SearchedQuery, period: Period) -> tuple[DayRow, ...]:
    """Each day of the period."""
    held = {row.day: row for row in QueryDay.objects.filter(query=query, day__gte=period.first, day__lte=period.last)}
    found = []
    for number in range(period.days):
        day = period.first + timedelta(days=number)
        row = held.get(day)
        found.append(
            DayRow(day, row.searches, row.clicks, row.purchases, row.results if row.searches else None, row.engine)
            if row
            else DayRow(day)
        )
    return tuple(found)


def products_of(query: SearchedQuery, period: Period, *, limit: int = 20) -> tuple[ProductRow, ...]:
    """What was opened and bought after a query, the most often opened first."""
    daily = QueryProductDay.objects.filter(query=query, day__gte=period.first, day__lte=period.last)
    found: Any = daily.order_by().values("product_id")
    found = found.annotate(**{f"n_{name}": Sum(name) for name in (*_PRODUCT_NUMBERS, "revenue")})
    found = found.order_by("-n_clicks", "-n_purchases", "product_id")[:limit]
    return tuple(
        ProductRow(
            product_id=row["product_id"],
            clicks=row["n_clicks"],
            place=row["n_places"] / row["n_clicks"] if row["n_clicks"] else None,
            adds=row["n_adds"],
            purchases=row["n_purchases"],
            units=row["n_units"],
            revenue=as_kept(row["n_revenue"]),
        )
        for row in found
    )


_PRODUCT_NUMBERS = ("clicks", "places", "adds", "purchases", "units")


def _sums(name: str, where: Q) -> dict[str, Any]:
    return {f"{name}_{column}": Coalesce(Sum(column, filter=where), 0) for column in NUMBERS} | {
        f"{name}_revenue": Coalesce(Sum("revenue", filter=where), Decimal(0))
    }


def _numbers(row: dict[str, Any], name: str) -> Numbers:
    counted = {column: row[f"{name}_{column}"] for column in NUMBERS}
    return Numbers(**counted, revenue=as_kept(row[f"{name}_revenue"]))
