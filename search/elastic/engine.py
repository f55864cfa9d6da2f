"""The Elasticsearch engine: answers a ListingQuery as the database engine does, and ranks words better.

A page and its totals are one exchange, its facets another, and for a moment after that none is needed (answers.py). All
words are asked for; where no product has them all, spelling.py looks for what may have been meant, and what remains is
asked for word by word. Raises client.Unavailable where Elasticsearch does not answer: then the database does
(search/selectors.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

from django.utils import timezone

from search import counts, guided, pins, prices, state
from search.counts import Counted
from search.insight.selectors import clicks_for
from search.state import State
from search.types import NO_GUIDANCE, Guidance, ListingQuery, ListingResult
from search.words import words
from shop.catalogue.models import Category
from shop.markets import Market

from . import answers, client, counting, feedback, nearest, pages, requests, spelling
from .answers import Keys, Page, Settled
from .conditions import Clause, Conditions, any_of, conditions
from .feedback import Hit
from .question import BESIDE, EXACT, PHRASE, THING, TOGETHER, VERY, Question
from .requests import Asked
from .vocabulary import vocabulary

ENGINE = "elasticsearch"
# As many products or fewer may be those of a slip.
FEW = 2
# Where fewer have all the words, products with some of them stand among them as they fit: on a page that is filled anyway.
HANDFUL = 24


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of a whole list, before its facets: `matched` products have the words, whatever the filters say."""

    counted: Counted
    placed: pins.Pins
    matched: int
    # The attributes to filter by, where they are known already; else candidates, with how many products have them.
    offered: Sequence[str] | None
    codes: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Found:
    """A page: its products, and what words and vectors say of the first of the list."""

    ids: tuple[int, ...]
    hits: tuple[Hit, ...] = ()
    near: nearest.Near = nearest.NOTHING


@dataclass(frozen=True, slots=True)
class List:
    """One question with all that its requests need."""

    query: ListingQuery
    conditions: Conditions
    factors: prices.Factors
    guidance: Guidance
    state: State
    keys: Keys
    language: str
    # The attributes that were offered for the same words, if that is known.
    known_codes: Sequence[str] | None = None

    def _widened(self, text: str) -> Guidance:
        """What merchandisers say, and how the catalogue itself says `text` and their other ways to say it."""
        if self.query.exact:
            return self.guidance
        ways = (text, *_phrasings(text, self.guidance))
        also = dict.fromkeys(pair for way in ways for pair in vocabulary().also(way))
        return replace(self.guidance, also=(*self.guidance.also, *also))

    def _question(self, text: str) -> Question:
        """`text` with the other ways to say it.

        What was put right, and what merchandisers say for it, are read like what is typed: who types "lapotp", or a synonym of
        "laptop", wants no bag either.
        """
        others = _phrasings(text, self._widened(text))
        if self.query.exact:
            return Question(text, others)
        said = vocabulary()
        return Question(
            text,
            others,
            said.weight(text),
            {way: said.weight(way) for way in _phrasings(text, self.guidance)},
            said.behind(text),
        )

    def answer(self, asked: Asked) -> tuple[Numbers, Found]:
        """The page of what `asked` finds, with the numbers of the whole list: one exchange."""
        (page, numbers), near = nearest.ask(
            [self._page(asked), self._numbers(asked)], self._near(asked), needs=[("hits",), ("hits", "aggregations")]
        )
        read = self._read_numbers(numbers)
        return read, self._read_page(asked, page, near, read.placed, read.counted.total)

    def page(self, settled: Settled) -> Found:
        """The page alone, where the numbers are known."""
        (page,), near = nearest.ask([self._page(settled.asked)], self._near(settled.asked))
        return self._read_page(settled.asked, page, near, settled.placed, settled.counted.total)

    def _by_words(self) -> bool:
        return bool(self.query.text) and self.query.sort == "relevance"

    def _hits(self, hits: Sequence[dict[str, Any]]) -> list[Hit]:
        today, chosen = timezone.localdate(), clicks_for(self.query.text)
        return [_hit(hit, today, chosen) for hit in hits]

    def _reordered(self) -> bool:
        first, _size = requests.window(self.query, pinned=len(self.guidance.pins))
        return self._by_words() and not first

    def _near(self, asked: Asked) -> Clause | None:
        return nearest.request(asked.text, self.conditions, within=asked.find) if self._reordered() else None

    def _page(self, asked: Asked) -> Clause:
        query, guidance = self.query, self.guidance
        first, size = requests.window(query, pinned=len(guidance.pins))
        return requests.page(
            query, asked, self.conditions, self.factors, guidance, first=first, size=size, by_words=self._by_words()
        )

    def _numbers(self, asked: Asked) -> Clause:
        query = self.query
        wanted = counting.totals(query, self.conditions, with_codes=query.with_facets and self._offered() is None)
        if self.guidance.pins:
            wanted["pinned"] = requests.pinned(self.conditions, self.guidance)
            wanted["found"] = {"filter": asked.find}
        return requests.counts(asked, self.conditions, self.guidance, wanted)

    def _offered(self) -> Sequence[str] | None:
        """The attributes to filter by: a category's are chosen ahead, those that words find when they are asked for first."""
        if not self.query.text and self.query.ids is None:
            return [code for code, _name in self.state.attributes]
        return self.known_codes

    def _read_numbers(self, said: Mapping[str, Any]) -> Numbers:
        counted, found = Counted(), said["aggregations"]
        counting.read_totals(counted, said, self.factors)
        there = {bucket["key"] for bucket in found.get("pinned", {}).get("ids", {}).get("buckets", ())}
        return Numbers(
            counted=counted,
            placed=tuple((place, product) for place, product in self.guidance.pins if product in there),
            # What a pin adds was not found by its words.
            matched=found["found"]["doc_count"] if "found" in found else counted.whole or counted.total,
            offered=None if "codes" in found else self._offered(),
            codes={bucket["key"]: bucket["doc_count"] for bucket in found.get("codes", {}).get("buckets", ())},
        )

    def _read_page(
        self, asked: Asked, said: Mapping[str, Any], near: nearest.Near, placed: pins.Pins, total: int
    ) -> Found:
        query = self.query
        first, _size = requests.window(query, pinned=len(self.guidance.pins))
        hits = said["hits"]["hits"]
        window = self._hits(hits[: feedback.WINDOW]) if self._reordered() else []
        ranked = _ranked(window, asked, near)
        found = [hit.id for hit in ranked] + [hit["fields"]["id"][0] for hit in hits[len(ranked) :]]
        here = pins.window(pins.places(placed, total - len(placed)), page=query.page, page_size=query.page_size)
        start = here.start - first
        return Found(here.join(found[start : start + here.size]), tuple(window), near)

    def filled(self, asked: Asked, text: str, found: Found) -> Page:
        """The page, with products that have some of the words where those with all of them leave a first one half empty.

        A handful that has all of them somewhere is no better for it than what has most of them in its title: then both
        are one list. Where the shop has sentence vectors, what comes near in meaning fills the page too, and alone where
        no product has any of the words: then `text` is empty.
        """
        query = self.query
        room = query.page_size - len(found.ids)
        if not self._by_words() or query.page > 1 or room < 1 or (asked.relaxed and text):
            return Page(found.ids)
        some = Asked.some(self._question(text))
        body = requests.page(
            replace(query, page=1),
            some,
            replace(self.conditions, hidden=[*self.conditions.hidden, asked.find]),
            self.factors,
            replace(self.guidance, pins=()),
            first=0,
            size=feedback.WINDOW,
            by_words=True,
        )
        several = len(words(text)) > 1
        wanted = nearest.request(
            text or query.text, self.conditions, without=[asked.find] if text else [], fields=requests.FIELDS
        )
        said, near = nearest.ask([body] if several else [], wanted)
        hits = said[0]["hits"]["hits"] if said else []
        more = self._hits(near.joined(hits))
        order = [
            hit.id
            for hit in _ranked([*feedback.whole(found.hits), *more], some, found.near.and_also(near), partly=True)
        ]
        similar = tuple(pk for pk in order if pk not in found.ids)[:room]
        is_near = not {hit["fields"]["id"][0] for hit in hits}.issuperset(similar)
        if self.guidance.pins or not similar or not several or not 0 < len(found.ids) < HANDFUL:
            return Page(found.ids, similar, is_near=is_near)
        shown = {*found.ids, *similar}
        return Page(found.ids, similar, tuple(pk for pk in order if pk in shown), is_near)

    def count(self, asked: Asked, numbers: Numbers) -> None:
        """Add the numbers of every facet."""
        query, counted = self.query, numbers.counted
        scope = self._scope(asked, numbers)
        edges = counting.edges(counted)
        body = requests.counts(
            asked,
            self.conditions,
            self.guidance,
            counting.facets(query, self.conditions, scope, edges, self.factors),
        )
        codes = counting.read_facets(counted, client.ask(body, needs=("aggregations",)), query, scope, edges)
        if scope.numbers is not None:
            answers.keep_offered(self.keys, codes)

    def _scope(self, asked: Asked, numbers: Numbers) -> counting.Scope:
        """What to count: a category's attributes are chosen ahead, those of words by what they find without any filter."""
        categories = _categories(self.query)
        if numbers.offered is not None:
            return counting.Scope(numbers.offered, categories)
        if self.conditions.filters():
            body = requests.counts(asked, self.conditions, self.guidance, counting.choices(list(numbers.codes), []))
            found = client.ask(body, needs=("aggregations",))["aggregations"] if numbers.codes else {}
            offered = counting.offered(numbers.codes, counting.read_choices(found))
            answers.keep_offered(self.keys, offered)
            return counting.Scope(offered, categories)
        return counting.Scope(list(numbers.codes), categories, numbers.codes)

    def settle(self) -> tuple[Settled, Page]:
        """Find out what the question comes to, and its page."""
        query = self.query
        text, asked, better = query.text, requests.EVERYTHING, ""
        if text:
            one = "" if query.exact or self.guidance.words else vocabulary().rejoined(text)
            text = one or text
            asked = replace(Asked.every(self._question(text)), corrected=one)
        numbers, found = self.answer(asked)
        if text and not query.exact:
            if not numbers.matched:
                asked, text, numbers, found, better = self._forgiven(asked, numbers, found)
            elif numbers.matched <= FEW:
                better = spelling.better(text, numbers.matched, said=self.guidance.words)
        page = self.filled(asked, text, found)
        if query.with_facets and (numbers.counted.whole or numbers.counted.total or query.facets):
            self.count(asked, numbers)
        settled = Settled(asked, text, numbers.counted, numbers.placed, numbers.matched, better)
        return settled, page

    def _with_near(self, asked: Asked) -> Asked:
        """What is near in meaning as part of the list: what has some of the words may be far from what all of them say."""
        # The model knows words that no product has, and what a correction makes of them is no sentence.
        text = self.query.text
        ids = [] if self.guidance.boosts else nearest.found(text, self.conditions)
        return replace(asked, find=any_of([asked.find, nearest.lifted(ids)]), text=text, near=True) if ids else asked

    def _forgiven(self, asked: Asked, numbers: Numbers, found: Found) -> tuple[Asked, str, Numbers, Found, str]:
        """The answer to what may have been meant: near words, then fewer words, then any of them. Its words with it.

        Last comes what to ask the visitor, where a word may be mistyped and may be one of its own.
        """
        text, guidance = self.query.text, self.guidance
        repair = spelling.repair(
            text,
            said=guidance.words,
            synonymous=guided.synonymous(text, self._widened(text)),
            right=partial(pages.known, language=self.language),
        )
        better = repair.maybe if repair.maybe and spelling.finds(repair.maybe) else ""
        if not repair.text:
            # Without a word that is missed, merchandisers have said what to show.
            is_said = bool(guidance.words) and not repair.left_out
            return replace(asked, left_out=repair.left_out, relaxed=not is_said), "", numbers, found, better
        corrected = repair.text if repair.corrected else ""
        ways = [(Asked.some, True)]
        if (repair.corrected or repair.left_out) and repair.is_told:
            ways.insert(0, (Asked.every, bool(repair.left_out)))
        for way, relaxed in ways:
            asked = replace(
                way(self._question(repair.text)), corrected=corrected, left_out=repair.left_out, relaxed=relaxed
            )
            if way == Asked.some:
                asked = self._with_near(asked)
            numbers, found = self.answer(asked)
            if numbers.matched:
                break
        return asked, repair.text, numbers, found, better


def find(query: ListingQuery, *, market: Market, guidance: Guidance = NO_GUIDANCE) -> ListingResult:
    """Answer `query`: ids in order, and counts where they are asked for. Raises client.Unavailable."""
    guidance = guided.in_force(guidance, query)
    if query.text and not words(query.text) and not guidance.pins:
        return ListingResult(ids=(), total=0, engine=ENGINE)
    now = state.read(query.category_id)
    keys = Keys.of(query, market, guidance, now)
    settled, page = answers.kept(keys)
    if settled is None or page is None:
        factors = prices.factors(market)
        codes = answers.offered(keys) if settled is None and query.with_facets else None
        held = conditions(query, factors, guidance)
        listed = List(query, held, factors, guidance, now, keys, market.language, codes)
        if settled is None:
            settled, page = listed.settle()
            answers.keep(keys, settled, page)
        else:
            found = listed.page(settled)
            page = listed.filled(settled.asked, settled.text, found)
            answers.keep(keys, None, page)
    asked, counted = settled.asked, settled.counted
    return ListingResult(
        ids=page.ids,
        total=counted.total if query.with_facets or query.with_total else -1,
        whole=counted.whole,
        facets=counts.facets(query, counted) if query.with_facets else (),
        price_low=counted.price_low,
        price_high=counted.price_high,
        engine=ENGINE,
        relaxed=asked.relaxed,
        left_out=asked.left_out,
        histogram=counted.histogram,
        corrected=asked.corrected,
        did_you_mean=settled.better,
        similar=page.similar,
        mixed=page.mixed,
        near=page.is_near or asked.near,
    )


def _phrasings(text: str, guidance: Guidance) -> tuple[str, ...]:
    return tuple(" ".join(phrase) for phrase in guided.phrasings(text, guidance))


def _ranked(hits: Sequence[Hit], asked: Asked, near: nearest.Near, *, partly: bool = False) -> list[Hit]:
    """Hits in the order of words, meaning and kind, and of what others chose after these words.

    `partly`: some of them have some of the words only.
    """
    if not hits:
        return []
    if not nearest.orders(asked.text, partly=partly or asked.relaxed):
        near = nearest.NOTHING
    of = nearest if near else feedback
    return feedback.rerank(
        nearest.blend(hits, near, relaxed=asked.relaxed),
        vocabulary().kinds,
        asked.words,
        weight=nearest.KIND if near else feedback.WEIGHT,
        thing=of.THING,
        aside=of.ASIDE,
    )


def _hit(hit: dict[str, Any], today: date, chosen: Mapping[int, float]) -> Hit:
    fields, matched = hit["fields"], hit.get("matched_queries", ())
    released = fields.get("released", ["1970-01-01"])[0][:10]
    return Hit(
        id=fields["id"][0],
        score=nearest.grounded(hit["_score"] or 0.0),
        kinds=fields.get("kinds", ()),
        tier=0 if EXACT in matched else 1,
        phrase=PHRASE in matched,
        together=TOGETHER in matched,
        thing=THING in matched,
        very=VERY in matched,
        beside=BESIDE in matched,
        in_stock=fields["in_stock"][0],
        sold=fields["popularity"][0],
        chosen=chosen.get(fields["id"][0], 0.0),
        age=(today - date.fromisoformat(released)).days,
        title=fields.get("title_sort", ("",))[0],
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
