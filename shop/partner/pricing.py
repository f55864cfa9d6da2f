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

from shop.prepared import Prepared

from .models import TaxRate

CENT = Decimal("0.01")
RATES = Prepared(lambda: TaxRate.objects.values_list("country", "tax_class", "rate"))


@dataclass(frozen=True, slots=True)
class TaxedPrice:
    """One unit's price. `excl_tax + tax == incl_tax`, all rounded to the cent."""

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
    """The rates of every country, read with one query at first use and kept for one request."""

    country: str
    _rates: Mapping[tuple[str, str], Decimal] | None = field(default=None)

    def rate(self, country: str, tax_class: str) -> Decimal:
        """The rate, 0 where the shop has none for that country (an export)."""
        if self._rates is None:
            self._rates = {(country, kind): rate for country, kind, rate in RATES.run()}
        return self._rates.get((country, tax_class), Decimal(0))

    def price(self, home_price: Decimal, tax_class: str, currency: str) -> TaxedPrice:
        """Turn a stock record's price into what a buyer in this table's country pays for one."""
        home_rate = self.rate(settings.SHOP_HOME_COUNTRY, tax_class)
        rate = self.rate(self.country, tax_class)
        net = home_price / (1 + home_rate)
        if self.country == settings.SHOP_HOME_COUNTRY:
            incl_tax = home_price.quantize(CENT, ROUND_HALF_UP)
        else:
            incl_tax = (net * (1 + rate)).quantize(CENT, ROUND_HALF_UP)
        excl_tax = (incl_tax / (1 + rate)).quantize(CENT, ROUND_HALF_UP)
        return TaxedPrice(excl_tax=excl_tax, tax=incl_tax - excl_tax, currency=currency, rate=rate)
