"""What the sums say: completions, what is chosen after a query, and the reports.

Nothing here shows a query that was counted less than SEARCH_SHOWN_FROM times, or on one day only: it may be somebody's
own words.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from django.conf import settings
from django.core.cache import cache
from django.db.models import Q

from shop.kept import Kept

from .models import SearchedQuery
from .texts import kept

LEAST_DAYS = 2
START = 2
_chosen = Kept("search:chosen", seconds=60 * 60)
# Whether anything was learnt at all. While nothing was, asking costs one look into the cache.
_ANY = "search:chosen:any"
_ANY_SECONDS = 10 * 60


def shown(prefix: str = "") -> Q:
    """The condition under which a query may be shown; `prefix` leads to it from another table."""
    return Q(**{f"{prefix}searches__gte": settings.SEARCH_SHOWN_FROM, f"{prefix}days__gte": LEAST_DAYS})


def completions(prefix: str, *, language: str, limit: int = 4) -> tuple[str, ...]:
    """How others went on from `prefix`: queries that found something, the most frequent first, and never `prefix` itself.

    One query, which reads those that begin with the same two letters in the order of their frequency until it has
    enough.
    """
    start = kept(prefix)
    if len(start) < START:
        return ()
    # What is typed may end within a word or after one.
    if prefix[-1:].isspace():
        start += " "
    found = (
        SearchedQuery.objects.filter(shown(), language=language, start=start[:START], results__gt=0, recent__gt=0)
        .filter(text__startswith=start)
        .exclude(text=start)
        .order_by("-recent")
    )
    return tuple(found.values_list("text", flat=True)[:limit])


def clicks_for(text: str) -> Mapping[int, float]:
    """Product id to 0..1: how much it was chosen after this query, corrected for where it stood (ranking.py).

    Empty where there is too little to say. Kept for an hour; while nothing was learnt, it costs no query at all.
    """
    query = kept(text)
    if not query or not _anything():
        return {}
    key = hashlib.sha256(query.encode()).hexdigest()[:32]
    return _chosen.get(key, lambda: _read_chosen(query))


def _anything() -> bool:
    known = cache.get(_ANY)
    if known is None:
        known = SearchedQuery.objects.exclude(chosen={}).exists()
        cache.set(_ANY, known, _ANY_SECONDS)
    return bool(known)


def _read_chosen(query: str) -> dict[int, float]:
    found: dict[int, float] = {}
    # The same word may be asked for in several languages; the products are the same.
    for scores in SearchedQuery.objects.filter(text=query).exclude(chosen={}).values_list("chosen", flat=True):
        for product, score in scores.items():
            found[int(product)] = max(score, found.get(int(product), 0.0))
    return found


def forget_kept() -> None:
    """Have what is kept read anew: something was learnt."""
    _chosen.forget()
    cache.delete(_ANY)
