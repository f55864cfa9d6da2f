"""What a visitor pays: the one place where tax is worked out.

A stock record's price is what somebody in the home country pays, tax included, to the penny that the merchandiser
typed. Other countries pay the same net price with their own tax: net = home price / (1 + home rate), unrounded;
price = net x (1 + their rate), rounded half up to the currency's minor unit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from django.conf import settings

from shop.kept import Kept
from shop.payment import currencies
from shop.prepared import Prepared

from .models import TaxRate

# A page may show a rate for as long after it was changed, where each process keeps a cache of its own.
KEPT = Kept("partner", seconds=60)
RATES = Prepared(lambda: TaxRate.objects.values_list("country", "tax_class", "rate"))


def rounded(amount: Decimal, rounding: str = ROUND_HALF_UP) -> Decimal:
    """An amount as it can be paid in what the shop sells in: in whole pennies, or in whole yen."""
    return currencies.rounded(amount, settings.SHOP_CURRENCY, rounding)


def smallest_coin() -> Decimal:
    """The least that can be paid in what the shop sells in."""
    return currencies.smallest(settings.SHOP_CURRENCY)


@dataclass(frozen=True, slots=True)
class TaxedPrice:
    """One unit's price. `excl_tax + tax == incl_tax`, all rounded to what the currency can pay."""

    excl_tax: Decimal
    tax: Decimal
    currency: str
    rate: Decimal

    @property
    def incl_tax(self) -> Decimal:
        """What is shown and charged."""
        return self.excl_tax + self.tax


@dataclass(slots=True)
class TaxTable:
    """The rates of every country, read with one query at first use and kept for one request.

    What is charged goes by the rates as they are; what is only shown may take them from the cache (`for_pages`).
    """

    country: str
    _rates: Mapping[tuple[str, str], Decimal] | None = field(default=None)

    @classmethod
    def for_pages(cls, country: str) -> TaxTable:
        """The table for a page: no query while the rates are kept, and never older than a minute."""
        return cls(country, KEPT.get("rates", _read))

    def rate(self, country: str, tax_class: str) -> Decimal:
        """The rate, 0 where the shop has none for that country (an export)."""
        if self._rates is None:
            self._rates = _read()
        return self._rates.get((country, tax_class), Decimal(0))

    def price(self, home_price: Decimal, tax_class: str, currency: str) -> TaxedPrice:
        """Turn a stock record's price into what a buyer in this table's country pays for one."""
        home_rate = self.rate(settings.SHOP_HOME_COUNTRY, tax_class)
        rate = self.rate(self.country, tax_class)
        net = home_price / (1 + home_rate)
        incl_tax = rounded(home_price if self.country == settings.SHOP_HOME_COUNTRY else net * (1 + rate))
        excl_tax = rounded(incl_tax / (1 + rate))
        return TaxedPrice(excl_tax=excl_tax, tax=incl_tax - excl_tax, currency=currency, rate=rate)


def _read() -> dict[tuple[str, str], Decimal]:
    return {(country, kind): rate for country, kind, rate in RATES.run()}
