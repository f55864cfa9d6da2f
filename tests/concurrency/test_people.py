"""One person in several tabs, and staff beside them. Each test has a control in which the guard is off."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse
from oscar.apps.address.models import UserAddress
from oscar.apps.dashboard.catalogue import forms as oscar_forms
from oscar.apps.wishlists.models import Line as WishLine
from oscar.apps.wishlists.models import WishList

from shop.accounts.deletion import CannotDeleteError, delete_account
from shop.accounts.models import User
from shop.accounts.roles import MERCHANDISER
from shop.basket import operations as baskets
from shop.basket.models import Basket, Line
from shop.basket.selectors import read_basket
from shop.checkout.models import Checkout
from shop.checkout.operations import remember_address
from shop.customer import operations as customer
from shop.dashboard.catalogue import forms, formsets
from shop.order import operations, stock
from shop.order.models import Order
from shop.order.operations import Placed, place_order
from shop.partner.strategy import MarketStrategy
from tests.factories import make_market, make_product
from tests.integration.dashboard.pages import form_values, signed_in

from .test_placement import ADDRESS, AtOnce, make_checkout

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("postgres")]


@pytest.fixture
def ada(postgres: None) -> User:
    return User.objects.create_user("ada@example.com", "x")


def basket_with(*products: Any, **values: Any) -> Basket:
    basket = Basket(**values)
    basket.strategy = MarketStrategy(market=make_market())
    for product in products:
        baskets.add(basket, product.pk)
    return basket


def checkout_of(user: User, *products: Any) -> tuple[Checkout, Any]:
    """A customer who only has to press the button."""
    checkout, _quote = make_checkout(*products)
    Basket.objects.filter(pk=checkout.basket_id).update(owner=user)
    Checkout.objects.filter(pk=checkout.pk).update(user=user)
    basket = Basket.objects.get(pk=checkout.basket_id)
    quote = read_basket(basket, market=make_market(), user=user, shipping_code="collect").quote
    return checkout, quote


def later(seconds: float, function: Callable[[], Any]) -> Callable[[], Any]:
    def run() -> Any:
        time.sleep(seconds)
        return function()

    return run


def slow_placing(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """Let an order take its time between its locks and what it writes."""
    lock = stock.lock

    def slowly(ids: Any) -> Any:
        found = lock(ids)
        time.sleep(seconds)
        return found

    monkeypatch.setattr(operations.stock, "lock", slowly)


# ------------------------------------------------------------------ signing in while the account's basket is ordered
def merge_while_ordering(at_once: AtOnce, monkeypatch: pytest.MonkeyPatch, user: User) -> list[Any]:
    slow_placing(monkeypatch, 0.5)
    checkout, quote = checkout_of(user, make_product(stock=50))
    guest = basket_with(make_product("Guest's mug", stock=50))
    order = partial(place_order, checkout.token, accepted=quote)
    return at_once([order, later(0.2, partial(baskets.give_to, guest, user))])


def test_what_a_guest_chose_never_hangs_on_an_ordered_basket(
    at_once: AtOnce, monkeypatch: pytest.MonkeyPatch, ada: User
) -> None:
    placed, moved = merge_while_ordering(at_once, monkeypatch, ada)
    assert isinstance(placed, Placed) and moved == 1, (placed, moved)
    line = Line.objects.get(product__title="Guest's mug")
    assert (line.basket.status, line.basket.owner) == (Basket.OPEN, ada)
    assert Basket.objects.filter(owner=ada).count() == 2


def test_control_without_the_lock_on_both_it_hangs_there(
    at_once: AtOnce, monkeypatch: pytest.MonkeyPatch, ada: User
) -> None:
    monkeypatch.setattr(baskets, "_locked", lambda ids: Basket.objects.filter(pk__in=list(ids)))
    placed, _moved = merge_while_ordering(at_once, monkeypatch, ada)
    assert isinstance(placed, Placed)
    assert Line.objects.get(product__title="Guest's mug").basket.status == Basket.SUBMITTED


def test_signing_in_twice_at_once_moves_everything_once(at_once: AtOnce, ada: User) -> None:
    guest = basket_with(make_product(stock=50), make_product(stock=50))
    results = at_once([partial(baskets.give_to, guest, ada)] * 6)
    assert sorted(results) == [0, 0, 0, 0, 0, 2]
    assert Basket.objects.get(owner=ada).lines.count() == 2


# ------------------------------------------------------------------ keeping for later and putting back
def keep_and_put_back(at_once: AtOnce) -> list[Any]:
    """Two tabs: one keeps what is in the basket, the other puts back what was kept."""
    user = User.objects.create_user(f"{Basket.objects.count()}@example.com", "x")
    basket = basket_with(make_product(stock=50), owner=user)
    saved = basket_with(make_product(stock=50), owner=user, status=Basket.SAVED)
    there, back = basket.lines.get().pk, saved.lines.get().pk
    return at_once(
        [
            partial(baskets.keep_for_later, basket, saved, there),
            partial(baskets.put_back, saved, basket, back),
        ]
    )


def test_keeping_and_putting_back_do_not_wait_for_each_other_for_ever(at_once: AtOnce) -> None:
    for _round in range(8):
        results = keep_and_put_back(at_once)
        assert all(isinstance(one, str) for one in results), results


def test_control_in_the_order_of_the_click_they_do(at_once: AtOnce, monkeypatch: pytest.MonkeyPatch) -> None:
    def one_by_one(ids: Iterable[int]) -> QuerySet[Basket]:
        wanted = list(ids)
        for pk in wanted:
            list(Basket.objects.select_for_update().filter(pk=pk))
            time.sleep(0.3)
        return Basket.objects.filter(pk__in=wanted)

    monkeypatch.setattr(baskets, "_locked", one_by_one)
    results = keep_and_put_back(at_once)
    assert any(isinstance(one, OperationalError) for one in results), results


# ------------------------------------------------------------------ wish lists and addresses
def test_a_wish_of_several_clicks_is_one_wish_on_one_list(at_once: AtOnce, ada: User) -> None:
    product = make_product()
    results = at_once([partial(customer.wish, ada, product.pk)] * 8)
    assert {one.pk for one in results} == {WishList.objects.get().pk}
    assert WishLine.objects.get().product == product


def unlocked(monkeypatch: pytest.MonkeyPatch, model: Any) -> None:
    """Nobody waits for anybody with the same account, and everybody has looked before the first writes."""
    save = model.save

    def slowly(self: Any, *args: Any, **kwargs: Any) -> None:
        time.sleep(0.5)
        save(self, *args, **kwargs)

    monkeypatch.setattr(customer, "_lock", lambda user: None)
    monkeypatch.setattr(model, "save", slowly)


def test_control_without_the_accounts_lock_there_are_several_lists(
    at_once: AtOnce, monkeypatch: pytest.MonkeyPatch, ada: User
) -> None:
    unlocked(monkeypatch, WishList)
    product = make_product()
    at_once([partial(customer.wish, ada, product.pk)] * 8)
    assert WishList.objects.count() > 1


def remember_at_once(at_once: AtOnce, user: User) -> list[Any]:
    made, _quote = checkout_of(user, make_product(stock=50))
    checkout = Checkout.objects.get(pk=made.pk)
    assert checkout.shipping_address == ADDRESS
    return at_once([partial(remember_address, checkout)] * 8)


def test_orders_at_once_to_one_address_keep_it_once(at_once: AtOnce, ada: User) -> None:
    assert remember_at_once(at_once, ada) == [None] * 8
    assert UserAddress.objects.get().user == ada


def test_control_without_the_accounts_lock_buyers_see_an_error(
    at_once: AtOnce, monkeypatch: pytest.MonkeyPatch, ada: User
) -> None:
    unlocked(monkeypatch, UserAddress)
    assert any(isinstance(one, IntegrityError | OperationalError) for one in remember_at_once(at_once, ada))


# ------------------------------------------------------------------ deleting the account while an order is placed
def delete_while_ordering(at_once: AtOnce, user: User, *, first: str) -> tuple[Any, Any]:
    checkout, quote = checkout_of(user, make_product(stock=50))
    delete = partial(delete_account, User.objects.get(pk=user.pk))
    order = partial(place_order, checkout.token, accepted=quote)
    waits = (0.0, 0.2) if first == "order" else (0.1, 0.0)
    placed, deleted = at_once([later(waits[0], order), later(waits[1], delete)])
    return placed, deleted


@pytest.mark.parametrize("first", ["order", "deletion"])
def test_an_account_is_deleted_or_has_an_order_and_never_both(
    at_once: AtOnce, monkeypatch: pytest.MonkeyPatch, ada: User, first: str
) -> None:
    slow_placing(monkeypatch, 0.5)
    placed, deleted = delete_while_ordering(at_once, ada, first=first)
    if isinstance(placed, Placed):
        assert isinstance(deleted, CannotDeleteError), deleted
        assert Order.objects.get().user == ada
    else:
        assert isinstance(placed, Checkout.DoesNotExist) and deleted is None, (placed, deleted)
        assert not User.objects.exists() and not Order.objects.exists() and not Basket.objects.exists()
    assert isinstance(placed, Placed) is (first == "order")


def test_control_without_holding_the_account_they_wait_for_each_other_for_ever(
    at_once: AtOnce, monkeypatch: pytest.MonkeyPatch, ada: User
) -> None:
    monkeypatch.setattr(operations, "hold_account", lambda user_id: None)
    monkeypatch.setattr(operations, "DEADLOCK_TRIES", 1)
    slow_placing(monkeypatch, 0.5)
    results = delete_while_ordering(at_once, ada, first="order")
    assert any(isinstance(one, OperationalError) for one in results), results


def test_a_basket_can_be_changed_while_its_account_is_deleted(at_once: AtOnce, ada: User) -> None:
    """Deleting locks the basket before its lines, as adding does."""
    product = make_product(stock=500)
    basket = basket_with(product, owner=ada)
    results = at_once([partial(baskets.add, basket, product.pk)] * 6 + [partial(delete_account, ada)])
    assert results[-1] is None
    assert all(isinstance(one, Line | baskets.BasketError) for one in results[:-1]), results
    assert not Basket.objects.exists()


# ------------------------------------------------------------------ a merchandiser beside the buyers
def edit_while_ordering(at_once: AtOnce, client: Client) -> Any:
    product = make_product(price="10", stock=50, categories=["Table"])
    url = reverse("dashboard:catalogue-product", args=[product.pk])
    values = {**form_values(client.get(url)), "stockrecords-0-low_stock_threshold": "7", "action": "save"}
    values["initial-stockrecords-0-num_in_stock"] = "50"
    buyers = [make_checkout(product) for _ in range(6)]
    edits = [partial(client.post, url, values)]
    orders = [
        later(0.1 * number, partial(place_order, checkout.token, accepted=quote))
        for number, (checkout, quote) in enumerate(buyers)
    ]
    edited, *placed = at_once(edits + orders)
    assert edited.status_code == 302, edited
    assert all(isinstance(one, Placed) for one in placed), placed
    return product.stockrecords.get()


def slow_check(monkeypatch: pytest.MonkeyPatch) -> None:
    clean = forms.StockRecordForm.clean

    def slowly(self: Any) -> Any:
        time.sleep(0.6)
        return clean(self)

    monkeypatch.setattr(forms.StockRecordForm, "clean", slowly)


def test_what_is_promised_while_a_product_is_edited_stays_promised(
    at_once: AtOnce, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow_check(monkeypatch)
    record = edit_while_ordering(at_once, signed_in(MERCHANDISER))
    assert (record.num_allocated, record.num_in_stock, record.low_stock_threshold) == (6, 50, 7)


def test_control_a_form_that_writes_all_columns_forgets_it(at_once: AtOnce, monkeypatch: pytest.MonkeyPatch) -> None:
    slow_check(monkeypatch)
    monkeypatch.setattr(formsets, "stock", SimpleNamespace(lock=lambda ids: {}))
    monkeypatch.setattr(forms.StockRecordForm, "save", oscar_forms.StockRecordForm.save)
    record = edit_while_ordering(at_once, signed_in(MERCHANDISER))
    assert (record.num_allocated or 0) < 6
