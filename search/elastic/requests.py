"""Request bodies: what finds, what ranks, which part of it a page needs. Pure functions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from search import prices
from search.types import Guidance, ListingQuery
from search.words import words

from .client import Unavailable
from .conditions import Clause, Conditions, all_of, any_of, fits
from .feedback import WINDOW
from .question import Question

# Beyond this Elasticsearch gives no pages (index.max_result_window); the database answers there.
DEEPEST = 10_000
FIELDS = ["id", "kinds", "in_stock", "popularity", "released", "title_sort"]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is really looked for, and how it differs from what was typed."""

    find: Clause
    extras: tuple[Clause, ...] = ()
    marks: tuple[Clause, ...] = ()
    words: frozenset[str] = frozenset()
    text: str = ""
    corrected: str = ""
    relaxed: bool = False
    # Some have none of the words, and mean nearly the same.
    near: bool = False
    left_out: tuple[str, ...] = ()

    @classmethod
    def every(cls, question: Question) -> Asked:
        """Products with all the words."""
        return cls._of(question, question.every())

    @classmethod
    def some(cls, question: Question) -> Asked:
        """Products with one of the words or more."""
        return cls._of(question, question.some())

    @classmethod
    def _of(cls, question: Question, find: Clause) -> Asked:
        text = question.text
        return cls(find, tuple(question.extras()), tuple(question.marks()), frozenset(words(text)), text)


EVERYTHING = Asked(find={"match_all": {}})


def window(query: ListingQuery, *, pinned: int) -> tuple[int, int]:
    """From which place and how many products to ask for. Raises Unavailable for a page that only the database has.

    What is put in a new order is asked for whole. Pins that stood on earlier pages move the others on.
    """
    end = query.page * query.page_size
    first = max(0, end - query.page_size - pinned)
    if query.text and query.sort == "relevance" and first < WINDOW:
        first, end = 0, max(end, WINDOW)
    if end > DEEPEST:
        raise Unavailable(f"page {query.page} of {query.page_size} is behind the {DEEPEST:,} that it gives")
    return first, end - first


def page(
    query: ListingQuery,
    asked: Asked,
    conditions: Conditions,
    factors: prices.Factors,
    guidance: Guidance,
    *,
    first: int,
    size: int,
    by_words: bool,
) -> Clause:
    """The products of a page, without the pinned ones and before any aggregation."""
    filters = conditions.filters()
    found = _found(asked, conditions, guidance, extras=by_words)
    left_out = [_in_stock(guidance)] if guidance.pins else []
    body: Clause = {
        "query": found,
        "from": first,
        "size": size,
        # Not even ids: unpacking what is stored costs more than finding it.
        "stored_fields": "_none_",
        "docvalue_fields": FIELDS if by_words else ["id"],
        "track_total_hits": False,
    }
    # Nothing is found by a mark: here it is only looked at for the hits, and not for all that might become one.
    marks = list(asked.marks) if by_words else []
    if filters or left_out or marks:
        body["post_filter"] = {
            "bool": {
                "filter": filters or [{"match_all": {}}],
                "must_not": left_out,
                "should": marks,
                "minimum_should_match": 0,
            }
        }
    if by_words:
        body["sort"], functions = ["_score", {"id": "asc"}], _boosts(guidance)
    else:
        body["sort"], functions = _order(query, factors, guidance)
    if functions:
        body["query"] = {
            "function_score": {
                "query": found,
                "functions": functions,
                "score_mode": "multiply",
                "boost_mode": "multiply" if by_words else "replace",
            }
        }
    return body


def counts(asked: Asked, conditions: Conditions, guidance: Guidance, aggs: dict[str, Clause]) -> Clause:
    """Numbers alone, of the same products."""
    return {
        "query": _found(asked, conditions, guidance, extras=False),
        "size": 0,
        "track_total_hits": False,
        "aggs": aggs,
    }


def pinned(conditions: Conditions, guidance: Guidance) -> Clause:
    """Which of the pins are there: in stock, not hidden, and let through by every filter."""
    return {
        "filter": all_of([_in_stock(guidance), *conditions.filters()]),
        "aggs": {"ids": {"terms": {"field": "id", "size": len(guidance.pins)}}},
    }


def _found(asked: Asked, conditions: Conditions, guidance: Guidance, *, extras: bool) -> Clause:
    find = (
        any_of([asked.find, {"constant_score": {"filter": _in_stock(guidance), "boost": 0}}])
        if guidance.pins
        else asked.find
    )
    return {
        "bool": {
            "must": [find],
            "should": list(asked.extras) if extras else [],
            "filter": conditions.scope,
            "must_not": conditions.hidden,
        }
    }


def _in_stock(guidance: Guidance) -> Clause:
    return all_of([{"terms": {"id": [product for _place, product in guidance.pins]}}, {"term": {"in_stock": True}}])


def _boosts(guidance: Guidance) -> list[Clause]:
    return [{"filter": fits(boost.kind, boost.value), "weight": boost.factor} for boost in guidance.boosts]


def _order(query: ListingQuery, factors: prices.Factors, guidance: Guidance) -> tuple[list[Any], list[Clause]]:
    """Sort keys, and functions where one of them is a number that has to be worked out. The id settles every tie."""
    by_id = {"id": "asc"}
    if query.sort == "relevance" and guidance.boosts:
        # One more than what was sold, so that a boost moves what nobody bought yet as well.
        sold = {
            "filter": {"match_all": {}},
            "field_value_factor": {"field": "popularity", "modifier": "ln2p", "missing": 0},
        }
        return [{"in_stock": "desc"}, {"_score": "desc"}, {"popularity": "desc"}, by_id], [sold, *_boosts(guidance)]
    ratios = {tax_class: there / home for tax_class, (home, there) in factors.items()}
    if query.sort in {"price", "-price"} and len(set(ratios.values())) > 1:
        functions: list[Clause] = [{"field_value_factor": {"field": "price_low", "missing": 0}}]
        functions += [
            {"filter": {"term": {"tax_class": tax_class}}, "weight": float(ratio)}
            for tax_class, ratio in ratios.items()
        ]
        return [{"has_price": "desc"}, {"_score": "desc" if query.sort == "-price" else "asc"}, by_id], functions
    orders: dict[str, list[Any]] = {
        "relevance": [{"in_stock": "desc"}, {"popularity": "desc"}, by_id],
        "newest": [{"released": "desc"}, by_id],
        "price": [{"price_low": {"order": "asc", "missing": "_last"}}, by_id],
        "-price": [{"price_low": {"order": "desc", "missing": "_last"}}, by_id],
        "rating": [{"rating": {"order": "desc", "missing": "_last"}}, {"popularity": "desc"}, by_id],
        "title": [{"title_sort": "asc"}, by_id],
        "best-selling": [{"popularity": "desc"}, by_id],
    }
    return orders[query.sort], []
