"""Gift cards that were bought, and whose money goes back: refunds, cancellations and disputes take or block the card."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from shop.giftcards import buying, operations
from shop.giftcards.spending import CardError
from shop.ledger.proof import findings
from shop.order.models import Order
from shop.order.states import change_status
from shop.outbox.models import OutboxEntry
from shop.outbox.operations import drain_all
from shop.payment.models import Payment, Refund
from shop.payment.refunds import RefundError, refund
from shop.payment.seen import SeenDispute
from shop.payment.settling import settle_dispute
from tests.integration.orders.buying import go_to_review, put, submit
from tests.integration.payment.paying import holds, of, status
from tests.stripe_sandbox import Sandbox

from .giving import GIFT, add, balance, bought, cards_of, code, order_with, pay, proof

pytestmark = pytest.mark.django_db


def test_a_refund_takes_the_card_back(client: Client, stripe: Sandbox, product: Any) -> None:
    order = bought(client, product, payment="stripe", quantity="2", **GIFT)
    stripe.pay(of(order).url)
    stripe.deliver(client)
    drain_all()
    line = order.lines.get()
    refund(order, lines={line.pk: 1}, by=None, why="changed my mind")
    drain_all()
    assert sorted(card.balance for card in cards_of(order)) == [0, 50] and holds(order) == 50
    taken = next(card for card in cards_of(order) if card.state == "cancelled")
    answer = client.post("/gift-cards/balance/", {"code": code(taken)})
    assert "was taken back" in answer.content.decode() and list(findings()) == []


def test_a_card_that_was_spent_is_not_refunded(client: Client, stripe: Sandbox, product: Any, bowl: Any) -> None:
    order = bought(client, product, payment="stripe")
    stripe.pay(of(order).url)
    stripe.deliver(client)
    drain_all()
    [card] = cards_of(order)
    order_with(Client(), bowl, cards=(card,), payment="bank-transfer")
    with pytest.raises(RefundError, match="have not been spent") as error:
        refund(order, lines={order.lines.get().pk: 1}, by=None, why="x")
    assert error.value.field == f"line-{order.lines.get().pk}" and not Refund.objects.exists()
    card.refresh_from_db()
    assert card.state == "active" and proof() == []


def test_a_paid_order_that_is_cancelled_before_the_worker_came(client: Client, product: Any, bowl: Any) -> None:
    put(client, bowl)
    order = bought(client, product, ship="collect")
    change_status(order, "paid")
    change_status(order, "cancelled")
    drain_all()
    assert cards_of(order)[0].state == "cancelled" and proof() == []


def test_what_was_not_sent_yet_is_refunded_line_by_line(
    client: Client, stripe: Sandbox, product: Any, bowl: Any
) -> None:
    put(client, bowl)
    order = bought(client, product, payment="stripe", ship="collect")
    stripe.pay(of(order).url)
    stripe.deliver(client)
    assert cards_of(order)[0].state == "ordered", "the worker has not come yet"
    change_status(order, "cancelled")
    made = Refund.objects.get()
    assert made.amount == order.total_incl_tax and made.why == "the order was cancelled"
    assert {each.line.title: each.quantity for each in made.lines.all()} == {
        "Bowl": 1,
        cards_of(order)[0].line.title: 1,
    }
    drain_all()
    assert cards_of(order)[0].state == "cancelled" and holds(order) == 0 and list(findings()) == []


def test_a_cancellation_writes_no_half_of_a_refund(
    client: Client, stripe: Sandbox, product: Any, bowl: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a line's cards cannot be taken back after all, all of it goes back by amount, and nothing of the first try is left."""
    put(client, bowl)
    order = bought(client, product, payment="stripe", ship="collect")
    stripe.pay(of(order).url)
    stripe.deliver(client)

    def spent(*args: Any, **more: Any) -> None:
        raise CardError("spent")

    monkeypatch.setattr(buying, "take_back", spent)
    change_status(order, "cancelled")
    made = Refund.objects.get()
    assert made.amount == order.total_incl_tax and not made.lines.exists()
    assert OutboxEntry.objects.filter(topic="payment.refund").count() == 1


def test_what_stays_in_the_house_can_still_be_cancelled(client: Client, product: Any, bowl: Any) -> None:
    put(client, bowl)
    add(client, product)
    submit(client, go_to_review(client, ship="collect"))
    order = Order.objects.get()
    pay(order)
    assert status(order) == "partly-dispatched"
    change_status(order, "cancelled")
    assert cards_of(order)[0].balance == 50 and list(findings()) == []


def test_a_dispute_blocks_what_was_bought(client: Client, stripe: Sandbox, product: Any) -> None:
    order = bought(client, product, payment="stripe")
    stripe.pay(of(order).url)
    stripe.deliver(client)
    drain_all()
    seen = SeenDispute("dp_1", "needs_response", "fraudulent", Decimal(50), "GBP", of(order).intent_id or "")
    settle_dispute(seen)
    settle_dispute(seen)
    [card] = cards_of(order)
    assert card.state == "blocked" and "1 gift cards" in Payment.objects.get().problem
    assert card.entries.filter(kind="blocked").count() == 1


@pytest.mark.parametrize(("amount", "state"), [("3000", "active"), ("3001", "blocked")])
def test_a_refund_by_hand_at_stripe_leaves_no_card_to_be_spent(
    client: Client, stripe: Sandbox, product: Any, bowl: Any, amount: str, state: str
) -> None:
    put(client, bowl)
    order = bought(client, product, payment="stripe", ship="collect")
    stripe.pay(of(order).url)
    stripe.deliver(client)
    drain_all()
    assert stripe.api("POST", "/refunds", {"payment_intent": of(order).intent_id, "amount": amount}).status == 200
    stripe.deliver(client)
    stripe.deliver(client)
    assert order.total_incl_tax == 80 and holds(order) == 80 - Decimal(amount) / 100
    assert [card.state for card in cards_of(order)] == [state] and list(findings()) == []
    assert ("sent back by hand; 1 gift cards are blocked" in Payment.objects.get().problem) == (state == "blocked")


def test_a_card_that_may_still_get_something_back_is_not_taken(
    client: Client, stripe: Sandbox, product: Any, bowl: Any
) -> None:
    order = bought(client, product, payment="stripe")
    stripe.pay(of(order).url)
    stripe.deliver(client)
    drain_all()
    [card] = cards_of(order)
    operations.adjust(card.pk, Decimal(40), by=None, why="sorry", key=uuid.uuid4())
    spent, _where = order_with(Client(), bowl, cards=(card,), payment="bank-transfer")
    assert balance(card) >= 50
    with pytest.raises(RefundError, match="have not been spent"):
        refund(order, lines={order.lines.get().pk: 1}, by=None, why="x")
    change_status(spent, "cancelled")
    refund(order, lines={order.lines.get().pk: 1}, by=None, why="x")
    drain_all()
    assert balance(card) == 0 and list(findings()) == []
