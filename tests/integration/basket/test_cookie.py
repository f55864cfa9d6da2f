"""Which basket a visitor's cookie names, and that it never names somebody else's."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from shop.accounts.models import User
from shop.basket import operations
from shop.basket.models import Basket, Line
from shop.basket.operations import BasketError
from shop.customer.operations import move_to_basket, wish
from shop.partner.strategy import MarketStrategy
from tests.factories import make_market, make_product

pytestmark = pytest.mark.django_db
SAME = {"HTTP_SEC_FETCH_SITE": "same-origin"}
COOKIE = "oscar_open_basket"


def put(client: Client, *products: Any) -> Any:
    return client.post("/basket/add/", {"product": [product.pk for product in products]}, **SAME)


def new_basket(**values: Any) -> Basket:
    basket = Basket(**values)
    basket.strategy = MarketStrategy(market=make_market())
    return basket


def test_what_failed_leaves_no_cookie_for_the_next_visitors_basket() -> None:
    """SQLite gives a number that was rolled back to the next row."""
    first, second = Client(), Client()
    assert put(first, make_product(stock=0)).status_code == 409
    assert not first.cookies.get(COOKIE)
    put(second, make_product("Secret gift"))
    assert "Secret gift" not in first.get("/basket/").content.decode()
    assert first.get("/basket/").context["basket"].count == 0


def test_buying_all_as_a_new_guest_goes_on_after_what_is_sold_out(client: Client) -> None:
    gone, mug = make_product("Gone", stock=0), make_product("Mug")
    assert put(client, gone, mug).status_code == 303
    assert Line.objects.get().product == mug
    text = client.get("/basket/").content.decode()
    assert "Gone is sold out" in text and "ordered already" not in text


@pytest.mark.parametrize("do", ["remove", "update", "forget", "later", "back"])
def test_changing_a_basket_that_there_is_not_makes_none(client: Client, do: str) -> None:
    assert client.post("/basket/", {"line": 1, "do": do, "quantity": 2}).status_code == 404
    assert not Basket.objects.exists()
    assert not client.cookies.get(COOKIE) and not client.cookies.get("oscar_saved_basket")


def test_taking_a_voucher_out_of_no_basket_makes_none(client: Client) -> None:
    assert client.post("/basket/voucher/", {"remove": "FERN"}).status_code == 404
    assert not Basket.objects.exists() and not client.cookies.get(COOKIE)


def test_a_failed_change_leaves_the_basket_unsaved() -> None:
    basket = new_basket()
    with pytest.raises(BasketError):
        operations.add(basket, make_product(stock=0).pk)
    assert (basket.pk, basket._state.adding) == (None, True)
    operations.add(basket, make_product().pk)
    assert Basket.objects.get().pk == basket.pk


def test_a_wish_that_cannot_be_taken_off_leaves_the_basket_unsaved(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever wraps a change in a transaction of their own undoes the new basket, too."""
    line = wish(User.objects.create_user("ada@example.com", "x"), make_product().pk).lines.get()

    def fail() -> None:
        raise BasketError("the list is stuck")

    monkeypatch.setattr(line, "delete", fail)
    basket = new_basket()
    with pytest.raises(BasketError, match="stuck"):
        move_to_basket(line, basket)
    assert basket.pk is None and not Basket.objects.exists()


def test_the_cookie_holds_a_secret_of_the_basket_and_no_number(client: Client) -> None:
    put(client, make_product())
    basket = Basket.objects.get()
    value = client.cookies[COOKIE].value
    assert value == str(basket.token)
    thief = Client()
    for guess in (str(basket.pk), f"{basket.pk}:{value}", value[:-1] + ("0" if value[-1] != "0" else "1"), "\x00", ""):
        thief.cookies[COOKIE] = guess
        assert thief.get("/basket/").context["basket"].count == 0


def test_a_row_that_took_the_number_of_a_deleted_basket_is_not_the_visitors(client: Client) -> None:
    put(client, make_product())
    pk = Basket.objects.get().pk
    Basket.objects.all().delete()
    other = Basket.objects.create(pk=pk)
    other.lines.create(product=(mug := make_product()), stockrecord=mug.stockrecords.get(), line_reference="x")
    assert client.get("/basket/").context["basket"].count == 0


def test_no_cookie_is_written_for_a_row_that_is_not_there(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even if somebody forgets a saved basket inside a transaction that is undone."""

    def save_and_lose(basket: Any, *args: Any, **kwargs: Any) -> Any:
        basket.save()
        Basket.objects.all().delete()
        raise BasketError("lost")

    monkeypatch.setattr(operations, "add", save_and_lose)
    put(client, make_product())
    assert not client.cookies.get(COOKIE)
