"""An order of things and gift cards: the cards are mailed in a moment, and its buyer may still cancel the things."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from shop.accounts.models import User
from shop.basket.models import Line as BasketLine
from shop.customer.links import order_path
from shop.giftcards.models import GiftCard
from shop.ledger.accounts import account
from shop.ledger.operations import sent_back
from shop.order.models import Order
from shop.order.shipments import dispatch
from shop.order.states import change_status
from shop.outbox.operations import drain_all
from shop.payment.models import Refund
from tests.factories import make_product
from tests.integration.orders.buying import go_to_review, put, submit
from tests.integration.payment.paying import holds, mails, of, promised, status
from tests.stripe_sandbox import Sandbox

from .giving import GIFT, add, balance, cards_of, give, proof, review_with

pytestmark = pytest.mark.django_db


def mixed(
    client: Client, product: Any, *things: Any, payment: str = "stripe", cards: tuple[GiftCard, ...] = ()
) -> Order:
    """An order of a gift card and of these, not paid yet."""
    add(client, product, **GIFT)
    for thing in things:
        put(client, thing)
    page = review_with(client, *cards) if cards else go_to_review(client)
    answer = submit(client, page, payment=payment, due=str(page.context["cover"].due))
    assert answer.status_code == 303, answer.content.decode()
    return Order.objects.latest("pk")


def paid(client: Client, stripe: Sandbox, order: Order) -> None:
    """Paid at Stripe, and its gift cards are mailed."""
    stripe.pay(of(order).url)
    stripe.deliver(client)
    drain_all()
    assert status(order) == "partly-dispatched" and cards_of(order)[0].state == "active"


def cancel(client: Client, order: Order, what: str = "rest") -> str:
    """Press the button; returns the page after it."""
    answer = client.post(f"{order_path(order.number)}cancel/", {"what": what}, follow=True)
    return str(answer.content.decode())


def settled(client: Client, stripe: Sandbox) -> None:
    drain_all()
    stripe.deliver(client)
    drain_all()


def test_the_things_are_cancelled_and_the_card_stays(client: Client, stripe: Sandbox, product: Any, bowl: Any) -> None:
    order = mixed(client, product, bowl)
    assert order.shipping_incl_tax > 0
    paid(client, stripe, order)
    page = client.get(order_path(order.number)).content.decode()
    assert "Cancel what has not been sent" in page and 'name="what" value="rest"' in page
    assert "The gift cards stay as they are." in page and "Everything in it goes back" not in page
    words = cancel(client, order)
    assert f"The rest of order {order.number} is cancelled." in words and "Rest cancelled" in words
    assert "Cancel what has not been sent" not in words
    settled(client, stripe)
    # The bowl and the delivery, which nothing has used: the card went by e-mail.
    [refund] = Refund.objects.all()
    assert refund.amount == 30 + order.shipping_incl_tax and refund.delivery == order.shipping_incl_tax
    assert [(each.line.title, each.quantity) for each in refund.lines.all()] == [("Bowl", 1)]
    assert (refund.state, holds(order), promised(bowl)) == ("succeeded", Decimal(50), 0)
    [card] = cards_of(order)
    assert (card.state, card.balance) == ("active", Decimal(50)) and account(order).owed_if_cancelled == 0
    [told] = [each for each in mail.outbox if each.subject == f"The rest of your order {order.number} is cancelled"]
    for body in (str(told.body), str(told.alternatives[0][0])):
        assert "The gift cards of the order stay as they are." in body and "on its way to you" not in body
        assert "Bowl" in body
    assert set(mails(order)) >= {"order-paid", "order-cancelled", "order-refunded"} and proof() == []
    assert order.status_changes.get(new_status="cancelled").why == "customer"
    # Again, it stays as it is.
    cancel(client, order)
    settled(client, stripe)
    assert Refund.objects.count() == 1 and holds(order) == 50 and proof() == []
    # What is put into the basket again is what was cancelled, and not the card that was sent.
    client.post(f"{order_path(order.number)}again/")
    [line] = BasketLine.objects.filter(basket__status="Open")
    assert (line.product, line.quantity) == (bowl, 1)


def test_what_a_gift_card_paid_goes_back_by_the_ways_of_refunds(client: Client, stripe: Sandbox, product: Any) -> None:
    vase, mine = make_product("Vase", price="100.00", stock=3), give("120.00")
    order = mixed(client, product, vase, cards=(mine,))
    delivery = order.shipping_incl_tax
    assert (order.gift_card_amount, order.due) == (100 + delivery, Decimal(50))
    paid(client, stripe, order)
    cancel(client, order)
    settled(client, stripe)
    refund = Refund.objects.get()
    # First what the payment took, then the card.
    assert (refund.amount, refund.gift_card_amount) == (Decimal(50), 50 + delivery)
    assert balance(mine) == 120 - 50 and holds(order) == 50 and promised(vase) == 0 and proof() == []
    assert cards_of(order)[0].balance == 50


def test_what_came_by_bank_stands_there_for_staff(client: Client, stripe: Sandbox, product: Any, bowl: Any) -> None:
    order = mixed(client, product, bowl, payment="bank-transfer")
    change_status(order, "paid", why="it came")
    drain_all()
    cancel(client, order)
    owed = 30 + order.shipping_incl_tax
    assert account(order).owed_if_cancelled == owed and not Refund.objects.exists() and proof() == []
    staff = User.objects.create_user("staff@example.com", "x")
    sent_back(order, owed, reference="r1", token=str(uuid.uuid4()), by=staff)
    assert account(order).owed_if_cancelled == 0 and holds(order) == 50 and proof() == []


def test_a_page_from_before_the_cards_were_sent_cancels_nothing(
    client: Client, stripe: Sandbox, product: Any, bowl: Any
) -> None:
    order = mixed(client, product, bowl)
    stripe.pay(of(order).url)
    stripe.deliver(client)
    assert status(order) == "paid"
    page = client.get(order_path(order.number)).content.decode()
    assert 'name="what" value="all"' in page and "Cancel this order" in page
    drain_all()
    words = cancel(client, order, "all")
    assert "nothing is cancelled yet. You can cancel the rest." in words and "Cancel what has not been sent" in words
    assert status(order) == "partly-dispatched" and promised(bowl) == 1 and not Refund.objects.exists()


def test_before_they_are_sent_all_of_it_is_cancelled(client: Client, stripe: Sandbox, product: Any, bowl: Any) -> None:
    order = mixed(client, product, bowl)
    stripe.pay(of(order).url)
    stripe.deliver(client)
    assert f"Order {order.number} is cancelled." in cancel(client, order, "all")
    settled(client, stripe)
    assert holds(order) == 0 and cards_of(order)[0].state == "cancelled" and proof() == []


def test_once_a_parcel_has_left_it_is_for_staff(client: Client, stripe: Sandbox, product: Any, bowl: Any) -> None:
    vase = make_product("Vase", price="100.00", stock=3)
    order = mixed(client, product, bowl, vase)
    paid(client, stripe, order)
    dispatch(order, quantities={order.lines.get(product=bowl).pk: 1}, by=None, key=uuid.uuid4())
    assert "Cancel what has not been sent" not in client.get(order_path(order.number)).content.decode()
    assert "on its way already and cannot be cancelled" in cancel(client, order)
    assert status(order) == "partly-dispatched" and promised(vase) == 1
    # Staff can; the delivery was used.
    change_status(order, "cancelled", by=None, why="asked for by telephone")
    settled(client, stripe)
    assert Refund.objects.get().amount == 100 and proof() == []


def test_in_the_account_too(client: Client, stripe: Sandbox, product: Any, bowl: Any) -> None:
    ada = User.objects.create_user("ada@example.org", "x")
    client.force_login(ada)
    order = mixed(client, product, bowl)
    paid(client, stripe, order)
    assert f"/account/orders/{order.number}/#cancel" in client.get("/account/orders/").content.decode()
    answer = client.post(f"/account/orders/{order.number}/cancel/", {"what": "rest"}, follow=True)
    assert "The rest is cancelled" in answer.content.decode()
    settled(client, stripe)
    assert holds(order) == Decimal(50) and order.status_changes.get(new_status="cancelled").by == ada


def test_a_gift_card_bought_again_is_for_the_same_person(client: Client, stripe: Sandbox, product: Any) -> None:
    add(client, product, **GIFT)
    add(client, product)
    submit(client, go_to_review(client, ship="none"), payment="bank-transfer")
    order = Order.objects.latest("pk")
    cancel(client, order, "all")
    answer = client.post(f"{order_path(order.number)}again/", follow=True)
    assert "2 things are in the basket." in answer.content.decode()
    lines = BasketLine.objects.filter(basket__status="Open").order_by("pk")
    assert [line.gift for line in lines] == [{**GIFT, "gift_email": "cy@example.org"}, {}]
