"""The Elasticsearch engine: answers a ListingQuery as the database engine does, and ranks words better.

A page is one request, and one more for its facets. All words are asked for; where no product has them all, spelling.py
looks for what may have been meant, and what remains is asked for word by word. Raises client.Unavailable where
Elasticsearch does not answer: then the database does (search/selectors.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils import timezone

from search import counts, guided, pins, prices, state
from search.counts import Counted
from search.insight.selectors import clicks_for
from search.types import NO_GUIDANCE, Guidance, ListingQuery, ListingResult
from search.words import words
from shop.catalogue.models import Category
from shop.markets import Market

from . import client, counting, feedback, requests, spelling
from .conditions import Conditions, conditions
from .feedback import Hit
from .question import EXACT, PHRASE
from .requests import Asked

ENGINE = "elasticsearch"
# As many products or fewer may be those of a slip.
FEW = 2


@dataclass(frozen=True, slots=True)
class Answer:
    """What a page's request said, before its facets: `matched` products have the words, whatever the filters say."""

    asked: Asked
    ids: tuple[int, ...]
    counted: Counted
    codes: tuple[str, ...]
    matched: int
    hits: tuple[Hit, ...] = ()


@dataclass(frozen=True, slots=True)
class List:
    """One question with all that its requests need."""

    query: ListingQuery
    conditions: Conditions
    factors: prices.Factors
    guidance: Guidance

    def answer(self, asked: Asked) -> Answer:
        """The page of what `asked` finds, with the numbers of the whole list."""
        query, pinned = self.query, self.guidance.pins
        first, size = requests.window(query, pinned=len(pinned))
        by_words = bool(query.text) and query.sort == "relevance"
        body = requests.page(
            query, asked, self.conditions, self.factors, self.guidance, first=first, size=size, by_words=by_words
        )
        body["aggs"] = counting.totals(query, self.conditions, with_codes=query.with_facets and bool(query.text))
        if pinned:
            body["aggs"]["pinned"] = requests.pinned(self.conditions, self.guidance)
        said = client.ask(body, needs=("hits", "aggregations"))
        hits = said["hits"]["hits"]
        ranked = _ranked(hits, asked, clicks_for(query.text)) if by_words and not first else []
        found = [hit.id for hit in ranked] + [hit["fields"]["id"][0] for hit in hits[len(ranked) :]]
        counted = Counted()
        counting.read_totals(counted, said, self.factors)
        there = {bucket["key"] for bucket in said["aggregations"].get("pinned", {}).get("ids", {}).get("buckets", ())}
        placed = [(place, product) for place, product in pinned if product in there]
        here = pins.window(pins.places(placed, counted.total - len(placed)), page=query.page, page_size=query.page_size)
        start = here.start - first
        return Answer(
            asked=asked,
            ids=here.join(found[start : start + here.size]),
            counted=counted,
            codes=tuple(bucket["key"] for bucket in said["aggregations"].get("codes", {}).get("buckets", ())),
            matched=counted.whole or counted.total,
            hits=tuple(ranked),
        )

    def similar(self, answer: Answer, text: str) -> tuple[int, ...]:
        """Products with some of the words, to fill a first page that those with all of them leave half empty."""
        query = self.query
        room = query.page_size - len(answer.ids)
        if answer.asked.relaxed or query.sort != "relevance" or query.page > 1 or room < 1 or len(words(text)) < 2:
            return ()
        asked = Asked.some(text, self.guidance)
        hidden = [*self.conditions.hidden, answer.asked.find]
        body = requests.page(
            replace(query, page=1),
            asked,
            replace(self.conditions, hidden=hidden),
            self.factors,
            replace(self.guidance, pins=()),
            first=0,
            size=feedback.WINDOW,
            by_words=True,
        )
        found = _ranked(client.ask(body)["hits"]["hits"], asked, clicks_for(query.text), better=answer.hits)
        return tuple(hit.id for hit in found if hit.id not in answer.ids)[:room]

    def count(self, answer: Answer) -> None:
        """Add the numbers of every facet."""
        query, counted = self.query, answer.counted
        ahead = not query.text and query.ids is None
        offered = [code for code, _name in state.read(query.category_id).attributes] if ahead else answer.codes
        scope = counting.Scope(codes=offered, categories=_categories(query), chosen_ahead=ahead)
        edges = counting.edges(counted)
        body = requests.counts(
            answer.asked,
            self.conditions,
            self.guidance,
            counting.facets(query, self.conditions, scope, edges, self.factors),
        )
        counting.read_facets(counted, client.ask(body, needs=("aggregations",)), query, scope, edges)


def find(query: ListingQuery, *, market: Market, guidance: Guidance = NO_GUIDANCE) -> ListingResult:
    """Answer `query`: ids in order, and counts where they are asked for. Raises client.Unavailable."""
    guidance = guided.in_force(guidance, query)
    if query.text and not words(query.text) and not guidance.pins:
        return ListingResult(ids=(), total=0, engine=ENGINE)
    factors = prices.factors(market)
    listed = List(query, conditions(query, factors, guidance), factors, guidance)
    text = query.text
    answer = listed.answer(Asked.every(text, guidance) if text else requests.EVERYTHING)
    similar: tuple[int, ...] = ()
    better = ""
    if text:
        if not answer.matched and not query.exact:
            answer, text = _forgiven(listed, answer)
        elif 0 < answer.matched <= FEW and not query.exact:
            better = spelling.better(text, answer.matched)
        similar = listed.similar(answer, text)
    if query.with_facets and (answer.matched or query.facets):
        listed.count(answer)
    counted = answer.counted
    return ListingResult(
        ids=answer.ids,
        total=counted.total if query.with_facets or query.with_total else -1,
        whole=counted.whole,
        facets=counts.facets(query, counted) if query.with_facets else (),
        price_low=counted.price_low,
        price_high=counted.price_high,
        engine=ENGINE,
        relaxed=answer.asked.relaxed,
        left_out=answer.asked.left_out,
        histogram=counted.histogram,
        corrected=answer.asked.corrected,
        did_you_mean=better,
        similar=similar,
    )


def _forgiven(listed: List, answer: Answer) -> tuple[Answer, str]:
    """The answer to what may have been meant: near words, then fewer words, then any of them. Its words with it."""
    repair = spelling.repair(listed.query.text)
    if not repair.text:
        return replace(answer, asked=replace(answer.asked, left_out=repair.left_out, relaxed=True)), ""
    corrected = repair.text if repair.corrected else ""
    ways = [(Asked.some, True)]
    if repair.corrected or repair.left_out:
        ways.insert(0, (Asked.every, bool(repair.left_out)))
    for way, relaxed in ways:
        asked = replace(
            way(repair.text, listed.guidance), corrected=corrected, left_out=repair.left_out, relaxed=relaxed
        )
        answer = listed.answer(asked)
        if answer.matched:
            break
    return answer, repair.text


def _ranked(
    hits: list[dict[str, Any]], asked: Asked, chosen: Mapping[int, float], *, better: Sequence[Hit] = ()
) -> list[Hit]:
    """The first hits of a list in the order of words and kind, and of what others chose after these words."""
    today = timezone.localdate()
    window = [_hit(hit, today, chosen) for hit in hits[: feedback.WINDOW]]
    return feedback.rerank(window, feedback.background(), asked.words, better=better) if window else []


def _hit(hit: dict[str, Any], today: date, chosen: Mapping[int, float]) -> Hit:
    fields, matched = hit["fields"], hit.get("matched_queries", ())
    released = fields.get("released", ["1970-01-01"])[0][:10]
    return Hit(
        id=fields["id"][0],
        score=hit["_score"] or 0.0,
        kinds=fields.get("kinds", ()),
        tier=0 if EXACT in matched else 1,
        phrase=PHRASE in matched,
        in_stock=fields["in_stock"][0],
        sold=fields["popularity"][0],
        chosen=chosen.get(fields["id"][0], 0.0),
        age=(today - date.fromisoformat(released)).days,
    )


def _categories(query: ListingQuery) -> dict[str, str]:
    """Ids, as text, and names of the categories below the present one, or of the top ones."""
    below = Category.objects.browsable()
    if query.category_id is None:
        below = below.filter(depth=1)
    else:
        here = Category.objects.filter(pk=query.category_id).first()
        below = here.get_children().browsable() if here else below.none()
    return {str(pk): name for pk, name in below.order_by().values_list("pk", "name")}
