"""From the basket to the thank-you page, without a script."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client, override_settings

from shop.accounts.models import User
from shop.basket.models import Basket
from shop.customer import operations as customer_operations
from shop.mail.models import SentMail
from shop.order.models import Order
from shop.order.selectors import instructions_of
from shop.outbox.operations import drain_all
from shop.payment.methods import BankTransfer, Payable
from tests.factories import make_product

from .buying import buy, go_to_review, keep_in_account, put, submit

pytestmark = pytest.mark.django_db


def test_a_guest_buys(client: Client, mailoutbox: list[Any]) -> None:
    mug = make_product("Kiln mug", price="22", stock=5)
    put(client, mug, 2)
    page = go_to_review(client)
    assert page.context["basket"].total == Decimal("48.50")
    answer = submit(client, page)
    thanks = client.get(answer["Location"])
    order = Order.objects.get()
    text = thanks.content.decode()
    assert order.number in text and "Reference" in text and "14 Tanner’s Row" in text
    assert (order.total_incl_tax, order.shipping_incl_tax, order.status) == (
        Decimal("48.50"),
        Decimal("4.50"),
        "awaiting-payment",
    )
    assert order.total_incl_tax - order.total_excl_tax == Decimal("8.08")
    line = order.lines.get()
    assert (line.quantity, line.line_price_incl_tax, line.line_price_excl_tax) == (2, Decimal(44), Decimal("36.67"))
    record = mug.stockrecords.get()
    assert (record.num_in_stock, record.num_allocated) == (5, 2)
    assert Basket.objects.get().status == Basket.SUBMITTED
    assert client.get("/basket/").context["basket"].count == 0
    drain_all()
    mail = SentMail.objects.get(kind="order-placed")
    assert order.number in mail.subject and "£48.50" in mail.text and order.number in mail.html
    assert mailoutbox[0].to == ["ada@example.org"]


def test_a_customer_buys_with_a_saved_address(client: Client) -> None:
    user = User.objects.create_user("bo@example.org", "x")
    client.force_login(user)
    first = buy(client, make_product())
    assert first.user == user and not first.guest_email
    put(client, make_product())
    saved = client.get("/checkout/address/").context["saved"]
    assert len(saved) == 1
    answer = client.post("/checkout/address/", {"saved": saved[0].pk, "ship": "collect", "bill_same": "yes"})
    assert answer.status_code == 303, answer.content.decode()
    submit(client, client.get("/checkout/review/"))
    assert Order.objects.filter(user=user).count() == 2
    assert user.addresses.count() == 1


def test_steps_cannot_be_skipped(client: Client) -> None:
    for path in ("/checkout/", "/checkout/address/", "/checkout/review/"):
        assert client.get(path)["Location"] == "/basket/"
    put(client, make_product())
    assert client.get("/checkout/address/")["Location"] == "/checkout/"
    assert client.get("/checkout/review/")["Location"] == "/checkout/"
    client.post("/checkout/", {"email": "ada@example.org"})
    assert client.get("/checkout/review/")["Location"] == "/checkout/address/"


def test_the_last_page_does_not_speak_of_another(client: Client) -> None:
    put(client, make_product())
    assert "on the last page." not in go_to_review(client).content.decode()
    assert "on the last page." in client.get("/checkout/address/").content.decode()


def test_a_second_click_and_a_reload_are_the_same_order(client: Client) -> None:
    put(client, make_product())
    page = go_to_review(client)
    places = {submit(client, page)["Location"] for _ in range(3)}
    assert len(places) == 1 and Order.objects.count() == 1


def test_a_shop_that_has_no_account_offers_no_transfer(client: Client, settings: Any) -> None:
    placed = buy(client, make_product())
    settings.SHOP_BANK = {}
    put(client, make_product())
    page = go_to_review(client)
    text = page.content.decode()
    assert page.status_code == 200 and "cannot take payments just now" in text and "Bank transfer" not in text
    assert submit(client, page).status_code == 400
    assert Order.objects.count() == 1
    # What was ordered before still says how much and with which reference.
    instructions = instructions_of(placed)
    assert [value for _label, value in instructions.rows][1:] == [placed.number]


def test_a_shops_own_account_is_what_the_buyer_sees(client: Client, settings: Any) -> None:
    settings.SHOP_BANK = {"holder": "Kiln GmbH", "iban": "DE02120300000000202051", "bic": "BYLADEM1001"}
    order = buy(client, make_product())
    rows = dict(instructions_of(order).rows)
    assert (rows["To"], rows["IBAN"], rows["BIC"]) == ("Kiln GmbH", "DE02120300000000202051", "BYLADEM1001")
    drain_all()
    assert "DE02120300000000202051" in SentMail.objects.get().text


def test_a_buyer_abroad_is_told_the_iban(client: Client) -> None:
    bank = {"holder": "Kiln", "sort_code": "12-34-56", "account": "12345678", "iban": "GB12KILN", "bic": "KILNGB"}
    payable = Payable("1", Decimal(5), "GBP", "ada@example.org")
    with override_settings(SHOP_BANK=bank):
        for country, named, hidden in (("DE", "GB12KILN", "12345678"), ("GB", "12345678", "GB12KILN")):
            rows = dict(BankTransfer().instructions(replace(payable, country=country)).rows)
            assert named in rows.values() and hidden not in rows.values()


def test_a_guest_keeps_the_order_in_an_account(client: Client, mailoutbox: list[Any]) -> None:
    order = buy(client, make_product())
    assert "We have written to ada@example.org" in keep_in_account(client, order).content.decode()
    order.refresh_from_db()
    assert order.user is None, "whose address it is has still to be shown"
    link = re.search(r"https?://[^/]+(/account/password/\S+/)", mailoutbox[-1].body)
    assert link and mailoutbox[-1].to == ["ada@example.org"]
    form = client.get(link[1], follow=True)
    assert client.post(form.request["PATH_INFO"], {"new_password1": "correct horse battery"}).status_code == 303
    order.refresh_from_db()
    assert (order.user.email, order.guest_email) == ("ada@example.org", "")
    assert order.user.email_confirmed_at is not None
    signed_in = client.post("/account/login/", {"email": "ada@example.org", "password": "correct horse battery"})
    assert signed_in.status_code == 303
    assert client.get(f"/checkout/done/{order.checkout.token}/").status_code == 200
    assert order.number in client.get("/account/orders/").content.decode()


def test_an_address_that_cannot_be_kept_does_not_spoil_the_order(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The address book has one writer with one limit: full or known already, the order stands and says thank you."""
    user = User.objects.create_user("bo@example.org", "x")
    client.force_login(user)
    monkeypatch.setattr(customer_operations, "MAX_ADDRESSES", 1)
    for street in ("1 First Row", "1 First Row", "2 Second Row"):
        put(client, make_product())
        answer = client.get(submit(client, go_to_review(client, line1=street))["Location"])
        assert "thank" in answer.content.decode().lower()
    assert Order.objects.filter(user=user).count() == 3
    assert [each.line1 for each in user.addresses.all()] == ["1 First Row"]
    assert user.addresses.get().is_default_for_shipping
