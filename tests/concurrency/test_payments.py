"""Payments and refunds at the same moment, on PostgreSQL: never twice, never too much, never stuck."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.utils import timezone

from shop.accounts.models import User
from shop.ledger.models import MoneyEntry
from shop.ledger.selectors import held
from shop.order.models import Order
from shop.order.states import change_status
from shop.payment import operations, refunds
from shop.payment.models import Payment, Refund
from shop.payment.refunds import RefundError, Ways, refund
from shop.payment.seen import SeenRefund, SeenSession
from shop.payment.settling import settle, settle_refund
from tests.factories import make_product
from tests.integration.accounts.making import make_order

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("postgres")]
AtOnce = Callable[[list[Callable[[], Any]]], list[Any]]


def open_payment(name: str = "1") -> Payment:
    """An order of 10.00 with a payment whose page is open."""
    user = User.objects.create_user(f"ada{name}@example.com", "x")
    order = make_order(user, make_product(price=Decimal("24.50"), stock=50), status="awaiting-payment")
    return Payment.objects.create(
        order=order, amount=order.total_incl_tax, currency=order.currency, session_id=f"cs_{name}", state="open",
        expires_at=timezone.now() + timedelta(hours=1),
    )  # fmt: skip


def paid(payment: Payment) -> SeenSession:
    now = timezone.now()
    return SeenSession(
        id=payment.session_id or "", key=str(payment.key), status="complete", url="", amount=payment.amount, currency=payment.currency,
        expires_at=now, created_at=now, intent_id=f"pi_{payment.session_id}", intent_status="succeeded", received=payment.amount,
        received_currency=payment.currency,
    )  # fmt: skip


def paid_payment() -> Payment:
    payment = open_payment()
    settle(payment.pk, paid(payment))
    payment.refresh_from_db()
    assert payment.state == "succeeded"
    return payment


def test_the_same_news_sixteen_times_at_once(at_once: AtOnce) -> None:
    payment = open_payment()
    answers = at_once([partial(settle, payment.pk, paid(payment))] * 16)
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    assert MoneyEntry.objects.count() == 1 and held(payment.order_id) == payment.amount
    order = Order.objects.get(pk=payment.order_id)
    assert order.status == "paid" and order.status_changes.filter(new_status="paid").count() == 1


def test_paid_and_cancelled_at_once_adds_up_either_way(at_once: AtOnce) -> None:
    """Cancelled by its buyer, before or after the money: it goes back."""
    for number in range(6):
        payment = open_payment(str(number))
        order = payment.order
        cancel = partial(change_status, order, "cancelled", by=order.user, why="customer")
        answers = at_once([partial(settle, payment.pk, paid(payment)), cancel])
        assert [answer for answer in answers if isinstance(answer, Exception)] == []
        order.refresh_from_db()
        payment.refresh_from_db()
        assert (order.status, payment.captured) == ("cancelled", payment.amount)
        assert sum(each.amount for each in payment.refunds.all()) == payment.amount
        assert sum(line.num_allocated or 0 for line in order.lines.all()) == 0


def test_refunds_at_once_never_exceed_what_was_paid(at_once: AtOnce) -> None:
    payment = paid_payment()
    answers = at_once([partial(refund, payment.order, extra=Decimal("3.00"), by=None, why="test")] * 8)
    most = int(payment.amount // 3)
    assert sum(isinstance(each, Refund) for each in answers) == most
    assert sum(isinstance(each, RefundError) for each in answers) == 8 - most
    assert refunds.left_to_refund(payment) == payment.amount - 3 * most


def test_without_the_lock_too_much_goes_back(at_once: AtOnce, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the guard is the order's lock, and nothing else."""
    payment = paid_payment()
    real = refunds.quote

    def slow(*args: Any, **more: Any) -> Any:
        found = real(*args, **more)
        time.sleep(0.3)
        return found

    class Unlocked:
        """Rows that nobody locks."""

        def __init__(self, model: Any) -> None:
            self.model = model

        def __getattr__(self, name: str) -> Any:
            return self.model.objects.all if name == "select_for_update" else getattr(self.model.objects, name)

    class Model:
        """A model whose rows are not locked."""

        def __init__(self, model: Any) -> None:
            self.objects, self.State = Unlocked(model), getattr(model, "State", None)

    monkeypatch.setattr(refunds, "quote", slow)
    monkeypatch.setattr(refunds, "Order", Model(Order))
    monkeypatch.setattr(refunds, "Payment", Model(Payment))
    monkeypatch.setattr(refunds, "_refund", _write_without_looking)
    answers = at_once([partial(refund, payment.order, extra=Decimal("6.00"), by=None, why="test")] * 4)
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    assert sum(each.amount for each in Refund.objects.all()) > payment.amount


def _write_without_looking(order: Order, ways: Ways, **more: Any) -> Refund:
    return Refund.objects.create(order=order, payment=ways.payment, amount=ways.by_payment, currency=order.currency)


def test_one_key_at_once_is_one_refund(at_once: AtOnce) -> None:
    payment, key = paid_payment(), uuid.uuid4()
    answers = at_once([partial(refund, payment.order, extra=Decimal("1.00"), by=None, why="test", key=key)] * 8)
    assert len({each.pk for each in answers}) == 1 and Refund.objects.count() == 1


def test_a_refund_by_hand_heard_of_at_once_is_written_once(at_once: AtOnce) -> None:
    payment = paid_payment()
    seen = SeenRefund(
        id="re_1", key="", status="succeeded", amount=Decimal("5.00"), currency=payment.currency, intent_id=payment.intent_id or "",
        created_at=timezone.now(),
    )  # fmt: skip
    answers = at_once([partial(settle_refund, seen)] * 8)
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    assert Refund.objects.count() == 1 and held(payment.order_id) == payment.amount - 5


def test_two_that_begin_at_once_get_one_payment(at_once: AtOnce) -> None:
    user = User.objects.create_user("ada@example.com", "x")
    order = make_order(user, make_product(price=Decimal("24.50"), stock=50), status="awaiting-payment")
    answers = at_once([partial(operations._live, order)] * 8)
    assert len({each.pk for each in answers}) == 1 and Payment.objects.count() == 1


def test_staff_and_stripe_at_once_wait_for_each_other_and_never_for_ever(at_once: AtOnce) -> None:
    """Taking a problem off the list writes a note, which looks at the order; a message locks order and payment."""
    payment = paid_payment()
    for _round in range(5):
        Payment.objects.update(problem="look")
        done = partial(operations.problem_is_done, payment.pk, by=payment.order.user, seen="look")
        answers = at_once([done, partial(settle, payment.pk, paid(payment))] * 4)
        assert [answer for answer in answers if isinstance(answer, Exception)] == []
        payment.refresh_from_db()
        assert payment.problem == ""
    assert payment.order.notes.count() == 5
