"""Sums stay exact while visitors write, several workers add up, and orders are counted twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from search.insight import operations
from search.insight.models import QueryDay, QueryProductDay, SearchedQuery, SearchEvent
from shop.accounts.models import User
from shop.order.models import Line
from tests.factories import make_product
from tests.integration.accounts.making import make_order

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("postgres")]
AtOnce = Callable[[list[Callable[[], Any]]], list[Any]]
Kind = SearchEvent.Kind
WRITERS, EACH, WORKERS = 4, 60, 4


def write() -> None:
    """A visitor's searches and clicks, one INSERT each."""
    today = timezone.localdate()
    for number in range(EACH):
        SearchEvent.objects.create(
            kind=Kind.SEARCH, day=today, text=f"mug {number % 3}", language="en-gb", results=5, engine="database"
        )
        SearchEvent.objects.create(
            kind=Kind.CLICK, day=today, text=f"mug {number % 3}", language="en-gb", product_id=number % 7, place=2
        )


def add_up() -> int:
    """A worker that adds up again and again."""
    return sum(operations.sum_up() for _turn in range(12))


def test_every_event_is_counted_once(at_once: AtOnce, monkeypatch: pytest.MonkeyPatch) -> None:
    # Small batches, so that workers come between each other.
    monkeypatch.setattr(operations, "BATCH", 25)
    yesterday = timezone.localdate() - timedelta(days=1)
    for number in range(3):
        SearchEvent.objects.create(kind=Kind.SEARCH, day=yesterday, text=f"mug {number}", language="en-gb", results=5)
    operations.sum_up()
    at_once([write] * WRITERS + [add_up] * WORKERS)
    operations.sum_up()
    assert not SearchEvent.objects.exists()
    days = QueryDay.objects.filter(day=timezone.localdate())
    assert sum(day.searches for day in days) == WRITERS * EACH
    assert sum(day.clicks for day in days) == WRITERS * EACH
    assert sum(row.clicks for row in QueryProductDay.objects.all()) == WRITERS * EACH
    assert sum(query.searches for query in SearchedQuery.objects.all()) == WRITERS * EACH + 3
    assert days.count() == 3 and QueryProductDay.objects.count() == 21


def test_an_order_that_several_workers_take_is_counted_once(at_once: AtOnce) -> None:
    ada, mug = User.objects.create_user("ada@example.com", "x"), make_product("Mug")
    SearchEvent.objects.create(
        kind=Kind.SEARCH, day=timezone.localdate(), text="mug", language="en-gb", results=1, engine="database"
    )
    orders = [make_order(ada, mug) for _number in range(3)]
    Line.objects.update(source="search:mug", line_price_incl_tax=Decimal("12.50"), quantity=2)
    for order in orders:
        order.language = "en-gb"
        order.save(update_fields=["language"])
    payloads = [{"order": order.pk} for order in orders]
    at_once([lambda: operations.count_purchases(payloads)] * 4 + [operations.sum_up] * 2)
    operations.sum_up()
    day = QueryDay.objects.get()
    assert (day.purchases, day.units, day.revenue) == (3, 6, Decimal("37.50"))
    assert set(Line.objects.values_list("source", flat=True)) == {"search"}
