"""Somebody else's checkout: its names, addresses and orders are seen by nobody but who typed them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from shop.accounts.models import User
from shop.order.models import Order
from tests.factories import make_product

from .buying import ADDRESS, buy, go_to_review, keep_in_account, put, seen_of, submit

pytestmark = pytest.mark.django_db


def test_another_visitors_checkout_is_not_found(client: Client) -> None:
    put(client, make_product())
    page = go_to_review(client)
    stranger = Client()
    assert submit(stranger, page).status_code == 404
    answer = submit(client, page)
    elsewhere = stranger.get(answer["Location"])
    assert elsewhere.status_code == 404 and "the link in the mail with your receipt" in elsewhere.content.decode()
    stranger.force_login(User.objects.create_user("eve@example.org", "x"))
    assert stranger.get(answer["Location"]).status_code == 404
    assert client.post("/checkout/review/", {"token": "nonsense"}).status_code == 404
    assert client.get(answer["Location"]).status_code == 200


def test_another_customers_address_is_not_used(client: Client) -> None:
    owner = User.objects.create_user("bo@example.org", "x")
    client.force_login(owner)
    buy(client, make_product())
    eve = Client()
    eve.force_login(User.objects.create_user("eve@example.org", "x"))
    put(eve, make_product())
    answer = eve.post("/checkout/address/", {"saved": owner.addresses.get().pk, "ship": "standard", "bill_same": "yes"})
    assert answer.status_code == 400
    assert "Tanner" not in answer.content.decode()


def test_the_cookie_of_a_basket_opens_nobody_elses_checkout(client: Client) -> None:
    """A copied cookie shows the goods, and no name, address or e-mail that was typed in another browser."""
    put(client, make_product())
    page = go_to_review(client)
    thief = Client()
    thief.cookies[settings.OSCAR_BASKET_COOKIE_OPEN] = client.cookies[settings.OSCAR_BASKET_COOKIE_OPEN].value
    assert "ada@example.org" not in thief.get("/checkout/").content.decode()
    assert thief.get("/checkout/address/")["Location"] == "/checkout/"
    assert thief.get("/checkout/review/")["Location"] == "/checkout/"
    thief.post("/checkout/", {"email": "eve@example.org"})
    assert "Tanner" not in thief.get("/checkout/address/").content.decode()
    assert thief.get("/checkout/review/")["Location"] == "/checkout/address/"
    # One basket has one open checkout: the first browser begins once more.
    assert submit(client, page).status_code == 404
    assert client.get("/checkout/review/")["Location"] == "/checkout/"


def go_to_review_as(client: Client, email: str) -> Any:
    client.post("/checkout/address/", {**ADDRESS, "email": email, "seen": seen_of(client.get("/checkout/address/"))})
    return client.get("/checkout/review/")


def test_thanks_tell_nobody_whether_an_address_is_a_customers(client: Client) -> None:
    """A stranger orders with any address: before the button and after it the page is the same for both."""
    User.objects.create_user("known@example.org", "correct horse battery")
    seen = []
    for email in ("known@example.org", "fresh@example.org"):
        browser = Client()
        put(browser, make_product("Kiln mug"))
        browser.post("/checkout/", {"email": email})
        page = go_to_review_as(browser, email)
        token = page.context["checkout"].token
        submit(browser, page)
        order = Order.objects.get(checkout__token=token)
        texts = [
            browser.get(f"/checkout/done/{token}/").content.decode(),
            keep_in_account(browser, order).content.decode(),
        ]
        numbered = re.compile(rf"{order.number}|{token}|{email}|csrfmiddlewaretoken. value=.\w+|/products/[\w-]+/")
        seen.append([numbered.sub("", text) for text in texts])
        assert Order.objects.get(pk=order.pk).user is None
    assert "Send the link" in seen[0][0] and seen[0] == seen[1]
