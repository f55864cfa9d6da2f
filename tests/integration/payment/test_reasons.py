"""Why a payment or a refund failed, where its buyer and staff look for it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from shop.accounts.roles import SUPPORT
from shop.customer.links import order_path
from shop.order.models import Order
from shop.outbox.operations import drain_all
from shop.payment.models import Payment, Refund
from shop.payment.operations import look
from shop.payment.reasons import to_staff
from shop.payment.refunds import refund
from tests.factories import make_product
from tests.integration.dashboard.pages import signed_in
from tests.stripe_sandbox import Sandbox

from .paying import of, order_by_card

pytestmark = pytest.mark.django_db


@pytest.fixture
def product() -> Any:
    return make_product(title="Bowl", price=Decimal("24.50"), stock=5)


def dashboard(order: Order) -> str:
    return str(signed_in(SUPPORT).get(f"/dashboard/orders/{order.number}/").content.decode())


@pytest.mark.parametrize(
    ("card", "buyer", "staff"),
    [
        ("4000000000009995", "There is not enough money on the card or account.", "not enough money on the card"),
        ("4000000000000069", "The card has expired.", "the card has expired"),
        ("4000000000009979", "Your bank has refused it and does not say why.", "the card is reported stolen"),
    ],
)
def test_a_declined_card_says_why(
    client: Client, stripe: Sandbox, product: Any, card: str, buyer: str, staff: str
) -> None:
    order, page = order_by_card(client, product)
    assert stripe.pay(page, card).status == 402
    look(of(order).pk)
    text = client.get(order_path(order.number)).content.decode()
    assert buyer in text and "It is not paid yet." in text and "stolen" not in text
    assert staff in dashboard(order)
    stripe.pay(page)
    look(of(order).pk)
    assert Payment.objects.get().failure == "" and buyer not in client.get(order_path(order.number)).content.decode()


def test_a_german_reads_german(client: Client, stripe: Sandbox, product: Any) -> None:
    order, page = order_by_card(client, product)
    Order.objects.update(language="de")
    assert stripe.pay(page, "4000000000009995").status == 402
    look(of(order).pk)
    text = client.get("/de" + order_path(order.number)).content.decode()
    assert "Die Karte oder das Konto ist nicht gedeckt." in text


def test_the_mail_of_a_debit_that_fails_says_why_as_far_as_the_bank_does(
    client: Client, stripe: Sandbox, product: Any, settings: Any
) -> None:
    settings.SHOP_CURRENCY = settings.OSCAR_DEFAULT_CURRENCY = "EUR"
    product.stockrecords.update(price_currency="EUR")
    order, page = order_by_card(client, product)
    stripe.pay(page, iban="DE78370400440532013004")
    stripe.deliver(client)
    stripe.advance(3600 / 4)
    stripe.deliver(client)
    drain_all()
    [told] = [each for each in mail.outbox if "did not send" in str(each.body)]
    failure = of(order).failure
    assert failure and "Pay another way" in str(told.body)


def test_a_refund_that_comes_back_is_told_in_words(client: Client, stripe: Sandbox, product: Any) -> None:
    order, page = order_by_card(client, product)
    stripe.pay(page, "4000000000005126")
    stripe.deliver(client)
    refund(Order.objects.get(), extra=Decimal(5), by=None, why="late")
    drain_all()
    stripe.set_refund(Refund.objects.get().refund_id or "", "failed")
    stripe.deliver(client)
    made = Refund.objects.get()
    assert made.state == "failed" and made.error and made.error_words == to_staff(made.error)
    assert made.error_words in dashboard(order) and "_" not in of(order).problem
