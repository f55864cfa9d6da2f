"""Stands in the place of Oscar's `dashboard.offers` app."""

from oscar.apps.dashboard.offers.apps import OffersDashboardConfig as OscarOffersDashboardConfig


class OffersDashboardConfig(OscarOffersDashboardConfig):
    """Offers."""

    name = "shop.dashboard.offers"
