"""Writes to countries and delivery methods."""

from __future__ import annotations

import pycountry
from django.conf import settings
from oscar.apps.address.models import Country


def ensure_countries() -> int:
    """Add the countries of SHOP_COUNTRIES that are missing. Returns how many were added."""
    held = set(Country.objects.values_list("pk", flat=True))
    rows = []
    for place, code in enumerate(settings.SHOP_COUNTRIES):
        if code in held:
            continue
        country = pycountry.countries.get(alpha_2=code)
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
