"""Stands in the place of Oscar's `dashboard` app."""

from oscar.apps.dashboard.apps import DashboardConfig as OscarDashboardConfig


class DashboardConfig(OscarDashboardConfig):
    """The merchandiser's back office, on Oscar's dashboard."""

    name = "shop.dashboard"
