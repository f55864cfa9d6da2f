"""A year of searches: what the shop would have found, and what people then would have opened and bought."""

from __future__ import annotations

import math
import random
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone

from search.database import ENGINE
from search.insight import operations
from search.insight.models import QueryDay, QueryProductDay
from search.insight.ranking import click_weight
from search.selectors import find_products
from search.types import ListingQuery
from shop.catalogue.models import Product
from shop.catalogue.selectors import product_cards
from shop.markets import home_market

from .data import Row

#: The same searches in every demo, counted back from today.
SEED = 14
DAYS = 365
#: So long a query's clicks may have been falling.
LATELY = 30
#: The places that people open, and how likely the first one is.
PLACES, FIRST = 8, 0.42
ADDS, BUYS = 0.09, 0.28
LANGUAGE = "en-gb"


def write_queries(rows: Iterable[Row], advance: Callable[[], None]) -> int:
    """Write the days of each query. Expects the lists to be made. Returns how many searches there are."""
    rng = random.Random(SEED)
    today = timezone.localdate()
    prices = _prices()
    total = 0
    for row in rows:
        days, products = _year(row, today, prices, rng)
        operations.write_days(row["query"], row.get("language", LANGUAGE), days, products)
        total += sum(day.searches for day in days)
        advance()
    operations.refresh_queries()
    operations.learn()
    return total


def remove_queries(rows: Iterable[Row]) -> None:
    """Take these queries out again, with all that was counted of them."""
    operations.forget_queries((row["query"], row.get("language", LANGUAGE)) for row in rows)


def _prices() -> dict[int, Decimal]:
    ids = Product.objects.exclude(structure=Product.CHILD).values_list("pk", flat=True)
    cards = product_cards(ids, market=home_market())
    return {pk: card.price.now for pk, card in cards.items() if card.price is not None and card.stock.can_buy}


def _year(
    row: Row, today: date, prices: dict[int, Decimal], rng: random.Random
) -> tuple[list[QueryDay], list[QueryProductDay]]:
    answer = find_products(ListingQuery(text=row["query"], page_size=PLACES, with_facets=False), market=home_market())
    # What is found once words are left out is opened less.
    interest = row.get("clicks", 0.45 if answer.relaxed else 1.0)
    days, products = [], []
    for age in range(DAYS - 1, -1, -1):
        day = today - timedelta(days=age)
        # The shop grows, and people look around on Sundays.
        mean = row["a_day"] * row.get("months", {}).get(str(day.month), 1.0) * (0.4 + 0.6 * (DAYS - age) / DAYS)
        searches = _poisson(mean * (1.3 if day.weekday() == 6 else 0.95), rng)
        if not searches:
            continue
        rate = interest * (row.get("clicks_lately", 1.0) if age < LATELY else 1.0)
        held = _opened(answer.ids, searches, rate, prices, rng)
        days.append(
            QueryDay(
                day=day,
                searches=searches,
                empty=0 if answer.total else searches,
                relaxed=searches if answer.relaxed and answer.total else 0,
                results=answer.total,
                engine=ENGINE,
                **{name: sum(getattr(each, name) for each in held) for name in _NUMBERS},
            )
        )
        for each in held:
            each.day = day
        products += held
    return days, products


_NUMBERS = ("clicks", "places", "adds", "purchases", "units", "revenue")


def _opened(
    ids: Iterable[int], searches: int, rate: float, prices: dict[int, Decimal], rng: random.Random
) -> list[QueryProductDay]:
    """What is opened after so many searches: the higher it stands, the oftener."""
    found: dict[int, QueryProductDay] = defaultdict(QueryProductDay)
    for _search in range(searches):
        for place, pk in enumerate(ids, 1):
            if rng.random() >= rate * FIRST / place:
                continue
            each = found[pk]
            each.product_id = pk
            each.clicks += 1
            each.places += place
            each.weight += click_weight(place)
            if pk in prices and rng.random() < ADDS:
                each.adds += 1
                if rng.random() < BUYS:
                    units = rng.choice((1, 1, 1, 2))
                    each.purchases += 1
                    each.units += units
                    each.revenue += units * prices[pk]
    return list(found.values())


def _poisson(mean: float, rng: random.Random) -> int:
    """How often something happens that happens `mean` times on the average."""
    limit, product, number = math.exp(-mean), rng.random(), 0
    while product > limit:
        product *= rng.random()
        number += 1
    return number
