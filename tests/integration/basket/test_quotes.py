"""Whatever is bought, discounted and taxed, it adds up to the penny."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from oscar.apps.voucher.models import Voucher
from oscar.core.loading import get_model

from shop.basket import operations
from shop.basket.models import Basket
from shop.basket.offers import MAX_VOUCHERS
from shop.basket.quotes import Quote, net
from shop.basket.selectors import BasketView, read_basket
from shop.basket.snapshots import changes, freeze, same, sign, thaw, unsign
from shop.markets import Market
from shop.partner.strategy import MarketStrategy
from shop.shipping.models import ShippingMethod
from tests.factories import make_market, make_offer, make_product

PRICES = st.decimals(min_value="0.01", max_value="999.99", places=2)
LINES = st.lists(
    st.tuples(PRICES, st.integers(1, 9), st.sampled_from(["standard", "reduced", "zero"])), min_size=1, max_size=5
)
COUNTRIES = st.sampled_from(["GB", "DE", "CH", "US", "IE"])
OFFERS = st.lists(
    st.tuples(st.sampled_from(["Percentage", "Absolute", "Multibuy", "Fixed"]), st.integers(1, 60), st.booleans()),
    max_size=3,
)


def make_any_offer(number: int, kind: str, value: int, is_exclusive: bool, products: list[Any]) -> None:
    """An offer of any kind over every second product."""
    offer = make_offer(f"Offer {number}", products=products[number % 2 :] or products, priority=number)
    benefit = get_model("offer", "Benefit")
    benefit.objects.filter(pk=offer.benefit_id).update(type=kind, value=None if kind == "Multibuy" else value)
    if kind == "Multibuy":
        get_model("offer", "Condition").objects.filter(pk=offer.condition_id).update(value=3)
    type(offer).objects.filter(pk=offer.pk).update(exclusive=is_exclusive)


def basket_with(lines: list[Any], offers: Sequence[Any], market: Market) -> Basket:
    """A basket with these lines, in a shop that has these offers."""
    basket = Basket()
    basket.strategy = MarketStrategy(market=market)
    products = [make_product(price=price, stock=99, tax_class=tax_class) for price, _quantity, tax_class in lines]
    for number, (kind, value, is_exclusive) in enumerate(offers):
        make_any_offer(number, kind, value, is_exclusive, products)
    for product, (_price, quantity, _tax_class) in zip(products, lines, strict=True):
        operations.add(basket, product.pk, quantity=quantity)
    return basket


def quote_of(lines: list[Any], country: str, offers: Sequence[Any] = ()) -> Quote:
    """The quote of a basket with these lines."""
    market = make_market(country)
    basket = basket_with(lines, offers, market)
    quote = read_basket(basket, market=market, user=AnonymousUser()).quote
    assert quote is not None
    return quote


class Quotes(TestCase):
    """Each example runs in a transaction of its own."""

    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(LINES, COUNTRIES, OFFERS)
    def test_everything_adds_up(self, lines: list[Any], country: str, offers: list[Any]) -> None:
        quote = quote_of(lines, country, offers)
        assert quote.shipping is not None
        cents = [quote.total_incl, quote.total_excl, quote.tax]
        for line in quote.lines:
            assert line.before == line.unit_incl * line.quantity
            assert line.incl == line.before - line.discount >= 0
            assert line.discount == sum((amount for _, amount in line.discounts), Decimal(0)) >= 0
            assert line.excl == net(line.incl, line.tax_rate) <= line.incl
            cents += [line.before, line.discount, line.incl, line.excl]
        given_off = sum((each.amount for each in quote.discounts if not each.is_shipping), Decimal(0))
        assert sum((line.discount for line in quote.lines), Decimal(0)) == given_off
        assert quote.total_incl == quote.before - given_off + quote.shipping.incl
        assert quote.total_excl == sum((line.excl for line in quote.lines), Decimal(0)) + quote.shipping.excl
        assert all(amount == amount.quantize(Decimal("0.01")) for amount in cents)

    @settings(max_examples=15, deadline=None)
    @given(LINES, COUNTRIES)
    def test_what_is_signed_comes_back_the_same(self, lines: list[Any], country: str) -> None:
        quote = quote_of(lines, country)
        assert thaw(freeze(quote)) == quote
        seen = unsign(sign(quote))
        assert seen is not None and same(seen, quote) and not changes(seen, quote)


@pytest.mark.parametrize("text", ["", "x", "eyJ9:abc:def", "a" * 5000])
def test_a_text_that_we_did_not_write_is_no_quote(text: str) -> None:
    assert unsign(text) is None


@pytest.mark.django_db
def test_a_product_of_another_market_costs_the_same_net() -> None:
    home, abroad = quote_of([("120.00", 1, "standard")], "GB"), quote_of([("120.00", 1, "standard")], "DE")
    assert (home.lines[0].excl, abroad.lines[0].excl) == (Decimal(100), Decimal(100))
    assert (home.lines[0].incl, abroad.lines[0].incl) == (Decimal(120), Decimal(119))


VOUCHERS = st.lists(
    st.tuples(
        st.sampled_from(["Percentage", "Absolute", "Multibuy", "Fixed", "Shipping percentage", "Shipping absolute"]),
        st.integers(1, 60),
        st.booleans(),
        st.integers(0, 9),
    ),
    min_size=1,
    max_size=MAX_VOUCHERS,
)


class Vouchers(TestCase):
    """Each example runs in a transaction of its own."""

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(LINES, OFFERS, VOUCHERS)
    def test_none_makes_a_basket_dearer(self, lines: list[Any], offers: list[Any], vouchers: list[Any]) -> None:
        make_delivery(price="4.50", free_above="50.00")
        market = make_market()
        basket = basket_with(lines, offers, market)
        before = read_basket(basket, market=market, user=AnonymousUser())
        for number, (kind, value, is_exclusive, priority) in enumerate(vouchers):
            voucher = make_any_voucher(f"V{number}", kind, value, is_exclusive, priority)
            operations.apply_voucher(basket, voucher.code, user=AnonymousUser())
            after = read_basket(basket, market=market, user=AnonymousUser())
            assert after.total <= before.total
            assert after.quote is not None and after.quote.total_incl == after.total
            before = after


def make_any_voucher(code: str, kind: str, value: int, is_exclusive: bool = True, priority: int = 0) -> Any:
    """A voucher of any kind over the whole shop."""
    offer = make_offer(code, everything=True, offer_type="Voucher", exclusive=is_exclusive, priority=priority)
    changed: dict[str, Any] = {"type": kind, "value": None if kind == "Multibuy" else value}
    if kind.startswith("Shipping"):
        changed["range"] = None
    get_model("offer", "Benefit").objects.filter(pk=offer.benefit_id).update(**changed)
    voucher = Voucher.objects.create(
        name=code, code=code, usage=Voucher.MULTI_USE, start_datetime=timezone.now() - timedelta(days=1),
        end_datetime=timezone.now() + timedelta(days=1),
    )  # fmt: skip
    voucher.offers.add(offer)
    return voucher


def make_delivery(*, price: str, free_above: str | None = None) -> None:
    """The only delivery that there is."""
    ShippingMethod.objects.all().delete()
    ShippingMethod.objects.create(code="only", name="Tracked", price=price, free_above=free_above, days_max=3)


def basket_of(*prices: str) -> Basket:
    """A basket with one of each of these."""
    basket = Basket()
    basket.strategy = MarketStrategy(market=make_market())
    for price in prices:
        operations.add(basket, make_product(price=price).pk)
    return basket


def view_of(basket: Basket, *codes: str) -> BasketView:
    """The basket after these vouchers were put in."""
    for code in codes:
        operations.apply_voucher(basket, code, user=AnonymousUser())
    return read_basket(basket, market=make_market(), user=AnonymousUser())


@pytest.mark.django_db
def test_a_voucher_on_delivery_and_one_on_things_go_together_in_any_order() -> None:
    make_delivery(price="4.50")
    make_any_voucher("POST", "Shipping percentage", 100)
    make_any_voucher("FIVE", "Absolute", 5)
    assert view_of(basket_of("32.00"), "POST", "FIVE").total == Decimal(27)
    assert view_of(basket_of("32.00"), "FIVE", "POST").total == Decimal(27)


@pytest.mark.django_db
def test_an_offer_on_the_thing_does_not_take_a_delivery_voucher_away() -> None:
    make_delivery(price="4.50")
    make_offer("Seconds week", everything=True, percent=15, priority=10, exclusive=False)
    make_any_voucher("POST", "Shipping percentage", 100)
    view = view_of(basket_of("30.00"), "POST")
    assert view.total == Decimal("25.50") and view.vouchers[0].applied
    assert [option.charge for option in view.options] == [0], "the choice names the price that the sum names"


@pytest.mark.django_db
def test_a_voucher_does_not_lose_the_free_delivery() -> None:
    make_delivery(price="4.50", free_above="50.00")
    make_any_voucher("TWO", "Absolute", 2)
    view = view_of(basket_of("51.00"), "TWO")
    assert view.total == Decimal(49) and view.missing_for_free is None


@pytest.mark.django_db
def test_a_voucher_that_takes_nothing_off_is_not_used_up() -> None:
    make_delivery(price="4.50", free_above="50.00")
    make_any_voucher("POST", "Shipping percentage", 100)
    view = view_of(basket_of("145.00"), "POST")
    assert view.total == Decimal(145) and not view.vouchers[0].applied
    assert "delivery is free already" in view.vouchers[0].why_not
    assert view.quote is not None and not view.quote.discounts


@pytest.mark.django_db
def test_an_equal_sum_of_another_country_is_no_news() -> None:
    quote = quote_of([("120.00", 1, "standard")], "GB")
    assert not changes(quote, replace(quote, country="IE"))
