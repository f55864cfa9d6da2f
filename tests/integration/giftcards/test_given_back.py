"""What gift cards paid comes back to them: the order does not come to be, its money comes too late, or it is refunded."""

from __future__ import annotations

import uuid
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from shop.giftcards import operations
from shop.giftcards.models import GiftCard
from shop.order.models import Order
from shop.order.states import change_status
from shop.outbox.operations import drain_all
from shop.payment.models import Payment, Refund
from shop.payment.refunds import RefundError, quote, refund
from shop.payment.settling import settle
from tests.factories import make_product
from tests.integration.ledger.buying import begun, seen
from tests.integration.payment.paying import holds, of, status
from tests.stripe_sandbox import Sandbox

from .giving import balance, give, order_with, proof

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("by_collection")]


# ------------------------------------------------------------------ the order does not come to be
def test_an_order_that_expires_gives_back(client: Client, stripe: Sandbox, bowl: Any) -> None:
    card = give("12.50")
    order, _page = order_with(client, bowl, cards=(card,))
    stripe.api("POST", f"/checkout/sessions/{of(order).session_id}/expire")
    stripe.deliver(client)
    assert status(order) == "cancelled" and balance(card) == Decimal("12.50") and holds(order) == 0
    assert not Refund.objects.exists() and proof() == []


def test_cancelled_by_its_buyer_before_and_after_paying(client: Client, bowl: Any) -> None:
    card = give("40")
    order, _where = order_with(client, bowl, cards=(card,))
    change_status(order, "cancelled", why="changed my mind")
    assert balance(card) == 40 and Refund.objects.get().gift_card_amount == 30 and proof() == []
    waiting, _where = order_with(client, make_product(price="90"), cards=(card,), payment="bank-transfer")
    assert balance(card) == 0
    change_status(waiting, "cancelled")
    assert balance(card) == 40 and proof() == []


def test_a_cancelled_order_gives_back_each_its_own(client: Client, stripe: Sandbox, bowl: Any) -> None:
    card = give("12.50")
    order, page = order_with(client, bowl, cards=(card,))
    stripe.pay(page)
    stripe.deliver(client)
    change_status(order, "cancelled")
    made = Refund.objects.get()
    assert (made.amount, made.gift_card_amount, made.whole) == (Decimal("17.50"), Decimal("12.50"), Decimal(30))
    assert made.lines.get().quantity == 1
    drain_all()
    assert balance(card) == Decimal("12.50") and holds(order) == 0 and proof() == []


def test_what_came_by_bank_goes_back_by_bank_first(client: Client, bowl: Any) -> None:
    card, jug = give("20"), make_product("Jug", price="25")
    order, _where = order_with(client, bowl, jug, cards=(card,), payment="bank-transfer")
    change_status(order, "paid")
    change_status(order, "partly-dispatched", line_ids=[order.lines.get(title="Bowl").pk])
    change_status(order, "cancelled")
    assert balance(card) == 0 and proof() == [], "the jug's 25 are among the 35 that came by bank"
    other, _where = order_with(Client(), bowl, cards=(give("20"),), payment="bank-transfer")
    change_status(other, "paid")
    change_status(other, "cancelled")
    assert Refund.objects.get(order=other).gift_card_amount == 20 and holds(other) == 10 and proof() == []


def test_what_comes_back_after_the_last_day_can_be_spent_for_a_month(client: Client, bowl: Any) -> None:
    card = give("40", expires_on=timezone.localdate())
    order, _where = order_with(client, bowl, cards=(card,))
    GiftCard.objects.filter(pk=card.pk).update(expires_on=timezone.localdate() - timedelta(days=3))
    change_status(order, "cancelled")
    card.refresh_from_db()
    assert card.can_be_spent and card.expires_on == timezone.localdate() + timedelta(days=30)


# ------------------------------------------------------------------ late money
def late(client: Client, bowl: Any, card: GiftCard) -> tuple[Order, Payment]:
    order, _where = order_with(client, bowl, cards=(card,), payment="bank-transfer")
    payment = begun(order)
    Payment.objects.filter(pk=payment.pk).update(amount=order.due)
    payment.refresh_from_db()
    change_status(order, "cancelled", why="not paid in time")
    return order, payment


def test_late_money_takes_the_card_again(client: Client, bowl: Any) -> None:
    card = give("12.50")
    order, payment = late(client, bowl, card)
    assert balance(card) == Decimal("12.50")
    settle(payment.pk, seen(payment))
    assert status(order) == "paid" and balance(card) == 0 and holds(order) == 30 and proof() == []
    change_status(order, "cancelled", by=None)
    assert balance(card) == Decimal("12.50") and proof() == []


@pytest.mark.parametrize("harm", ["spent", "blocked"])
def test_late_money_goes_back_where_the_card_cannot_be_taken_again(client: Client, bowl: Any, harm: str) -> None:
    card = give("12.50")
    order, payment = late(client, bowl, card)
    if harm == "spent":
        order_with(Client(), make_product(price="50"), cards=(card,), payment="bank-transfer")
    else:
        operations.block(card.pk, by=None, why="lost")
    before = balance(card)
    settle(payment.pk, seen(payment))
    payment.refresh_from_db()
    assert status(order) == "cancelled" and "gift card" in payment.problem and balance(card) == before
    assert Refund.objects.get(order=order).amount == Decimal("17.50") and proof() == []
    assert bowl.stockrecords.get().num_allocated == 0


# ------------------------------------------------------------------ refunds
def test_a_refund_goes_to_the_payment_first(client: Client, stripe: Sandbox, bowl: Any) -> None:
    card, jug = give("12.50"), make_product("Jug", price="10")
    order, page = order_with(client, bowl, jug, cards=(card,))
    stripe.pay(page)
    stripe.deliver(client)
    first = refund(order, lines={order.lines.get(title="Bowl").pk: 1}, by=None, why="chipped")
    assert (first.amount, first.gift_card_amount) == (Decimal("27.50"), Decimal("2.50")) and proof() == []
    with pytest.raises(RefundError, match="£10 that is left"):
        quote(order, lines={order.lines.get(title="Jug").pk: 1}, extra=Decimal("0.01"))
    second = refund(order, lines={order.lines.get(title="Jug").pk: 1}, by=None, why="chipped")
    assert second.payment is None and second.gift_card_amount == 10 and second.state == "succeeded"
    drain_all()
    assert balance(card) == Decimal("12.50") and holds(order) == 0 and proof() == []


def test_a_refund_sent_twice_is_one(client: Client, bowl: Any) -> None:
    card, key = give("40"), uuid.uuid4()
    order, _where = order_with(client, bowl, cards=(card,))
    made = [refund(order, extra=Decimal("4"), by=None, why="sorry", key=key) for _ in range(2)]
    assert made[0] == made[1] and balance(card) == 14 and proof() == []
