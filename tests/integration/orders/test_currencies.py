"""Orders in currencies with two places, with thousandths of which tens are paid, and with none: taxed here and abroad, with offers.

Whatever is bought, each amount is one that the currency can pay, and lines, delivery, tax, payment page and refunds add up to it.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import override_settings
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from shop.basket import operations as baskets
from shop.basket.models import Basket
from shop.basket.selectors import read_basket
from shop.checkout.models import Checkout
from shop.ledger.proof import findings
from shop.ledger.selectors import held
from shop.order.models import Line, Order
from shop.order.operations import Placed, place_order
from shop.partner.models import StockRecord
from shop.partner.strategy import MarketStrategy
from shop.payment.currencies import from_minor, smallest, to_minor
from shop.payment.operations import _page_lines
from shop.payment.refunds import line_amount, refund
from shop.payment.settling import settle
from tests.factories import make_market, make_product
from tests.integration.basket.test_quotes import make_any_offer
from tests.integration.ledger.buying import ADDRESS, begun, seen

CURRENCIES = st.sampled_from(["GBP", "EUR", "JPY", "KWD", "ISK"])
# Home and abroad: the home tax, another one, none at all.
COUNTRIES = st.sampled_from(["GB", "DE", "US"])
LINES = st.lists(
    st.tuples(st.integers(1, 99_999), st.integers(1, 7), st.sampled_from(["standard", "reduced", "zero"])),
    min_size=1, max_size=4,
)  # fmt: skip
OFFERS = st.lists(
    st.tuples(st.sampled_from(["Percentage", "Absolute", "Multibuy"]), st.integers(1, 60), st.booleans()), max_size=2
)


def ordered(currency: str, country: str, lines: list[Any], offers: list[Any]) -> Order:
    """An order of these lines: (price in the least amounts of the currency, how many, kind of tax)."""
    step = smallest(currency)
    products = [make_product(price=step * units, stock=99, tax_class=tax) for units, _quantity, tax in lines]
    StockRecord.objects.update(price_currency=currency)
    for number, (kind, value, is_exclusive) in enumerate(offers):
        make_any_offer(number, kind, value, is_exclusive, products)
    market = make_market(country, currency)
    basket = Basket()
    basket.strategy = MarketStrategy(market=market)
    for product, (_units, quantity, _tax) in zip(products, lines, strict=True):
        baskets.add(basket, product.pk, quantity=quantity)
    view = read_basket(basket, market=market, user=AnonymousUser(), shipping_code="")
    assert view.quote is not None and view.shipping is not None
    code = view.shipping.code
    checkout = Checkout.objects.create(
        basket=basket, email="ada@example.org", shipping_address={**ADDRESS, "country": country}, shipping_code=code,
        payment_code="bank-transfer", language="en-gb",
    )  # fmt: skip
    quote = read_basket(basket, market=market, user=AnonymousUser(), shipping_code=code).quote
    assert quote is not None
    result = place_order(checkout.token, accepted=quote)
    assert isinstance(result, Placed), result
    return result.order


class EveryCurrency(TestCase):
    """Random orders."""

    @settings(
        max_examples=25,
        deadline=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(currency=CURRENCIES, country=COUNTRIES, lines=LINES, offers=OFFERS)
    def test_it_adds_up(self, currency: str, country: str, lines: list[Any], offers: list[Any]) -> None:
        with override_settings(SHOP_CURRENCY=currency, OSCAR_DEFAULT_CURRENCY=currency):
            order = ordered(currency, country, lines, offers)
            rows = list(Line.objects.filter(order=order))
            amounts = [order.total_incl_tax, order.total_excl_tax, order.shipping_incl_tax]
            amounts += [amount for row in rows for amount in (row.line_price_incl_tax, row.line_price_excl_tax)]
            amounts += [amount for row in rows for amount in (row.unit_price_incl_tax, row.unit_price_excl_tax)]
            assert [amount for amount in amounts if amount % smallest(currency)] == []
            assert sum(row.line_price_incl_tax for row in rows) + order.shipping_incl_tax == order.total_incl_tax
            assert sum(row.line_price_excl_tax for row in rows) + order.shipping_excl_tax == order.total_excl_tax
            if not order.total_incl_tax:
                return
            assert from_minor(to_minor(order.total_incl_tax, currency), currency) == order.total_incl_tax
            assert sum(line.total for line in _page_lines(order)) == order.total_incl_tax
            payment = begun(order)
            settle(payment.pk, seen(payment))
            # Everything goes back, one at a time: together exactly what was paid for it.
            given_back = Decimal(0)
            for row in rows:
                for _ in range(row.quantity):
                    if line_amount(row, 1, currency):
                        given_back += refund(order, lines={row.pk: 1}, by=None, why="test").amount
            assert given_back == order.total_incl_tax - order.shipping_incl_tax
            assert held(order.pk) == order.total_incl_tax
            assert [str(finding) for finding in findings()] == []


@pytest.mark.django_db
def test_abroad_a_price_in_yen_is_one_that_can_be_paid(settings: Any) -> None:
    settings.SHOP_CURRENCY = settings.OSCAR_DEFAULT_CURRENCY = "JPY"
    order = ordered("JPY", "DE", [(999, 3, "standard")], [("Percentage", 7, False)])
    assert order.total_incl_tax == order.total_incl_tax.to_integral_value() > 0
