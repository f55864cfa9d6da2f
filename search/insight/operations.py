"""Sum events up to daily rows, learn from them, and throw away what is old. All of it under one lock."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from shop.basket.operations import forget_sources
from shop.order.models import Line
from shop.order.operations import PLACED
from shop.outbox.operations import handles
from shop.outbox.periodic import every

from . import ranking
from .models import InsightState, QueryDay, QueryProductDay, SearchedQuery, SearchEvent
from .recording import SOURCE, purchase, query_of
from .selectors import START, forget_kept
from .texts import kept

BATCH = 5000
# A click or a purchase belongs to a search of the same text that was at most so many days before.
FOLLOWS_DAYS = 2
# What completions are ranked by, and what ranking learns from.
RECENT_DAYS = 90
# What a line's source says once its query is counted or too old.
COUNTED = SOURCE.rstrip(":")

Kind = SearchEvent.Kind
Key = tuple[str, str]  # text and language


@dataclass(slots=True)
class _Sums:
    """What to add to a row: numbers by the names of its columns, and what the last search said."""

    add: dict[str, Any] = field(default_factory=lambda: defaultdict(int))
    last: dict[str, Any] = field(default_factory=dict)


@handles(PLACED)
def count_purchases(payloads: Sequence[dict[str, Any]]) -> None:
    """Count the lines of new orders that were searched for. Each line forgets its query in the same transaction.

    So a line is counted once however often this runs, and no order keeps what somebody looked for.
    """
    ids = [payload["order"] for payload in payloads]
    with transaction.atomic():
        lines = list(
            Line.objects.select_for_update(of=("self",))
            .filter(order_id__in=ids, source__startswith=SOURCE)
            .select_related("order", "product")
            .order_by("pk")
        )
        events = []
        for line in lines:
            query = query_of(line.source)
            if query and line.product_id:
                parent = line.product.parent_id if line.product else None
                events.append(
                    purchase(
                        query,
                        parent or line.product_id,
                        language=line.order.language,
                        units=line.quantity,
                        revenue=line.line_price_incl_tax,
                    )
                )
        SearchEvent.objects.bulk_create(events)
        Line.objects.filter(pk__in=[line.pk for line in lines]).update(source=COUNTED)


@every(300, "search.insight")
def sum_up() -> int:
    """Add all single events to the daily rows and throw them away. Returns how many there were."""
    total = 0
    while done := _sum_batch():
        total += done
        if done < BATCH:
            break
    return total


def _sum_batch() -> int:
    with transaction.atomic():
        _lock()
        events = list(SearchEvent.objects.order_by("pk")[:BATCH])
        if events:
            _add(events)
            # By their ids: one that was written meanwhile has a lower id where its transaction began earlier.
            SearchEvent.objects.filter(pk__in=[event.pk for event in events]).delete()
    return len(events)


def _lock() -> None:
    """Wait for whoever else writes daily rows."""
    InsightState.objects.get_or_create(pk=1)
    InsightState.objects.select_for_update().get(pk=1)
    InsightState.objects.filter(pk=1).update(summed_at=timezone.now())


def _add(events: Iterable[SearchEvent]) -> None:
    """Add events to their rows. What follows no search is left out: somebody made its address up."""
    queries: dict[Key, _Sums] = defaultdict(_Sums)
    days: dict[tuple[Key, date], _Sums] = defaultdict(_Sums)
    products: dict[tuple[Key, int, date], _Sums] = defaultdict(_Sums)
    followers: list[SearchEvent] = []
    picks: list[SearchEvent] = []
    for event in events:
        key = (event.text, event.language)
        if event.kind != Kind.SEARCH:
            (picks if event.kind == Kind.PICK else followers).append(event)
            continue
        said = {"results": event.results, "engine": event.engine}
        # What is found once words are left out is not what was looked for, and nobody is to be offered a misspelt word.
        whole = 0 if event.relaxed or event.corrected else event.results
        sums = days[key, event.day]
        sums.add["searches"] += 1
        sums.add["empty"] += not event.results
        sums.add["relaxed"] += event.relaxed and event.results > 0
        sums.last = said
        queries[key].last = {"results": whole}
    followers += _add_picks(picks, queries, days)
    searched = _searched(followers)
    for key, day in days:
        searched[key].add(day)
    for event in followers:
        key = (event.text, event.language)
        if not any(timedelta() <= event.day - day <= timedelta(days=FOLLOWS_DAYS) for day in searched.get(key, ())):
            continue
        if event.kind == Kind.STORY:
            days[key, event.day].add["stories"] += 1
            continue
        for row in (days[key, event.day], products[key, event.product_id or 0, event.day]):
            row.add["clicks"] += event.kind == Kind.CLICK
            row.add["places"] += event.place
            row.add["adds"] += event.kind == Kind.ADD
            row.add["purchases"] += event.kind == Kind.PURCHASE
            row.add["units"] += event.units
            row.add["revenue"] += event.revenue
        if event.kind == Kind.CLICK:
            products[key, event.product_id or 0, event.day].add["weight"] += ranking.click_weight(event.place)
    ids = _write_queries(queries, {key for key, _day in days})
    _write(
        QueryDay,
        ("query_id", "day"),
        {(ids[key], day): sums for (key, day), sums in days.items()},
        Q(query__in=ids.values(), day__in={day for _key, day in days}),
    )
    _write(
        QueryProductDay,
        ("query_id", "product_id", "day"),
        {(ids[key], product, day): sums for (key, product, day), sums in products.items()},
        Q(query__in=ids.values(), day__in={day for _key, _product, day in products}),
    )
    refresh_queries(ids.values())


def _add_picks(
    picks: Sequence[SearchEvent], queries: Mapping[Key, _Sums], days: Mapping[tuple[Key, date], _Sums]
) -> list[SearchEvent]:
    """Count what was chosen while it was typed as a search. Returns the clicks that followed.

    Only where others searched for just these words: what somebody stopped typing at is no query.
    """
    rows = SearchedQuery.objects.filter(text__in={event.text for event in picks}) if picks else ()
    asked = {*queries, *((row.text, row.language) for row in rows)}
    clicks = []
    for event in picks:
        key = (event.text, event.language)
        if key in asked:
            days[key, event.day].add["searches"] += 1
            clicks.append(
                SearchEvent(
                    kind=Kind.CLICK if event.product_id else Kind.STORY, day=event.day, text=event.text, language=event.language,
                    product_id=event.product_id, place=event.place,
                )
            )  # fmt: skip
    return clicks


def _write_queries(sums: Mapping[Key, _Sums], keys: Iterable[Key]) -> dict[Key, int]:
    """Make sure that these queries have rows, with what their last search found. Returns the ids."""
    rows = [
        SearchedQuery(text=text, language=language, start=text[:START], results=held.last["results"])
        for (text, language), held in sorted(sums.items())
    ]
    SearchedQuery.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["text", "language"], update_fields=["results"], batch_size=500
    )
    wanted = set(keys)
    held_ids = SearchedQuery.objects.filter(text__in={text for text, _language in wanted})
    found = {(text, language): pk for pk, text, language in held_ids.values_list("pk", "text", "language")}
    return {key: found[key] for key in wanted}


def _write(model: Any, names: tuple[str, ...], sums: Mapping[tuple[Any, ...], _Sums], where: Q) -> None:
    """Add numbers to the rows that are named by `names`, of which `where` finds those that are there."""
    held = {tuple(getattr(row, name) for name in names): row for row in model.objects.filter(where)}
    rows = []
    for key, said in sorted(sums.items()):
        row = held.get(key) or model(**dict(zip(names, key, strict=True)))
        for name, number in said.add.items():
            setattr(row, name, getattr(row, name) + number)
        for name, value in said.last.items():
            setattr(row, name, value)
        rows.append(row)
    changed = [each.name for each in model._meta.concrete_fields if not each.primary_key and each.attname not in names]
    for row in rows:
        row.pk = None
    model.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=[name.removesuffix("_id") if name == "query_id" else name for name in names],
        update_fields=changed,
        batch_size=500,
    )


def refresh_queries(ids: Iterable[int] | None = None) -> None:
    """Count again what the daily rows of these queries, or of all, say in all; a query without rows goes."""
    daily = QueryDay.objects.filter(query=OuterRef("pk")).order_by().values("query")
    recent = daily.filter(day__gt=timezone.localdate() - timedelta(days=RECENT_DAYS))
    queries = SearchedQuery.objects.all() if ids is None else SearchedQuery.objects.filter(pk__in=list(ids))
    queries.update(
        searches=Coalesce(Subquery(daily.annotate(n=Sum("searches")).values("n")), 0),
        days=Coalesce(Subquery(daily.filter(searches__gt=0).annotate(n=Count("pk")).values("n")), 0),
        recent=Coalesce(Subquery(recent.annotate(n=Sum("searches")).values("n")), 0),
    )
    queries.filter(searches=0).delete()


def _searched(events: Iterable[SearchEvent]) -> dict[Key, set[date]]:
    """On which days the texts of these events were searched for, as far as that is summed up."""
    events = list(events)
    found: dict[Key, set[date]] = defaultdict(set)
    if events:
        first = min(event.day for event in events) - timedelta(days=FOLLOWS_DAYS)
        rows = QueryDay.objects.filter(
            query__text__in={event.text for event in events}, day__gte=first, searches__gt=0
        ).values_list("query__text", "query__language", "day")
        for text, language, day in rows:
            found[text, language].add(day)
    return found


def write_days(text: str, language: str, days: Sequence[QueryDay], products: Sequence[QueryProductDay]) -> None:
    """Put these days, of which only the query is missing, in the place of what is held of a query.

    For histories that come from elsewhere. The caller ends with `refresh_queries` and, where it matters, `learn`.
    Raises ValueError for a text that is not written as it is kept.
    """
    if kept(text) != text:
        raise ValueError(f"{text!r} is not as queries are kept: {kept(text)!r}")
    with transaction.atomic():
        _lock()
        last = days[-1] if days else QueryDay()
        query, _new = SearchedQuery.objects.update_or_create(
            text=text,
            language=language,
            defaults={"start": text[:START], "results": 0 if last.relaxed else last.results},
        )
        QueryDay.objects.filter(query=query).delete()
        QueryProductDay.objects.filter(query=query).delete()
        both: list[Any] = [*days, *products]
        for row in both:
            row.query = query
        QueryDay.objects.bulk_create(days, batch_size=500)
        QueryProductDay.objects.bulk_create(products, batch_size=500)


def forget_queries(keys: Iterable[Key]) -> None:
    """Take out queries with all that was counted of them."""
    with transaction.atomic():
        _lock()
        for text, language in keys:
            SearchedQuery.objects.filter(text=text, language=language).delete()
    forget_kept()


@every(24 * 60 * 60, "search.insight-purge")
def purge() -> int:
    """Throw away what is older than it may get: daily rows, and queries that stand with baskets, orders and events.

    Returns how many daily rows went.
    """
    today = timezone.localdate()
    oldest = today - timedelta(days=settings.SEARCH_KEPT_DAYS)
    late = timezone.now() - timedelta(days=FOLLOWS_DAYS)
    forget_sources(SOURCE, before=late)
    # Their order's handler did not come to them in time.
    Line.objects.filter(source__startswith=SOURCE, order__date_placed__lt=late).update(source=COUNTED)
    with transaction.atomic():
        _lock()
        SearchEvent.objects.filter(day__lt=today - timedelta(days=FOLLOWS_DAYS)).delete()
        gone, _models = QueryProductDay.objects.filter(day__lte=oldest).delete()
        days_gone, _models = QueryDay.objects.filter(day__lte=oldest).delete()
        refresh_queries()
    return gone + days_gone


@every(60 * 60, "search.insight-learn")
def learn() -> int:
    """Work out how much each product was chosen after each query. Returns how many queries changed."""
    since = timezone.localdate() - timedelta(days=RECENT_DAYS)
    queries = {
        row.pk: row
        for row in SearchedQuery.objects.filter(Q(recent__gte=ranking.LEAST_SEARCHES) | ~Q(chosen={})).only(
            "recent", "chosen"
        )
    }
    products: dict[int, list[ranking.Chosen]] = defaultdict(list)
    rows = (
        QueryProductDay.objects.filter(day__gt=since, query__recent__gte=ranking.LEAST_SEARCHES)
        .order_by()
        .values_list("query", "product_id")
        .annotate(Sum("clicks"), Sum("weight"), Sum("adds"), Sum("purchases"))
    )
    for query, *numbers in rows:
        products[query].append(ranking.Chosen(*numbers))
    mean = ranking.mean_gain(
        {(query, each.product_id): each.gain for query, held in products.items() for each in held},
        {query: row.recent for query, row in queries.items()},
    )
    changed = []
    for pk, row in queries.items():
        found = ranking.scores(products[pk], searches=row.recent, mean=mean)
        chosen = {str(product): score for product, score in found.items()}
        if chosen != row.chosen:
            row.chosen = chosen
            changed.append(row)
    SearchedQuery.objects.bulk_update(changed, ["chosen"], batch_size=200)
    if changed:
        forget_kept()
    return len(changed)
