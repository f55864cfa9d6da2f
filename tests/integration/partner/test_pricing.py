"""What a visitor pays, to the penny."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.partner.models import TaxRate
from shop.partner.operations import VAT_RATES
from shop.partner.pricing import TaxedPrice, TaxTable
from shop.partner.strategy import MarketStrategy
from tests.factories import make_market, make_product, make_stock

HALF_A_PENNY = Decimal("0.005")
RATES = {
    **{(country, "standard"): Decimal(standard) for country, (standard, _) in VAT_RATES.items()},
    **{(country, "reduced"): Decimal(reduced) for country, (_, reduced) in VAT_RATES.items()},
}
prices = st.decimals(min_value=0, max_value=100_000, places=2)
countries = st.sampled_from([*VAT_RATES, "US"])
classes = st.sampled_from(["standard", "reduced", "zero"])


def priced(price: str | Decimal, country: str, tax_class: str = "standard") -> TaxedPrice:
    return TaxTable(country, RATES).price(Decimal(price), tax_class, "GBP")


def test_at_home_the_price_is_what_was_typed() -> None:
    price = priced("72.00", "GB")
    assert (price.incl_tax, price.excl_tax, price.tax) == (Decimal("72.00"), Decimal("60.00"), Decimal("12.00"))


def test_abroad_the_net_price_stays_and_the_tax_is_theirs() -> None:
    price = priced("72.00", "DE")
    assert (price.incl_tax, price.excl_tax, price.tax) == (Decimal("71.40"), Decimal("60.00"), Decimal("11.40"))


def test_reduced_and_zero_rates() -> None:
    assert priced("10.50", "GB", "reduced").tax == Decimal("0.50")
    assert priced("10.50", "DE", "reduced").incl_tax == Decimal("10.70")
    for country in VAT_RATES:
        price = priced("10.50", country, "zero")
        assert (price.incl_tax, price.tax) == (Decimal("10.50"), Decimal(0))


def test_a_country_without_rates_is_an_export_without_tax() -> None:
    price = priced("72.00", "US")
    assert (price.incl_tax, price.tax, price.rate) == (Decimal("60.00"), Decimal(0), Decimal(0))


@given(prices, countries, classes)
def test_rounding_never_loses_a_penny(price: Decimal, country: str, tax_class: str) -> None:
    found = priced(price, country, tax_class)
    assert found.excl_tax + found.tax == found.incl_tax
    assert abs(found.excl_tax * (1 + found.rate) - found.incl_tax) <= HALF_A_PENNY * (1 + found.rate)
    assert found.tax >= 0
    for amount in (found.excl_tax, found.tax, found.incl_tax):
        assert amount == amount.quantize(Decimal("0.01"))


@given(prices, classes)
def test_home_prices_are_exact(price: Decimal, tax_class: str) -> None:
    assert priced(price, "GB", tax_class).incl_tax == price


@given(prices, prices, countries, classes)
def test_what_costs_more_at_home_never_costs_less_abroad(
    one: Decimal, other: Decimal, country: str, tax_class: str
) -> None:
    low, high = sorted((one, other))
    assert priced(low, country, tax_class).incl_tax <= priced(high, country, tax_class).incl_tax


@pytest.mark.django_db
def test_rates_come_with_one_query_and_a_changed_rate_counts_at_once(django_assert_num_queries: Any) -> None:
    table = TaxTable("DE")
    with django_assert_num_queries(1):
        for _ in range(3):
            table.price(Decimal("72.00"), "standard", "GBP")
    TaxRate.objects.filter(country="DE", tax_class="standard").update(rate=Decimal("0.25"))
    assert TaxTable("DE").price(Decimal("72.00"), "standard", "GBP").incl_tax == Decimal("75.00")


@pytest.mark.django_db
def test_the_strategy_takes_the_markets_currency_and_the_first_record() -> None:
    product = make_product(price=None)
    make_stock(product, "99.00", currency="EUR")
    pounds = make_stock(product, "12.00")
    make_stock(product, "1.00")
    info = MarketStrategy(market=make_market("DE")).fetch_for_product(product)
    assert (info.stockrecord, info.price.incl_tax, info.price.currency) == (pounds, Decimal("11.90"), "GBP")
    assert info.price.tax_code == "standard"


@pytest.mark.django_db
def test_a_variants_tax_class_is_its_parents() -> None:
    parent = make_product(tax_class="zero", variants=[{"price": "12.00"}])
    info = MarketStrategy(market=make_market("DE")).fetch_for_product(parent.children.get())
    assert (info.price.incl_tax, info.price.tax) == (Decimal("12.00"), Decimal(0))


@pytest.mark.django_db
def test_pages_keep_the_rates_until_one_is_saved(django_assert_num_queries: Any) -> None:
    assert TaxTable.for_pages("DE").rate("DE", "standard") == Decimal("0.19")
    with django_assert_num_queries(0):
        assert TaxTable.for_pages("FR").rate("FR", "standard") == Decimal("0.20")
    row = TaxRate.objects.get(country="DE", tax_class="standard")
    row.rate = Decimal("0.25")
    row.save()
    assert TaxTable.for_pages("DE").rate("DE", "standard") == Decimal("0.25")
