"""The proof names each error that is planted in documents, and accuses nobody whose work is still waiting."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from shop.invoices.models import Invoice, Series
from shop.invoices.operations import TOPIC
from shop.ledger.models import MoneyEntry
from shop.ledger.operations import enter
from shop.ledger.proof import findings
from shop.order.models import Order
from shop.outbox.models import OutboxEntry
from tests.factories import make_product
from tests.integration.ledger.buying import found, remove, tamper

from .making import documents, given_back, paid, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def order() -> Order:
    """The second of three, with a credit note, all documents issued."""
    first = paid(make_product())
    documents(first)
    made = paid(make_product("Bowl", price="20"))
    given_back(made, extra=Decimal(4))
    documents(made)
    documents(paid(make_product()))
    assert found() == []
    return made


def invoice() -> Any:
    return Invoice.objects.filter(code="INV-000002")


def note() -> Any:
    return Invoice.objects.filter(kind="credit-note")


ERRORS: list[tuple[Callable[[], Any], str]] = [
    (lambda: remove(invoice()), "series INV-: numbers are missing below 3: 2"),
    (lambda: remove(invoice()), "is “paid”, was paid, and has no invoice"),
    (lambda: tamper(invoice(), number=9), "series INV-: numbers are missing below 9: 2, 4, 5, 6, 7 and 1 more"),
    (lambda: remove(Invoice.objects.filter(code="INV-000003")), "its last number is 2, and its counter stands at 3"),
    (lambda: Series.objects.filter(name="INV-").delete(), "series INV-: its last number is 3, and it has no counter"),
    (lambda: Series.objects.filter(name="INV-").update(last=7), "its last number is 3, and its counter stands at 7"),
    (lambda: Series.objects.create(name="X-", last=2), "series X-: its counter stands at 2, and it has no documents"),
    (lambda: tamper(invoice(), tax=1), "document INV-000002: "),
    (lambda: tamper(invoice(), total=1, net=1, tax=0), "invoice INV-000002: says 1.00 GBP, and order"),
    (lambda: tamper(invoice(), currency="EUR"), "invoice INV-000002: says 24.50 EUR, and order"),
    (lambda: tamper(note(), total=-5, net=-5, tax=0), "document CN-000001: says -5.00; movement"),
    (lambda: tamper(note(), total=4, net=4, tax=0), "document CN-000001: says 4.00; movement"),
    (lambda: remove(note()), "(-4.00) has no credit note over 4.00"),
]


@pytest.mark.parametrize(("plant", "named"), ERRORS, ids=[named for _plant, named in ERRORS])
def test_each_error_is_named(order: Order, plant: Callable[[], Any], named: str) -> None:
    plant()
    said = found()
    assert any(named in each for each in said), said


def test_a_refund_that_came_back_wants_the_cancellation_of_its_note(order: Order) -> None:
    told(order.payments.get().refunds.get(), "failed")
    OutboxEntry.objects.filter(topic=TOPIC).delete()
    assert any("(4.00) has no cancellation of its credit note over 4.00" in each for each in found())


def test_while_the_outbox_has_work_for_an_order_nothing_of_it_is_missing(order: Order) -> None:
    late = paid(make_product())
    enter(order, MoneyEntry.Kind.REFUNDED, Decimal(2), key="sent-back:9")
    assert not [each for each in found() if "invoice" in each or "credit note" in each]
    # What the outbox has given up does not count, nor what it has for somebody else.
    OutboxEntry.objects.filter(topic=TOPIC, key=str(late.pk)).update(parked_at=timezone.now())
    assert f"order {late.number}: is “paid”, was paid, and has no invoice" in found()
    OutboxEntry.objects.filter(topic=TOPIC, key=str(order.pk)).update(key=f"{order.pk}0")
    assert any("(-2.00) has no credit note over 2.00" in each for each in found())


def test_the_proof_takes_as_many_queries_for_any_number(order: Order, django_assert_max_num_queries: Any) -> None:
    for _number in range(4):
        made = paid(make_product())
        given_back(made, extra=Decimal(1))
        documents(made)
    with django_assert_max_num_queries(20):
        assert list(findings()) == []
