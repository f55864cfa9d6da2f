"""Writes to partners, prices and tax rates."""

from __future__ import annotations

from decimal import Decimal

from shop.catalogue.models import TaxClass

from .models import Partner, TaxRate
from .pricing import KEPT

# Standard, reduced and zero rates in force in 2026; a merchandiser edits them in the dashboard.
# Source: the European Commission's "Taxes in Europe" table for the EU; HMRC; ESTV; Skatteetaten.
VAT_RATES: dict[str, tuple[str, str]] = {
    "GB": ("0.20", "0.05"),
    "IE": ("0.23", "0.135"),
    "DE": ("0.19", "0.07"),
    "FR": ("0.20", "0.055"),
    "NL": ("0.21", "0.09"),
    "BE": ("0.21", "0.06"),
    "AT": ("0.20", "0.10"),
    "ES": ("0.21", "0.10"),
    "IT": ("0.22", "0.10"),
    "DK": ("0.25", "0.25"),
    "SE": ("0.25", "0.12"),
    "CH": ("0.081", "0.026"),
    "NO": ("0.25", "0.15"),
}


def ensure_tax_rates() -> int:
    """Add the rates that are missing and leave those that are there. Returns how many were added."""
    held = set(TaxRate.objects.values_list("country", "tax_class"))
    rows = [
        TaxRate(country=country, tax_class=tax_class, rate=Decimal(rate))
        for country, (standard, reduced) in VAT_RATES.items()
        for tax_class, rate in ((TaxClass.STANDARD, standard), (TaxClass.REDUCED, reduced), (TaxClass.ZERO, "0"))
        if (country, tax_class) not in held
    ]
    TaxRate.objects.bulk_create(rows)
    KEPT.forget()
    return len(rows)


def ensure_partner() -> Partner:
    """The shop's own stock: one partner, made at first use."""
    partner, _ = Partner.objects.get_or_create(code="shop", defaults={"name": "Shop"})
    return partner
