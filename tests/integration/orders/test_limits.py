"""How much and how often one visitor or one address may order, and that nothing is lost by it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from shop import throttle
from shop.order.models import Order
from tests.factories import make_product

from .buying import buy, go_to_review, keep_in_account, put, submit

pytestmark = pytest.mark.django_db


def test_orders_from_one_place_are_counted_and_nothing_is_lost(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "ORDER_ADDRESS", throttle.Limit("order-address", 1, 3600))
    buy(client, make_product())
    mug = make_product("Kiln mug")
    put(client, mug)
    page = go_to_review(client)
    answer = submit(client, page)
    text = answer.content.decode()
    assert answer.status_code == 429 and int(answer["Retry-After"]) > 0
    assert "tried too often" in text and "are kept" in text and "Tanner" in text
    assert Order.objects.count() == 1 and mug.stockrecords.get().num_allocated in (0, None)
    monkeypatch.undo()
    assert submit(client, answer).status_code == 303


def test_orders_that_did_not_come_about_are_not_counted(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ORDER_ADDRESS", "ORDER_EMAIL", "ORDER_UNITS_ADDRESS"):
        monkeypatch.setattr(throttle, name, throttle.Limit(name, 2, 3600))
    mug = make_product("Kiln mug", price="20")
    put(client, mug, 2)
    page = go_to_review(client)
    for price in ("21", "22", "23"):
        mug.stockrecords.update(price=price)
        page = submit(client, page)
        assert page.status_code == 409
    answers = [submit(client, page) for _click in range(3)]
    assert {answer["Location"] for answer in answers} == {answers[0]["Location"]} and Order.objects.count() == 1


def test_one_address_holds_so_much_that_is_not_paid(client: Client, settings: Any) -> None:
    settings.SHOP_MAX_UNPAID_UNITS, settings.SHOP_MAX_UNPAID_ORDERS = 5, 2
    mug = make_product("Kiln mug", stock=50)
    put(client, mug, 6)
    answer = submit(client, go_to_review(client))
    assert answer.status_code == 409 and "up to 5 things that are not paid yet" in answer.content.decode()
    assert client.get("/basket/").context["basket"].count == 6
    for quantity in (3, 2):
        visitor = Client()
        put(visitor, mug, quantity)
        assert submit(visitor, go_to_review(visitor)).status_code == 303
    settings.SHOP_MAX_UNPAID_UNITS = 100
    put(visitor, mug)
    answer = submit(visitor, go_to_review(visitor))
    assert answer.status_code == 409 and "2 orders to ada@example.org wait" in answer.content.decode()
    Order.objects.update(status="paid")
    assert submit(visitor, visitor.get("/checkout/review/")).status_code == 303


def test_accounts_for_guests_are_counted(client: Client) -> None:
    order = buy(client, make_product())
    for _try in range(throttle.REGISTER_ADDRESS.attempts):
        assert keep_in_account(client, order).status_code == 200
    answer = keep_in_account(client, order)
    assert answer.status_code == 429 and "tried too often" in answer.content.decode()
