"""The database engine: answers a ListingQuery from the flat tables of models.py.

Without text a page costs one query for its products, one for all counts and one to choose the attributes; the last two
are cached under the tables' state, so that they cost nothing until something changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from shop.markets import Market

from . import counts, prices, state
from .fulltext import Rank
from .models import ListingCategory, ListingFacet, ListingRow
from .questions import Asked, ask, tier
from .types import NEW_DAYS, ListingQuery, ListingResult

ENGINE = "database"


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


def find(query: ListingQuery, *, market: Market) -> ListingResult:
    """Answer `query`: ids in order, and counts where they are asked for."""
    asked = ask(query.text) if query.text else None
    if asked and not asked.question:
        return ListingResult(ids=(), total=0, engine=ENGINE, relaxed=asked.relaxed, left_out=asked.left_out)
    factors = prices.factors(market) if _reads_prices(query) else {}
    conditions = _conditions(query, asked, factors)
    start = (query.page - 1) * query.page_size
    rows = _ordered(ListingRow.objects.filter(conditions.all_but()), query, asked, factors)
    # The tables' state comes with the page, in one query. Counts may be newer than that state, never older.
    page = list(
        rows.annotate(**state.columns(query.category_id)).values_list("pk", *state.NAMES)[
            start : start + query.page_size
        ]
    )
    counted = None
    if query.with_facets or query.with_total:
        now = state.State.of(*page[0][1:]) if page else state.read(query.category_id)
        counted = counts.count(query, conditions, market=market, state=now, factors=factors)
    return ListingResult(
        ids=tuple(row[0] for row in page),
        total=counted.total if counted else -1,
        whole=counted.whole if counted else 0,
        facets=counts.facets(query, counted) if counted and query.with_facets else (),
        price_low=counted.price_low if counted else None,
        price_high=counted.price_high if counted else None,
        engine=ENGINE,
        relaxed=asked.relaxed if asked else False,
        left_out=asked.left_out if asked else (),
    )


def _reads_prices(query: ListingQuery) -> bool:
    filtered = query.price_min is not None or query.price_max is not None
    return filtered or query.with_facets or query.sort in {"price", "-price"}


def _conditions(query: ListingQuery, asked: Asked | None, factors: prices.Factors) -> Conditions:
    base = Q()
    if asked:
        base &= Q(text__document__matches=asked.question)
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
    rows: QuerySet[ListingRow], query: ListingQuery, asked: Asked | None, factors: prices.Factors
) -> QuerySet[ListingRow]:
    """The rows' ids in the order asked for. The id settles every tie, so that no product is on two pages."""
    if query.sort == "relevance" and asked:
        rank = Rank(F("text__document"), asked.question)
        return rows.annotate(tier=tier(asked), rank=rank).order_by("tier", "rank", "pk")
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
