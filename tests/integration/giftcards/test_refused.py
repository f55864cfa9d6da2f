"""Refunds of which gift cards or the bank gave a part at once, and Stripe refused the rest: each part is given once."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from shop.giftcards.models import GiftCard
from shop.order.models import Order
from shop.order.parcels import Parcel
from shop.order.states import change_status
from shop.outbox.operations import drain_all
from shop.payment.models import Refund
from shop.payment.refunds import RefundError, delivery_left, line_amount, line_left, quote, refund, try_again
from shop.payment.sent_back import sent_back
from shop.payment.settling import settle_refusal
from shop.returns import operations
from tests.factories import make_product
from tests.integration.payment.paying import holds, of
from tests.integration.returns.sending_back import came_back
from tests.stripe_sandbox import Sandbox

from .giving import balance, give, order_with, proof

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def card() -> GiftCard:
    return give("60.00")


@pytest.fixture
def order(client: Client, stripe: Sandbox, card: GiftCard) -> Order:
    """Three bowls at 30 and a jug at 20: 110, of which a gift card paid 60 and Stripe took 50."""
    bowl, jug = make_product("Bowl", price="30", stock=9), make_product("Jug", price="20", stock=9)
    found, page = order_with(client, bowl, bowl, bowl, jug, cards=(card,), ship="collect")
    stripe.pay(page)
    stripe.deliver(client)
    assert found.total_incl_tax == 110 and of(found).captured == 50
    return found


def line(order: Order, title: str) -> Any:
    return order.lines.get(title=title)


def refused(order: Order, number: int, **more: Any) -> Refund:
    """A refund of so many bowls that Stripe said no to."""
    made = refund(order, lines={line(order, "Bowl").pk: number}, by=None, why="chipped", **more)
    settle_refusal(made.pk, "no")
    made.refresh_from_db()
    assert made.state == "refused"
    return made


def test_what_a_gift_card_got_is_not_given_again(order: Order, card: GiftCard) -> None:
    made = refused(order, 2)
    assert (made.amount, made.gift_card_amount, balance(card)) == (D(50), D(10), D(10))
    bowl = line(order, "Bowl")
    # Both may still be refunded, for what is lacking.
    assert line_left(bowl) == 3 and line_amount(bowl, 2) == 50 and line_amount(bowl, 3) == 80
    again = refund(order, lines={bowl.pk: 2}, by=None, why="once more")
    assert (again.amount, again.gift_card_amount) == (D(50), D(0)) and balance(card) == 10
    drain_all()
    assert holds(order) == 50 and line_amount(bowl, 1) == 30 and proof() == []
    assert [each.total for each in sent_back(order.pk)] == [10, 50], "the buyer sees what the card got"


def test_what_they_covered_whole_is_given(client: Client, order: Order, card: GiftCard) -> None:
    bowl, jug = line(order, "Bowl"), line(order, "Jug")
    made = refund(order, lines={jug.pk: 1, bowl.pk: 3}, by=None, why="all of it")
    settle_refusal(made.pk, "no")
    assert balance(card) == 60 and line_left(jug) == 0 and line_amount(jug, 0) == 0
    with pytest.raises(RefundError, match="0 are left"):
        quote(order, lines={jug.pk: 1})
    assert quote(order, lines={bowl.pk: 3}).amount == 50
    again = try_again(made.pk, by=None)
    drain_all()
    again.refresh_from_db()
    assert again.state == "succeeded" and holds(order) == 0 and line_left(bowl) == 0 and proof() == []


def test_asked_for_again_it_is_whole(order: Order, card: GiftCard) -> None:
    made = refused(order, 2)
    try_again(made.pk, by=None)
    drain_all()
    assert line_left(line(order, "Bowl")) == 1 and line_amount(line(order, "Bowl"), 1) == 30
    assert holds(order) == 50 and balance(card) == 10 and proof() == []


def test_asked_for_again_after_another_has_counted_its_part_it_says_so(order: Order) -> None:
    made, bowl = refused(order, 2), line(order, "Bowl")
    other = refund(order, lines={bowl.pk: 1}, by=None, why="another")
    assert other.whole == 20, "30, less the 10 that the card has for it"
    Refund.objects.filter(pk=other.pk).update(state=Refund.State.SUCCEEDED)
    with pytest.raises(RefundError, match="another refund has counted"):
        try_again(made.pk, by=None)
    assert line_amount(bowl, 2) == 60, "and all of it comes to what was paid"


def test_delivery_counts_the_same_way(client: Client, stripe: Sandbox) -> None:
    card = give("28.00")
    order, page = order_with(client, make_product("Bowl", price="30", stock=9), cards=(card,))
    stripe.pay(page)
    stripe.deliver(client)
    delivery = order.shipping_incl_tax
    assert delivery > 0
    bowl = line(order, "Bowl")
    bowl.line_price_incl_tax = D(26)
    bowl.save()
    made = refund(order, lines={bowl.pk: 1}, delivery=delivery, by=None, why="x")
    settle_refusal(made.pk, "no")
    at_once = made.gift_card_amount
    assert made.amount > 0 and at_once == 26 + delivery - made.amount
    assert delivery_left(order) == delivery - max(at_once - 26, D(0))
    assert delivery_left(order, besides=made) == delivery


def test_one_that_comes_back_leaves_the_cards_part_given(
    order: Order, card: GiftCard, stripe: Sandbox, client: Client
) -> None:
    made = refund(order, lines={line(order, "Bowl").pk: 2}, by=None, why="chipped")
    drain_all()
    made.refresh_from_db()
    stripe.set_refund(made.refund_id or "", "failed")
    stripe.deliver(client)
    assert line_amount(line(order, "Bowl"), 2) == 50 and balance(card) == 10 and proof() == []


def test_a_cancellation_gives_back_exactly_the_rest(order: Order, card: GiftCard) -> None:
    refused(order, 2)
    change_status(order, "cancelled")
    drain_all()
    last = Refund.objects.latest("pk")
    assert {each.line.title: (each.quantity, each.amount) for each in last.lines.all()} == {
        "Bowl": (3, D(80)),
        "Jug": (1, D(20)),
    }
    assert holds(order) == 0 and balance(card) == 60 and proof() == []


def test_of_what_came_back_it_counts_for_that_part(order: Order, card: GiftCard) -> None:
    """A return whose refund Stripe refused is no refund of what is still in the house."""
    bowl = line(order, "Bowl")
    change_status(order, "partly-dispatched", parcel=Parcel({bowl.pk: 2}))
    back = came_back(order, Bowl=2)
    operations.give_back(back, lines={back.lines.get().pk: 2}, by=None)
    settle_refusal(Refund.objects.get().pk, "no")
    assert balance(card) == 10
    change_status(order, "cancelled", why="sold out")
    drain_all()
    # The third bowl and the jug; and the 50 that Stripe refused are still to be sent.
    last = Refund.objects.latest("pk")
    assert last.whole == 50 and line_left(bowl) == 2 and line_amount(bowl, 2) == 50
