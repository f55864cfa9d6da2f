"""Writes to countries and delivery methods."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pycountry
from django.conf import settings
from django.utils.translation import gettext_noop as _
from oscar.apps.address.models import Country

from .models import ShippingMethod
from .selectors import KEPT

MONEY = ("price", "price_per_kg", "free_above")


def ensure_countries() -> int:
    """Add the countries of SHOP_COUNTRIES that are missing. Returns how many were added."""
    held = set(Country.objects.values_list("pk", flat=True))
    rows = []
    for place, code in enumerate(settings.SHOP_COUNTRIES):
        if code in held:
            continue
        country: Any = pycountry.countries.get(alpha_2=code)
        rows.append(
            Country(
                iso_3166_1_a2=code,
                iso_3166_1_a3=country.alpha_3,
                iso_3166_1_numeric=country.numeric,
                printable_name=getattr(country, "common_name", country.name),
                name=getattr(country, "official_name", country.name),
                display_order=len(settings.SHOP_COUNTRIES) - place,
                is_shipping_country=True,
            )
        )
    Country.objects.bulk_create(rows)
    return len(rows)


EUROPE = ["IE", "DE", "FR", "NL", "BE", "AT", "ES", "IT", "DK", "SE", "CH", "NO"]
DEFAULT_METHODS: tuple[dict[str, Any], ...] = (
    {
        "code": "standard", "name": _("Standard"), "description": _("Tracked, left with a neighbour if you are out"),
        "countries": ["GB"], "price": "4.50", "included_grams": 5000, "price_per_kg": "0.80", "free_above": "60",
        "days_min": 2, "days_max": 3,
    },
    {
        "code": "next-day", "name": _("Next day"), "description": _("Before one o’clock"),
        "countries": ["GB"], "price": "6.50", "included_grams": 5000, "price_per_kg": "1.20", "max_grams": 30000,
        "days_min": 1, "days_max": 1,
    },
    {
        "code": "collect", "name": _("Collect from the shop"), "description": _("Ready in two hours, held for a week"),
        "countries": ["GB"], "price": "0", "days_min": 0, "days_max": 0,
    },
    {
        "code": "europe", "name": _("Tracked to Europe"), "description": _("Tracked to the door"),
        "countries": EUROPE, "price": "12", "included_grams": 2000, "price_per_kg": "2.50", "free_above": "150",
        "days_min": 4, "days_max": 7,
    },
    {
        "code": "world", "name": _("International tracked"), "description": _("Customs duties are not included"),
        "countries": ["US"], "price": "24", "included_grams": 2000, "price_per_kg": "6", "max_grams": 30000,
        "days_min": 6, "days_max": 12,
    },
)  # fmt: skip


def ensure_shipping_methods() -> int:
    """Add the delivery methods of a new shop where it has none at all. Returns how many were added."""
    if ShippingMethod.objects.exists():
        return 0
    rows = [
        ShippingMethod(
            **{**given, **{name: Decimal(given[name]) for name in MONEY if name in given}},
            position=place,
        )
        for place, given in enumerate(DEFAULT_METHODS)
    ]
    ShippingMethod.objects.bulk_create(rows)
    KEPT.forget()
    return len(rows)
