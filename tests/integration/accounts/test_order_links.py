"""Whoever bought without an account and lost the mails gets the links once more, and nobody learns anything."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.test import Client

from shop import throttle
from shop.accounts.models import User
from shop.customer.links import order_path
from shop.order.models import Order
from shop.outbox.operations import drain_all
from tests.factories import make_product
from tests.integration.orders.buying import buy

pytestmark = pytest.mark.django_db
FIND = "/account/orders/find/"


def ask(client: Client, email: str, path: str = FIND) -> Any:
    answer = client.post(path, {"email": email}, follow=True)
    drain_all()
    return answer


@pytest.fixture
def order() -> Order:
    made = buy(Client(), make_product("Bowl"))
    drain_all()
    mail.outbox.clear()
    return made


def test_the_links_come_by_mail_and_open_the_orders(client: Client, order: Order) -> None:
    assert FIND in client.get("/account/login/?next=/account/orders/").content.decode()
    answer = ask(client, order.guest_email.upper())
    assert answer.redirect_chain == [(FIND, 303)] and order_path(order.number) not in answer.content.decode()
    [message] = mail.outbox
    assert message.to == [order.guest_email] and order_path(order.number) in message.body
    assert order_path(order.number) in message.alternatives[0][0]
    assert client.get(order_path(order.number)).status_code == 200


def test_the_answer_is_the_same_for_an_address_that_bought_nothing(client: Client, order: Order) -> None:
    words = [ask(client, email).content.decode() for email in (order.guest_email, "nobody@example.com")]
    assert all("If something was bought here with" in text for text in words)
    assert len(mail.outbox) == 1


def test_what_belongs_to_an_account_is_not_sent(client: Client, order: Order) -> None:
    ada = User.objects.create_user(order.guest_email, "x")
    Order.objects.filter(pk=order.pk).update(user=ada, guest_email="")
    ask(client, ada.email)
    assert mail.outbox == []


def test_nobody_is_flooded(client: Client, order: Order) -> None:
    for _time in range(throttle.MAIL_ACCOUNT.attempts + 2):
        assert ask(client, order.guest_email).status_code == 200
    assert len(mail.outbox) == throttle.MAIL_ACCOUNT.attempts
    for _time in range(throttle.MAIL_ADDRESS.attempts):
        answer = ask(client, "nobody@example.com")
    assert answer.status_code == 429


def test_in_german(client: Client, order: Order) -> None:
    ask(client, order.guest_email, f"/de{FIND}")
    [message] = mail.outbox
    assert "Ihre Bestellungen" in message.subject and f"/de/account/order/{order.number}/" in message.body


def test_what_is_no_address_is_said(client: Client) -> None:
    assert client.post(FIND, {"email": "nobody"}).status_code == 422
