"""Where staff finds the refund of an order that a gift card has paid in part."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from shop.accounts import roles
from shop.customer.links import order_path
from shop.order.states import change_status
from shop.payment.refunds import refund
from tests.integration.payment.paying import of
from tests.people import signed_in
from tests.stripe_sandbox import Sandbox

from .giving import give, order_with

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("by_collection")]


def test_staff_reaches_what_is_left_on_the_card_once_the_payment_is_given_back(
    client: Client, stripe: Sandbox, bowl: Any
) -> None:
    order, page = order_with(client, bowl, cards=(give("10.00"),))
    support, url = signed_in(roles.SUPPORT), f"/dashboard/orders/{order.number}/"
    assert "To pay another way" in support.get(url).content.decode()
    stripe.pay(page)
    stripe.deliver(client)
    text = support.get(url).content.decode()
    assert "Paid another way" in text and text.count(">Refund</a>") == 1
    refund(order, extra=of(order).captured, by=None, why="the part that was paid online")
    assert support.get(url).content.decode().count(">Refund</a>") == 1, "and the rest goes back to the card"
    order.refresh_from_db()
    refund(order, extra=Decimal("10.00"), by=None, why="the card's part")
    assert ">Refund</a>" not in support.get(url).content.decode()


def test_a_cancelled_order_says_whether_its_rest_was_paid(client: Client, stripe: Sandbox, bowl: Any) -> None:
    support = signed_in(roles.SUPPORT)
    paid, page = order_with(client, bowl, cards=(give("10.00"),))
    stripe.pay(page)
    stripe.deliver(client)
    unpaid, _page = order_with(Client(), bowl, cards=(give("10.00"),))
    for order, words in ((paid, "Paid another way"), (unpaid, "Not paid")):
        order.refresh_from_db()
        change_status(order, "cancelled", why="test")
        for who, url in ((support, f"/dashboard/orders/{order.number}/"), (Client(), order_path(order.number))):
            text = who.get(url).content.decode()
            shown = [each for each in ("To pay", "Paid another way", "Not paid") if f"<dt>{each}" in text]
            assert shown == [words], url
