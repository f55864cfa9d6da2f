"""Many buyers at the same moment. Each test has a control in which the guard is off and the harm is done."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from oscar.apps.offer.models import ConditionalOffer
from oscar.apps.voucher.models import Voucher, VoucherApplication

from shop.accounts.models import User
from shop.basket import operations as baskets
from shop.basket.models import Basket, Line
from shop.basket.selectors import read_basket
from shop.checkout.models import Checkout
from shop.order import operations, stock
from shop.order.models import Order
from shop.order.operations import Placed, PriceChanged, StockChanged, place_order
from shop.order.states import change_status
from shop.partner.models import StockRecord
from shop.partner.strategy import MarketStrategy
from tests.factories import make_market, make_offer, make_product

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("postgres")]
AtOnce = Callable[[list[Callable[[], Any]]], list[Any]]
ADDRESS = {
    "first_name": "Ada",
    "last_name": "Fenwick",
    "line1": "14 Tanner’s Row",
    "line4": "Leeds",
    "postcode": "LS1 4DY",
    "country": "GB",
}


def make_checkout(*products: Any, voucher: Voucher | None = None) -> tuple[Checkout, Any]:
    """A buyer with everything filled in, and the quote that was agreed to."""
    market = make_market()
    basket = Basket()
    basket.strategy = MarketStrategy(market=market)
    for product in products:
        baskets.add(basket, product.pk)
    if voucher:
        basket.vouchers.add(voucher)
    checkout = Checkout.objects.create(
        basket=basket,
        email="ada@example.org",
        shipping_address=ADDRESS,
        shipping_code="collect",
        payment_code="bank-transfer",
        language="en-gb",
    )
    quote = read_basket(basket, market=market, user=AnonymousUser(), shipping_code="collect").quote
    return checkout, quote


def placing(checkout: Checkout, quote: Any) -> Callable[[], Any]:
    """A call that places the order of a checkout."""
    return partial(place_order, checkout.token, accepted=quote)


def without_guard(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the lock and the condition away, as in stock Oscar."""

    def look(record_ids: Any) -> dict[int, StockRecord]:
        found = {row.pk: row for row in StockRecord.objects.filter(pk__in=list(record_ids))}
        time.sleep(0.2)
        return found

    def reserve(lines: Iterable[Any]) -> None:
        for pk, quantity in stock.totals(lines).items():
            StockRecord.objects.filter(pk=pk).update(num_allocated=Coalesce(F("num_allocated"), 0) + quantity)

    monkeypatch.setattr(operations.stock, "lock", look)
    monkeypatch.setattr(operations.stock, "reserve", reserve)


def test_twenty_buyers_of_five_things_make_five_orders(at_once: AtOnce) -> None:
    for _round in range(3):
        product = make_product(stock=5)
        results = at_once([placing(*make_checkout(product)) for _ in range(20)])
        assert [type(one) for one in results if not isinstance(one, Placed | StockChanged)] == []
        assert sum(isinstance(one, Placed) for one in results) == 5
        assert product.stockrecords.get().net_stock_level == 0
        assert Order.objects.filter(lines__product=product).count() == 5


def test_control_without_the_guard_more_is_sold_than_there_is(at_once: AtOnce, monkeypatch: pytest.MonkeyPatch) -> None:
    without_guard(monkeypatch)
    product = make_product(stock=5)
    results = at_once([placing(*make_checkout(product)) for _ in range(20)])
    assert sum(isinstance(one, Placed) for one in results) > 5
    assert product.stockrecords.get().net_stock_level < 0


def test_the_condition_alone_sells_no_more_than_there_is(at_once: AtOnce, monkeypatch: pytest.MonkeyPatch) -> None:
    condition = stock.reserve
    without_guard(monkeypatch)
    monkeypatch.setattr(operations.stock, "reserve", condition)
    product = make_product(stock=5)
    results = at_once([placing(*make_checkout(product)) for _ in range(20)])
    assert sum(isinstance(one, Placed) for one in results) == 5
    assert product.stockrecords.get().net_stock_level == 0


def test_buyers_of_the_same_things_in_any_order_do_not_wait_for_each_other_for_ever(at_once: AtOnce) -> None:
    products = [make_product(stock=50) for _ in range(5)]
    buyers = [make_checkout(*(products if number % 2 else products[::-1])) for number in range(16)]
    results = at_once([placing(*buyer) for buyer in buyers])
    assert all(isinstance(one, Placed) for one in results), results
    assert all(product.stockrecords.get().num_allocated == 16 for product in products)


def test_a_basket_submitted_sixteen_times_is_one_order(at_once: AtOnce) -> None:
    product = make_product(stock=50)
    checkout, quote = make_checkout(product)
    results = at_once([placing(checkout, quote) for _ in range(16)])
    assert {one.order.pk for one in results} == {Order.objects.get().pk}
    assert sum(one.is_new for one in results) == 1
    assert product.stockrecords.get().num_allocated == 1


def test_control_without_the_checkouts_lock_the_basket_is_ordered_by_chance_only(
    at_once: AtOnce, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the lock on the checkout the callers who come second are refused by the basket instead of being answered."""

    def look(token: Any) -> tuple[Checkout, Basket]:
        found = Checkout.objects.get(token=token)
        time.sleep(0.2)
        return found, Basket.objects.select_for_update().get(pk=found.basket_id)

    monkeypatch.setattr(operations, "lock_checkout", look)
    checkout, quote = make_checkout(make_product(stock=50))
    results = at_once([placing(checkout, quote) for _ in range(8)])
    assert sum(isinstance(one, Placed) for one in results) < 8
    assert Order.objects.count() == 1


def make_voucher(**offer: Any) -> Voucher:
    """A voucher of half off everything."""
    given = make_offer("Half", everything=True, percent=50, offer_type="Voucher", **offer)
    now = timezone.now()
    voucher = Voucher.objects.create(
        name="Half", code="HALF", start_datetime=now - timedelta(days=1), end_datetime=now + timedelta(days=1)
    )
    voucher.offers.add(given)
    return voucher


def test_a_voucher_with_five_uses_is_used_five_times(at_once: AtOnce) -> None:
    voucher = make_voucher(max_global_applications=5)
    products = [make_product(price="20", stock=50) for _ in range(20)]
    results = at_once([placing(*make_checkout(product, voucher=voucher)) for product in products])
    assert sum(isinstance(one, Placed) for one in results) == 5
    assert sum(isinstance(one, PriceChanged) for one in results) == 15
    offer = ConditionalOffer.objects.get()
    assert (offer.num_applications, offer.num_orders, offer.status) == (5, 5, ConditionalOffer.CONSUMED)
    assert VoucherApplication.objects.count() == 5
    assert offer.total_discount == Order.objects.aggregate(off=Sum("discounts__amount"))["off"]


def test_control_without_the_offers_lock_it_is_used_more_often(
    at_once: AtOnce, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = operations._quote_with_locked_offers

    def slowly(*args: Any) -> Any:
        found = read(*args)
        time.sleep(0.2)
        return found

    monkeypatch.setattr(operations.uses, "has_limit", lambda offer: False)
    monkeypatch.setattr(operations, "_quote_with_locked_offers", slowly)
    # The voucher's own lock would hide what is tried here, so this offer is everybody's.
    make_offer("Half", everything=True, percent=50, max_global_applications=5)
    products = [make_product(price="20", stock=50) for _ in range(20)]
    results = at_once([placing(*make_checkout(product)) for product in products])
    assert sum(isinstance(one, Placed) for one in results) > 5


def test_a_site_offer_with_a_limit_stops_there(at_once: AtOnce) -> None:
    make_offer("Half", everything=True, percent=50, max_global_applications=5)
    products = [make_product(price="20", stock=50) for _ in range(20)]
    results = at_once([placing(*make_checkout(product)) for product in products])
    assert sum(isinstance(one, Placed) for one in results) == 5
    assert ConditionalOffer.objects.get().num_applications == 5


def test_a_single_use_voucher_is_used_once(at_once: AtOnce) -> None:
    voucher = make_voucher()
    Voucher.objects.update(usage=Voucher.SINGLE_USE)
    voucher.refresh_from_db()
    products = [make_product(price="20", stock=50) for _ in range(10)]
    results = at_once([placing(*make_checkout(product, voucher=voucher)) for product in products])
    assert sum(isinstance(one, Placed) for one in results) == 1
    assert VoucherApplication.objects.count() == 1


def test_cancelling_at_once_gives_the_stock_back_once(at_once: AtOnce) -> None:
    product = make_product(stock=5)
    placed = placing(*make_checkout(product))()
    order = placed.order
    # Three more are promised to others.
    StockRecord.objects.update(num_allocated=4)
    at_once([partial(change_status, Order.objects.get(pk=order.pk), "cancelled") for _ in range(8)])
    assert product.stockrecords.get().num_allocated == 3
    assert order.status_changes.filter(new_status="cancelled").count() == 1


def test_adding_at_once_makes_one_basket_and_loses_nothing(at_once: AtOnce) -> None:
    user = User.objects.create_user("ada@example.com", "x")
    product = make_product(stock=50)

    def add() -> Line:
        basket = Basket(owner=user)
        basket.strategy = MarketStrategy(market=make_market())
        return baskets.add(basket, product.pk)

    results = at_once([add] * 8)
    assert not [one for one in results if isinstance(one, Exception)], results
    assert Basket.objects.filter(Q(owner=user)).count() == 1
    assert Line.objects.get().quantity == 8
