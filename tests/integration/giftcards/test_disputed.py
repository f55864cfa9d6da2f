"""Gift cards whose own money is disputed or sent back before the worker has issued them: nobody spends them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from shop.giftcards import operations
from shop.giftcards.buying import close_sent
from shop.giftcards.liability import months
from shop.mail.models import SentMail
from shop.order.models import Order
from shop.order.states import change_status
from shop.outbox.operations import drain_all
from shop.payment.models import Payment, Refund
from shop.payment.refunds import refund
from shop.payment.seen import SeenDispute
from shop.payment.settling import settle_dispute
from tests.integration.payment.paying import of, status
from tests.stripe_sandbox import Sandbox

from .giving import bought, cards_of, code, proof

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(client: Client, stripe: Sandbox, product: Any) -> Order:
    """A gift card of 50 that is paid, and that the worker has not issued yet."""
    found = bought(client, product, payment="stripe")
    stripe.pay(of(found).url)
    stripe.deliver(client)
    assert status(found) == "paid" and cards_of(found)[0].state == "ordered"
    return found


def dispute(order: Order, state: str = "needs_response") -> None:
    settle_dispute(SeenDispute("dp_1", state, "fraudulent", Decimal(50), "GBP", of(order).intent_id or ""))


def test_a_dispute_before_the_worker_came(order: Order, client: Client) -> None:
    dispute(order)
    dispute(order)
    assert "1 gift cards that were bought with it are blocked" in Payment.objects.get().problem
    drain_all()
    [card] = cards_of(order)
    assert (card.state, card.balance, card.sent_at) == ("blocked", Decimal(50), None) and not card.can_be_spent
    assert not SentMail.objects.filter(kind="gift-card").exists() and status(order) == "dispatched"
    assert "is blocked" in client.post("/gift-cards/balance/", {"code": code(card)}).content.decode()
    assert close_sent() == 0 and proof() == []


def test_staff_lets_it_go_and_it_is_mailed(order: Order) -> None:
    dispute(order)
    drain_all()
    dispute(order, "won")
    assert "is over: won; 1 gift cards that were bought with it are still blocked" in Payment.objects.get().problem
    [card] = cards_of(order)
    assert card.state == "blocked", "staff looks at it first, as at one that was issued before"
    operations.unblock(card.pk, by=None, why="won")
    assert operations.send_due() == 1 and close_sent() == 1
    drain_all()
    assert SentMail.objects.filter(kind="gift-card").count() == 1 and status(order) == "delivered"
    [month] = months()
    assert (month.sold, month.blocked, month.released) == (Decimal(50), Decimal(50), Decimal(50)) and proof() == []


def test_a_refund_by_hand_before_the_worker_came(order: Order, client: Client, stripe: Sandbox) -> None:
    assert stripe.api("POST", "/refunds", {"payment_intent": of(order).intent_id, "amount": "100"}).status == 200
    stripe.deliver(client)
    assert "1 gift cards are blocked" in Payment.objects.get().problem
    drain_all()
    assert [card.state for card in cards_of(order)] == ["blocked"] and proof() == []


def test_one_of_ours_blocks_none(client: Client, order: Order) -> None:
    refund(order, extra=Decimal(1), by=None, why="sorry")
    drain_all()
    assert [card.state for card in cards_of(order)] == ["active"] and Refund.objects.get().state == "succeeded"


def test_a_dispute_before_the_order_is_paid(client: Client, stripe: Sandbox, product: Any) -> None:
    """Stripe's messages come in any order."""
    order = bought(client, product, payment="stripe")
    stripe.pay(of(order).url)
    Payment.objects.update(intent_id="pi_known")
    dispute(order)
    change_status(order, "paid")
    drain_all()
    assert [card.state for card in cards_of(order)] == ["blocked"]


def test_cancelled_it_is_never_issued(order: Order) -> None:
    dispute(order)
    change_status(order, "cancelled", why="fraud")
    drain_all()
    assert [(card.state, card.balance) for card in cards_of(order)] == [("cancelled", Decimal(0))]
