"""Cards that Stripe keeps for an account: seen and forgotten by their owner, and by nobody else."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from shop.accounts.models import User
from shop.customer.links import order_path, order_signature
from shop.payment.models import Customer
from tests.factories import make_product
from tests.stripe_sandbox import Sandbox

from .paying import of, order_by_card, status

pytestmark = pytest.mark.django_db


def buyer(stripe: Sandbox, email: str, card: str = "4242424242424242", *, keep: bool = True) -> tuple[Client, str]:
    """Somebody with an account who has paid, and perhaps kept the card; the card's name at Stripe."""
    client = Client()
    client.force_login(User.objects.create_user(email, "x"))
    order, page = order_by_card(client, make_product(price=Decimal("5.00"), stock=5))
    stripe.pay(page, card=card, keep=keep)
    stripe.deliver(client)
    assert status(order) == "paid"
    customer = Customer.objects.get(user__email=email)
    held = stripe.api("GET", f"/customers/{customer.customer_id}/payment_methods?type=card").json["data"]
    return client, held[0]["id"] if held else ""


def test_a_kept_card_is_seen_and_forgotten(stripe: Sandbox) -> None:
    ada, card = buyer(stripe, "ada@example.com")
    text = ada.get("/account/cards/").content.decode()
    assert "Visa •••• 4242" in text and "12/2034" in text and "4242424242" not in text
    assert 'href="/account/cards/"' in ada.get("/account/").content.decode()
    assert "Remove this card?" in ada.get(f"/account/cards/{card}/forget/").content.decode()
    assert "Visa •••• 4242" in ada.get("/account/cards/").content.decode(), "asking forgets nothing"
    answer = ada.post(f"/account/cards/{card}/forget/", follow=True)
    text = answer.content.decode()
    assert "The card is forgotten" in text and "No card is kept" in text
    assert ada.post(f"/account/cards/{card}/forget/").status_code == 404


def test_who_kept_none_sees_none(stripe: Sandbox) -> None:
    ada, card = buyer(stripe, "ada@example.com", keep=False)
    assert card == "" and "No card is kept" in ada.get("/account/cards/").content.decode()
    new = Client()
    new.force_login(User.objects.create_user("new@example.com", "x"))
    before = len(stripe.requests())
    assert "No card is kept" in new.get("/account/cards/").content.decode()
    assert len(stripe.requests()) == before, "who never paid is not asked about"


def test_anothers_card_can_be_neither_seen_nor_forgotten(stripe: Sandbox) -> None:
    ada, card = buyer(stripe, "ada@example.com")
    eve, own = buyer(stripe, "eve@example.com", card="5555555555554444")
    for method in (eve.get, eve.post):
        assert method(f"/account/cards/{card}/forget/").status_code == 404
    assert "4242" not in eve.get("/account/cards/").content.decode()
    assert "Visa •••• 4242" in ada.get("/account/cards/").content.decode()
    stranger = Client()
    for url in ("/account/cards/", f"/account/cards/{card}/forget/"):
        assert stranger.get(url)["Location"].startswith("/account/login/")
        assert stranger.post(url)["Location"].startswith("/account/login/")
    assert own != card


def test_stripe_away_is_said(stripe: Sandbox) -> None:
    ada, card = buyer(stripe, "ada@example.com")
    stripe.fault("error_before", "GET /v1/customers*", count=99, status=503)
    answer = ada.get("/account/cards/")
    assert answer.status_code == 503 and "cannot be looked up" in answer.content.decode()
    assert ada.post(f"/account/cards/{card}/forget/")["Location"] == "/account/cards/"
    stripe.clear_faults()
    assert "Visa •••• 4242" in ada.get("/account/cards/").content.decode()


def test_a_customer_deleted_at_stripe_can_buy_again(stripe: Sandbox) -> None:
    ada, _card = buyer(stripe, "ada@example.com")
    old = Customer.objects.get()
    stripe.api("DELETE", f"/customers/{old.customer_id}")
    assert "No card is kept" in ada.get("/account/cards/").content.decode()
    order, page = order_by_card(ada, make_product(price=Decimal("5.00"), stock=5))
    stripe.pay(page)
    stripe.deliver(ada)
    assert status(order) == "paid" and of(order).problem == ""
    assert Customer.objects.get().customer_id not in (None, old.customer_id)


def test_without_a_key_there_is_no_such_thing(client: Client, settings: Any) -> None:
    settings.STRIPE_SECRET_KEY = ""
    client.force_login(User.objects.create_user("ada@example.com", "x"))
    assert "/account/cards/" not in client.get("/account/").content.decode()
    assert "No card is kept" in client.get("/account/cards/").content.decode()


@pytest.mark.parametrize(("key", "base", "words"), [
    ("sk_test_x", "http://127.0.0.1:1", "to a sandbox"), ("sk_test_x", "", "test mode"),
    ("sk_live_x", "", ""), ("rk_live_x", "", ""), ("", "", ""),
])  # fmt: skip
def test_money_that_is_none_is_said_to_be_none(settings: Any, key: str, base: str, words: str) -> None:
    from shop.accounts.roles import SUPPORT
    from tests.people import signed_in

    settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE = key, base
    text = signed_in(SUPPORT).get("/dashboard/orders/").content.decode()
    assert ("no money moves" in text) == bool(words) and words in text


def test_the_link_of_an_accounts_order_leads_to_nobody_elses_cards(stripe: Sandbox) -> None:
    """The payment page of an account offers its cards: a forwarded link must not open it."""
    ada, _card = buyer(stripe, "ada@example.com")
    order, page = order_by_card(ada, make_product(price=Decimal("5.00"), stock=5))
    pay = f"/checkout/pay/{order.number}/{order_signature(order.number)}/"
    eve = Client()
    assert eve.post(pay)["Location"] == order_path(order.number)
    eve.force_login(User.objects.create_user("eve@example.com", "x"))
    assert eve.post(pay)["Location"] == order_path(order.number)
    assert ada.post(pay)["Location"] == page
