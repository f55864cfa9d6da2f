"""Write judgements and checks, and look at what the ranking is worth by them.

Asking an engine may take a while and may fail: it is never done inside a transaction.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from shop.catalogue.models import Product
from shop.outbox.operations import enqueue, handles
from shop.outbox.periodic import every

from . import metrics
from .answers import Answer, answer
from .checks import place_in
from .codes import listed_by_code
from .files import Line
from .models import JudgedQuery, Judgement, RelevanceCheck, spelt

TOPIC = "search.score"
# A lower difference is no change: ties alone move more.
SAME = 0.0005
BATCH = 500
# The worker gives other work a turn after so long.
SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Report:
    """What an import of judgements did, line by line where it could not."""

    queries: int
    added: int
    changed: int
    unchanged: int
    errors: tuple[str, ...]


def rate(text: str, ratings: Mapping[int, int | None], *, by: Any) -> int:
    """Write what `by` says of products for a query: a rating from 0 to 3, or None for no word on it (any more).

    Returns how many judgements are other ones now, and has the query scored where any is. Ratings of products that
    are gone are left out. Raises ValueError for a rating or a query that is none.
    """
    query = _query_text(text)
    for pk, rating in ratings.items():
        if rating is not None and not metrics.LOWEST <= rating <= metrics.HIGHEST:
            raise ValueError(f"The rating of product {pk} is {rating}; it goes from 0 to 3.")
    with transaction.atomic():
        judged, _made = JudgedQuery.objects.select_for_update().get_or_create(text=query)
        present = Product.objects.filter(pk__in=list(ratings)).values_list("pk", flat=True)
        wanted = {pk: ratings[pk] for pk in present}
        dropped = [pk for pk, rating in wanted.items() if rating is None]
        gone, _by_model = judged.judgements.filter(product_id__in=dropped).delete()
        given = {(judged.pk, pk): rating for pk, rating in wanted.items() if rating is not None}
        added, changed = _write(given, by=by)
        if not judged.judgements.exists():
            judged.delete()
        elif gone + added + changed:
            enqueue(TOPIC, {"query": judged.pk})
    return gone + added + changed


def import_judgements(lines: Sequence[Line], *, by: Any, errors: Iterable[str] = ()) -> Report:
    """Write the judgements of a file: all good lines at once. A rating that was there is replaced.

    `errors` are those that reading the file found; lines about unknown products and queries without a word join them.
    """
    found = listed_by_code({line.code for line in lines})
    said = list(errors)
    wanted: dict[tuple[str, int], int] = {}
    for line in lines:
        if line.code not in found:
            said.append(f"Line {line.number}: no product that is shown has the UPC or slug {line.code}.")
            continue
        key = spelt(line.query), found[line.code]
        # Of two variants of one product the better one speaks for it.
        wanted[key] = max(line.rating, wanted.get(key, 0))
    texts = sorted({text for text, _pk in wanted})
    while True:
        with transaction.atomic():
            ids = _held_queries(texts)
            if len(ids) == len(texts):
                added, changed = _write({(ids[text], pk): rating for (text, pk), rating in wanted.items()}, by=by)
                if added + changed:
                    enqueue(TOPIC, {"all": True})
                break
            # To make the missing one while we hold the others would have two imports wait for each other.
            transaction.set_rollback(True)
    return Report(len(texts), added, changed, len(wanted) - added - changed, tuple(said))


def _held_queries(texts: Sequence[str]) -> dict[str, int]:
    """The judged queries of these texts by their ids, for this transaction alone; made where they are missing.

    One whose last rating is being taken back just now is waited for, and missing then.
    """
    new = [JudgedQuery(text=text) for text in texts]
    JudgedQuery.objects.bulk_create(new, batch_size=BATCH, ignore_conflicts=True)
    ids: dict[str, int] = {}
    for start in range(0, len(texts), BATCH):
        held = JudgedQuery.objects.select_for_update().filter(text__in=texts[start : start + BATCH])
        ids.update(held.order_by("text").values_list("text", "pk"))
    return ids


def _write(given: Mapping[tuple[int, int], int], *, by: Any) -> tuple[int, int]:
    """Bring these judgements about. Returns how many are new, and how many have another rating now."""
    held = {
        (row.query_id, row.product_id): row
        for row in Judgement.objects.filter(query_id__in={query for query, _pk in given})
        if (row.query_id, row.product_id) in given
    }
    now = timezone.now()
    changed = [row for key, row in held.items() if row.rating != given[key]]
    for row in changed:
        row.rating, row.by, row.at = given[row.query_id, row.product_id], by, now
    Judgement.objects.bulk_update(changed, ["rating", "by", "at"], batch_size=BATCH)
    new = [
        Judgement(query_id=query, product_id=pk, rating=rating, by=by, at=now)
        for (query, pk), rating in given.items()
        if (query, pk) not in held
    ]
    Judgement.objects.bulk_create(new, batch_size=BATCH)
    return len(new), len(changed)


def _query_text(text: str) -> str:
    query = spelt(text)
    longest = JudgedQuery._meta.get_field("text").max_length or 0
    if not query or len(query) > longest or not query.isprintable():
        raise ValueError(f"A query has 1 to {longest} characters that can be read; this one has {len(query)}.")
    return query


def score_all_soon() -> None:
    """Have the worker look at every judged query and check."""
    enqueue(TOPIC, {"all": True})


@handles(TOPIC)
def scores_wanted(payloads: Sequence[dict[str, Any]]) -> None:
    """Score the queries that are named, or all of them."""
    if any(payload.get("all") for payload in payloads):
        score()
        return
    score({payload["query"] for payload in payloads})


@every(3600, "search.relevance")
def score_by_the_clock() -> int:
    """What is sold, reviewed and written changes the ranking without anybody judging anything."""
    return score()


def score(query_ids: set[int] | None = None, *, seconds: float = SECONDS) -> int:
    """Look at these judged queries (and, without ids, at all of them and the checks), those longest ago first.

    Stops after `seconds`; the rest comes with the next call. Returns how many were looked at.
    """
    ends = time.monotonic() + seconds
    queries = JudgedQuery.objects.order_by("scored_at", "pk")
    if query_ids is not None:
        queries = queries.filter(pk__in=query_ids)
    else:
        # The last of its products was deleted.
        JudgedQuery.objects.filter(judgements=None).delete()
    done = 0
    for judged in queries.prefetch_related("judgements"):
        if time.monotonic() > ends:
            return done
        done += write_score(judged, answer(judged.text))
    for check in RelevanceCheck.objects.all() if query_ids is None else ():
        if time.monotonic() > ends:
            return done
        done += write_place(check, answer(check.query))
    return done


def write_score(judged: JudgedQuery, found: Answer) -> bool:
    """Keep what this answer is worth, and what it was worth before where that is something else.

    A substitute's answer is not kept: an outage of Elasticsearch says nothing about the ranking. Returns whether it was.
    """
    if not found.is_ours:
        return False
    ids = found.ids
    ratings = {row.product_id: row.rating for row in judged.judgements.all()}
    ndcg = metrics.ndcg(ids, ratings)
    top = list(ids[: metrics.TOP])
    now = timezone.now()
    values: dict[str, Any] = {
        "ndcg": ndcg,
        "condensed": metrics.condensed_ndcg(ids, ratings),
        "unrated": metrics.unrated_share(ids, ratings),
        "top": top,
        "scored_at": now,
    }
    if judged.ndcg is not None and ndcg is not None and (abs(judged.ndcg - ndcg) > SAME or judged.top != top):
        values |= {"ndcg_before": judged.ndcg, "top_before": judged.top, "changed_at": now}
    JudgedQuery.objects.filter(pk=judged.pk).update(**values)
    return True


def write_place(check: RelevanceCheck, found: Answer) -> bool:
    """Keep what decides the check in this answer, unless a substitute gave it. Returns whether it was kept."""
    if found.is_ours:
        place = place_in(check, found.ids)
        RelevanceCheck.objects.filter(pk=check.pk).update(place=place, placed_at=timezone.now())
    return found.is_ours


def look_at(check: RelevanceCheck) -> None:
    """See at once whether this check holds."""
    write_place(check, answer(check.query))
