"""Another way to pay, chosen in two windows at once or while the money comes, on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from shop.accounts.models import User
from shop.ledger.models import MoneyEntry
from shop.ledger.proof import findings
from shop.order.models import Order
from shop.outbox.models import OutboxEntry
from shop.payment import gateway, operations
from shop.payment.methods import STRIPE
from shop.payment.models import Payment
from shop.payment.operations import choose_way
from shop.payment.settling import settle
from tests.factories import make_product
from tests.integration.accounts.making import make_order

from .test_payments import open_payment, paid

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("postgres")]
AtOnce = Callable[[list[Callable[[], Any]]], list[Any]]
BANK = "bank-transfer"


def by_card(name: str = "") -> Order:
    """An order that waits for a card, and of which no page is open."""
    user = User.objects.create_user(f"ada{name}@example.com", "x")
    order = make_order(user, make_product(price=Decimal("24.50"), stock=50), status="awaiting-payment")
    Order.objects.filter(pk=order.pk).update(payment_method=STRIPE)
    return order


@pytest.mark.parametrize("round_", range(3))
def test_card_and_bank_chosen_at_once_leave_no_page_open(at_once: AtOnce, round_: int) -> None:
    """Whoever is first: the payment that was begun is given up, or none is begun any more."""
    order = by_card()
    answers = at_once([partial(operations._live, order), partial(choose_way, order, BANK)])
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    order.refresh_from_db()
    assert (order.status, order.payment_method) == ("awaiting-payment", BANK)
    assert not Payment.objects.filter(state__in=Payment.LIVE).exists()


def test_one_way_chosen_in_eight_windows_is_chosen_once(at_once: AtOnce) -> None:
    order = by_card()
    answers = at_once([partial(choose_way, order, BANK)] * 8)
    assert {answer.payment_method for answer in answers} == {BANK}
    assert order.notes.count() == 1 and OutboxEntry.objects.filter(topic="mail.send").count() == 1


@pytest.mark.parametrize("round_", range(4))
def test_money_and_another_way_at_once_is_paid(at_once: AtOnce, monkeypatch: pytest.MonkeyPatch, round_: int) -> None:
    """The page is paid at Stripe, which tells so while the buyer chooses the bank in another window."""
    payment = open_payment()
    Order.objects.update(payment_method=STRIPE)
    seen = paid(payment)
    monkeypatch.setattr(gateway, "close_session", lambda session_id: seen)
    answers = at_once([partial(settle, payment.pk, seen), partial(choose_way, payment.order, BANK)])
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    order = Order.objects.get()
    assert (order.status, order.payment_method) == ("paid", STRIPE)
    assert MoneyEntry.objects.get().amount == order.total_incl_tax and not order.notes.exists()
    assert [each for each in findings() if each.what.startswith("order")] == []
