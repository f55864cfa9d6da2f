"""Stands in the place of Oscar's `partner` app."""

from oscar.apps.partner.apps import PartnerConfig as OscarPartnerConfig


class PartnerConfig(OscarPartnerConfig):
    """Stock records, tax rates and what a visitor pays."""

    name = "shop.partner"
