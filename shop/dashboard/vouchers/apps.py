"""Stands in the place of Oscar's `dashboard.vouchers` app."""

from oscar.apps.dashboard.vouchers.apps import VouchersDashboardConfig as OscarVouchersDashboardConfig


class VouchersDashboardConfig(OscarVouchersDashboardConfig):
    """Vouchers and sets of them."""

    name = "shop.dashboard.vouchers"
