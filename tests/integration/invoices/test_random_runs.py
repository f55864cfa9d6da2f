"""Whatever happens to orders, and however late the worker comes: documents say what the shop holds, to the penny."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import Sum
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from shop.invoices.crediting import COUNTED, PAID_IN
from shop.invoices.models import Invoice
from shop.invoices.operations import TOPIC, issue_missing
from shop.ledger.models import MoneyEntry
from shop.order.models import Order
from shop.outbox.models import OutboxEntry
from tests.integration.ledger.test_random_runs import BEGINNING, Shop, run

from .making import adds_up

pytestmark = pytest.mark.django_db


class ShopWithPapers(Shop):
    """The shop of the books' own random runs, with a worker that issues documents now and then."""

    def count(self) -> None:
        """The kinds of documents, too, once the worker has come for all that waits."""
        super().count()
        if not connection.needs_rollback:
            self.the_worker_comes(number=0, all_of_them=True)
            self.documents_say_what_the_shop_holds()
            self.numbers_have_no_gap()
            self.came_of_it.update(kind for (kind,) in Invoice.objects.values_list("kind"))

    @rule(number=st.integers(min_value=0, max_value=9), all_of_them=st.booleans())
    def the_worker_comes(self, number: int, all_of_them: bool) -> None:
        """For one order, or for all."""
        keys = sorted(set(OutboxEntry.objects.filter(topic=TOPIC).values_list("key", flat=True)), key=int)
        for key in keys if all_of_them else keys[number : number + 1]:
            issue_missing(int(key))
            OutboxEntry.objects.filter(topic=TOPIC, key=key).delete()

    @invariant()
    def documents_say_what_the_shop_holds(self) -> None:
        """Never more than it holds of the price; and exactly that where nobody paid too much and nothing waits."""
        for order in Order.objects.filter(invoices__kind="invoice"):
            documents = list(Invoice.objects.filter(order=order).order_by("pk"))
            assert all(adds_up(each) for each in documents)
            assert sum(each.kind == "invoice" for each in documents) == 1
            if OutboxEntry.objects.filter(topic=TOPIC, key=str(order.pk)).exists():
                continue
            entries = MoneyEntry.objects.filter(order=order, kind__in=COUNTED)
            held, came = (
                (rows.aggregate(sum=Sum("amount"))["sum"] or Decimal(0)).quantize(Decimal("0.01"))
                for rows in (entries, entries.filter(kind__in=PAID_IN))
            )
            charged = sum(each.total for each in documents)
            assert 0 <= charged <= min(held, order.total_incl_tax), order.number
            if came == order.total_incl_tax:
                assert charged == held, order.number

    @invariant()
    def numbers_have_no_gap(self) -> None:
        """Each series counts from 1."""
        for series in ("INV-", "CN-"):
            numbers = list(Invoice.objects.filter(series=series).order_by("number").values_list("number", flat=True))
            assert numbers == list(range(1, len(numbers) + 1))


def test_random_runs_of_a_shop_with_papers() -> None:
    many = connection.vendor == "postgresql"
    came_of_it = run(ShopWithPapers, examples=25 if many else 8, steps=30 if many else 20)
    assert {*BEGINNING, "invoice"} <= came_of_it.keys()
