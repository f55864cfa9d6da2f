"""Which deliveries a basket may choose from, and what they cost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from shop.kept import Kept
from shop.prepared import Prepared

from .models import ShippingMethod

SATURDAY = 5
# For pages that name the deliveries; what a basket pays is read each time.
KEPT = Kept("shipping", seconds=60)
METHODS = Prepared(lambda: ShippingMethod.objects.filter(is_active=True))


@dataclass(frozen=True, slots=True)
class ShippingOption:
    """One delivery with its price for a given basket, tax included and before offers on delivery."""

    code: str
    name: str
    description: str
    charge: Decimal
    free_above: Decimal | None = None
    arrives: date | None = None


def shipping_options(country: str, goods: Decimal, grams: int) -> tuple[ShippingOption, ...]:
    """The deliveries to `country` for things that cost `goods` and weigh `grams`, in their order. One query."""
    today = timezone.localdate()
    return tuple(
        ShippingOption(
            code=method.code,
            name=in_words(method.name),
            description=in_words(method.description),
            charge=charge_of(method, goods, grams),
            free_above=method.free_above,
            # What is collected does not arrive.
            arrives=working_days_after(today, method.days_max) if method.days_max else None,
        )
        for method in METHODS.run()
        if _serves(method, country, grams)
    )


@dataclass(frozen=True, slots=True)
class Delivery:
    """One way of delivery to a country as a product page names it, for one of the product."""

    name: str
    description: str
    charge: Decimal
    free_above: Decimal | None
    days_min: int
    days_max: int
    arrives: date | None


def deliveries_of(country: str, price: Decimal, grams: int) -> tuple[Delivery, ...]:
    """How one thing that costs `price` and weighs `grams` can be sent to `country`, in the order of the methods.

    No query while the methods are kept, one when they are not.
    """
    today = timezone.localdate()
    methods: list[ShippingMethod] = KEPT.get("methods", METHODS.run)
    return tuple(
        Delivery(
            name=in_words(method.name),
            description=in_words(method.description),
            charge=charge_of(method, price, grams),
            free_above=method.free_above,
            days_min=method.days_min,
            days_max=method.days_max,
            arrives=working_days_after(today, method.days_max) if method.days_max else None,
        )
        for method in methods
        if _serves(method, country, grams)
    )


def in_words(text: str) -> str:
    """What a method is called, in the visitor's language where the shop brought it along; the shop's own words stay."""
    return _(text) if text else ""


def _serves(method: ShippingMethod, country: str, grams: int) -> bool:
    return (not method.countries or country in method.countries) and (
        method.max_grams is None or grams <= method.max_grams
    )


def no_shipping() -> ShippingOption:
    """What stands for delivery where nothing has to be sent."""
    return ShippingOption(code="none", name=_("Nothing to deliver"), description="", charge=Decimal("0.00"))


def options_for(lines: Iterable[Any], country: str, goods: Decimal) -> tuple[ShippingOption, ...]:
    """The deliveries for loaded basket lines; one that costs nothing where none of them has to be sent."""
    lines = list(lines)
    if lines and not any(line.product.get_product_class().requires_shipping for line in lines):
        return (no_shipping(),)
    return shipping_options(country, goods, grams_of(lines))


def grams_of(lines: Iterable[Any]) -> int:
    """What loaded basket lines weigh; a variant without a weight of its own weighs what its parent says."""
    total = 0
    for line in lines:
        product = line.product
        grams = product.weight_grams
        if grams is None and product.is_child:
            grams = product.parent.weight_grams
        total += (grams or 0) * line.quantity
    return total


def charge_of(method: ShippingMethod, goods: Decimal, grams: int) -> Decimal:
    """The price of `method`: nothing from its threshold on, else the price and every further kilogram begun."""
    if method.free_above is not None and goods >= method.free_above:
        return Decimal("0.00")
    further = max(grams - method.included_grams, 0)
    return method.price + method.price_per_kg * -(-further // 1000)


def working_days_after(day: date, count: int) -> date:
    """The day that lies `count` working days after `day`."""
    while count:
        day += timedelta(days=1)
        if day.weekday() < SATURDAY:
            count -= 1
    return day
