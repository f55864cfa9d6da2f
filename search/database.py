"""The database engine: answers a ListingQuery from the flat tables of models.py.

Without text a page costs one query for its products, one for all counts and one to choose the attributes; the last two
are cached under the tables' state, so that they cost nothing until something changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from django.db.models import F, FloatField, Q, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone

from shop.markets import Market

from . import counts, guided, pins, prices, state
from .fulltext import Rank
from .models import ListingCategory, ListingFacet, ListingRow, ListingText
from .questions import Asked, ask, tier
from .types import NEW_DAYS, NO_GUIDANCE, Guidance, ListingQuery, ListingResult

ENGINE = "database"
# One row of a page: its id, and the tables' state.
Row = tuple[int, str, str, list[list[str]] | None]


@dataclass(frozen=True, slots=True)
class Conditions:
    """A query's conditions by what set them, so that a facet can be counted without its own."""

    scope: Q  # what is asked of without any filter
    base: Q
    price: Q
    facets: dict[str, Q]

    def all_but(self, left_out: str = "") -> Q:
        """Every condition but that of the facet `left_out` ("price" for the price)."""
        held = self.base
        if left_out != "price":
            held &= self.price
        for code, condition in self.facets.items():
            if code != left_out:
                held &= condition
        return held

    def within(self, found: Q) -> Conditions:
        """The same among what the words find."""
        return replace(self, scope=found & self.scope, base=found & self.base)


def find(query: ListingQuery, *, market: Market, guidance: Guidance = NO_GUIDANCE) -> ListingResult:
    """Answer `query`: ids in order, and counts where they are asked for.

    Of the guidance pins, hidden products and phrasings hold in full; a phrasing counts like the words themselves. Boosts
    order what is there: without words they multiply what sells, and with words a product of twice the weight goes up by
    one tier (the title itself, a title with the phrase, with all words, the rest) and half the weight down by one.
    Pins cost one query more, everything else none.
    """
    guidance = guided.in_force(guidance, query)
    asked = (
        ask(
            query.text,
            guided.phrasings(query.text, guidance),
            language=market.language,
            exact=query.exact,
            said=guidance.words,
        )
        if query.text
        else None
    )
    if asked and not asked.question and not guidance.pins:
        return ListingResult(
            ids=(),
            total=0,
            engine=ENGINE,
            relaxed=asked.relaxed,
            left_out=asked.left_out,
            did_you_mean=asked.did_you_mean,
        )
    factors = prices.factors(market) if _reads_prices(query) else {}
    conditions = _conditions(query, factors, guidance)
    matched = _matched(asked)
    pinned = _pinned(conditions, guidance)
    rows = ListingRow.objects.filter(matched & conditions.all_but())
    if pinned:
        rows = rows.exclude(pk__in=[product for _place, product in pinned])
    ids, page = _page(_ordered(rows, query, asked, factors, guidance), query, pinned)
    counted = None
    if query.with_facets or query.with_total:
        now = state.State.of(*page[0][1:]) if page else state.read(query.category_id)
        counted = counts.count(
            query,
            conditions.within(_counted(asked, guidance)),
            market=market,
            state=now,
            factors=factors,
            guidance=guidance,
        )
    return ListingResult(
        ids=ids,
        total=counted.total if counted else -1,
        whole=counted.whole if counted else 0,
        facets=counts.facets(query, counted) if counted and query.with_facets else (),
        price_low=counted.price_low if counted else None,
        price_high=counted.price_high if counted else None,
        histogram=counted.histogram if counted else (),
        engine=ENGINE,
        relaxed=asked.relaxed if asked else False,
        left_out=asked.left_out if asked else (),
        corrected=asked.corrected if asked else "",
        did_you_mean=asked.did_you_mean if asked else "",
    )


def _reads_prices(query: ListingQuery) -> bool:
    filtered = query.price_min is not None or query.price_max is not None
    return filtered or query.with_facets or query.sort in {"price", "-price"}


def _matched(asked: Asked | None) -> Q:
    """What the words find, with the text index joined so that it ranks."""
    if asked is None:
        return Q()
    return Q(text__document__matches=asked.question) if asked.question else Q(pk__in=())


def _counted(asked: Asked | None, guidance: Guidance) -> Q:
    """What the words find or a pin adds, whatever the filters make of it: what facets are counted among."""
    if asked is None or not guidance.pins:
        return _matched(asked)
    found = Q(pk__in=[product for _place, product in guidance.pins], in_stock=True)
    if asked.question:
        found |= Q(pk__in=ListingText.objects.filter(document__matches=asked.question).values("row_id"))
    return found


def _pinned(conditions: Conditions, guidance: Guidance) -> pins.Pins:
    """The pins of this list: what is sold out, gone or filtered away has stepped aside."""
    if not guidance.pins:
        return ()
    asked = [product for _place, product in guidance.pins]
    there = set(
        ListingRow.objects.filter(conditions.all_but(), pk__in=asked, in_stock=True).values_list("pk", flat=True)
    )
    return tuple((place, product) for place, product in guidance.pins if product in there)


def _page(rows: QuerySet[ListingRow], query: ListingQuery, pinned: pins.Pins) -> tuple[tuple[int, ...], Sequence[Row]]:
    """The ids of the page, and its rows without the pinned ones.

    The tables' state comes with the page, in one query. Counts may be newer than that state, never older.
    """
    columns = rows.annotate(**state.columns(query.category_id)).values_list("pk", *state.NAMES)
    window = pins.window(pinned, page=query.page, page_size=query.page_size)
    page = list(columns[window.start : window.start + window.size])
    if pinned and (len(page) < window.size or not window.size):
        # The list may end here or before: pins that were meant to stand behind its end move up to it.
        others = window.start + len(page) if page or not window.start else rows.count()
        window = pins.window(pins.places(pinned, others), page=query.page, page_size=query.page_size)
        page = list(columns[window.start : window.start + window.size])
    return window.join([row[0] for row in page]), page


def _conditions(query: ListingQuery, factors: prices.Factors, guidance: Guidance) -> Conditions:
    base = guided.shown(guidance)
    if query.category_id is not None:
        base &= Q(categories__category_id=query.category_id)
    if query.ids is not None:
        base &= Q(pk__in=query.ids)
    scope = base
    if query.in_stock:
        base &= Q(in_stock=True)
    if query.on_sale:
        base &= Q(reduced=True) | Q(in_offer=True)
    if query.new:
        base &= Q(released__gte=timezone.localdate() - timedelta(days=NEW_DAYS))
    price = prices.within(query.price_min, query.price_max, factors)
    facets = {code: _chosen(code, values) for code, values in query.facets.items() if values}
    return Conditions(scope=scope, base=base, price=price, facets=facets)


def _chosen(code: str, values: tuple[str, ...]) -> Q:
    if code == "category":
        ids = [int(value) for value in values if value.isdecimal() and len(value) < 18]
        return Q(pk__in=ListingCategory.objects.filter(category_id__in=ids).values("row_id"))
    return Q(pk__in=ListingFacet.objects.filter(code=code, value__in=values).values("row_id"))


def _ordered(
    rows: QuerySet[ListingRow],
    query: ListingQuery,
    asked: Asked | None,
    factors: prices.Factors,
    guidance: Guidance,
) -> QuerySet[ListingRow]:
    """The rows' ids in the order asked for. The id settles every tie, so that no product is on two pages."""
    if query.sort == "relevance" and asked:
        if not asked.question:
            return rows.order_by("pk")
        steps = guided.steps(guidance)
        tiers = tier(asked) if steps is None else Cast(tier(asked), FloatField()) - steps
        rank = Rank(F("text__document"), asked.question)
        return rows.annotate(tier=tiers, rank=rank).order_by("tier", "rank", "pk")
    if query.sort == "relevance" and (weight := guided.weight(guidance)) is not None:
        return rows.annotate(sold=Cast(F("popularity") + 1, FloatField()) * weight).order_by("-in_stock", "-sold", "pk")
    price = prices.sort_key(factors)
    orders = {
        "relevance": ("-in_stock", "-popularity", "pk"),
        "newest": ("-released", "pk"),
        "price": (price.asc(nulls_last=True), "pk"),
        "-price": (price.desc(nulls_last=True), "pk"),
        "rating": (F("rating").desc(nulls_last=True), "-popularity", "pk"),
        "title": ("title_sort", "pk"),
        "best-selling": ("-popularity", "pk"),
    }
    return rows.order_by(*orders[query.sort])
