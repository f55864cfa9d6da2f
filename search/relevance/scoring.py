"""Put judged queries to an engine, and say what its answers are worth."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from . import metrics
from .codes import listed_by_code
from .typos import with_typo

Ask = Callable[[str], tuple[int, ...]]
# By query: what each product is rated. A product that the shop does not show is under its code, so that it still
# counts for the ideal list.
Ratings = Mapping[str, Mapping[int | str, int]]


@dataclass(frozen=True, slots=True)
class QueryScore:
    """One query's scores from 0 to 1; `typo` is NDCG for the same query mistyped, None where it was not tried."""

    query: str
    ndcg: float
    condensed: float
    unrated: float
    mistyped: str = ""
    typo: float | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """Means over queries; `interval` is NDCG's 95 % bootstrap interval."""

    ndcg: float
    condensed_ndcg: float
    unrated_share: float
    interval: tuple[float, float]
    by_query: tuple[QueryScore, ...]

    @property
    def typo_ndcg(self) -> float | None:
        """Mean NDCG of the mistyped queries."""
        tried = [one.typo for one in self.by_query if one.typo is not None]
        return metrics.mean(tried) if tried else None

    @property
    def typo_kept(self) -> float | None:
        """What share of their clean score the mistyped queries keep."""
        clean = [one.ndcg for one in self.by_query if one.typo is not None]
        if not clean or not (whole := metrics.mean(clean)):
            return None
        return (self.typo_ndcg or 0.0) / whole


@dataclass(frozen=True, slots=True)
class Judged:
    """Judgements with products of this shop in them."""

    ratings: Ratings
    products: int  # different products that are rated
    missing: tuple[str, ...]  # codes of those that the shop does not show

    @property
    def queries(self) -> tuple[str, ...]:
        """Those that count: with a product rated above 0."""
        return tuple(query for query, rated in self.ratings.items() if any(rated.values()))


def of_this_shop(by_code: Mapping[str, Mapping[str, int]]) -> Judged:
    """Find the products to their codes (UPCs, or slugs). A variant's rating counts for its parent, which is what lists show."""
    codes = {code for rated in by_code.values() for code in rated}
    listed = listed_by_code(codes)
    ratings: dict[str, dict[int | str, int]] = {}
    for query, rated in by_code.items():
        ours = ratings.setdefault(query, {})
        for code, rating in rated.items():
            key: int | str = listed.get(code, code)
            ours[key] = max(rating, ours.get(key, 0))
    return Judged(ratings, len(codes), tuple(sorted(codes - set(listed))))


def score(judged: Judged, ask: Ask, *, typos: bool = False, said: Callable[[int], None] | None = None) -> Score:
    """Ask every query that counts and mean the answers' scores. `said` hears how many queries are done.

    Raises ValueError where no query counts.
    """
    found: list[QueryScore] = []
    for done, query in enumerate(judged.queries, start=1):
        found.append(_score_one(query, judged.ratings[query], ask, typos=typos))
        if said:
            said(done)
    values = [one.ndcg for one in found]
    return Score(
        ndcg=metrics.mean(values),
        condensed_ndcg=metrics.mean([one.condensed for one in found]),
        unrated_share=metrics.mean([one.unrated for one in found]),
        interval=metrics.bootstrap_interval(values),
        by_query=tuple(found),
    )


def _score_one(query: str, rated: Mapping[int | str, int], ask: Ask, *, typos: bool) -> QueryScore:
    ids = ask(query)
    mistyped = with_typo(query) if typos else None
    return QueryScore(
        query=query,
        ndcg=metrics.ndcg(ids, rated) or 0.0,
        condensed=metrics.condensed_ndcg(ids, rated) or 0.0,
        unrated=metrics.unrated_share(ids, rated),
        mistyped=mistyped or "",
        typo=(metrics.ndcg(ask(mistyped), rated) or 0.0) if mistyped else None,
    )
