"""Stands in the place of Oscar's `dashboard` app."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.urls import include, path
from oscar.apps.dashboard.apps import DashboardConfig as OscarDashboardConfig

# Oscar's parts that change nothing here: Wagtail has the pages, shop/mail the mails, and the shop sells only what is its
# own, so that its one partner is set up with it and has no people.
HIDDEN = ("pages/", "comms/", "partners/")


class DashboardConfig(OscarDashboardConfig):
    """The merchandiser's back office, on Oscar's dashboard."""

    name = "shop.dashboard"

    def configure_permissions(self) -> None:
        """Who may do what on the pages that are not one of Oscar's."""
        super().configure_permissions()
        self.permissions_map |= {
            **{f"tax-rate-{step}": ["partner.view_taxrate", "partner.change_taxrate"] for step in ("list", "update")},
            "tax-rate-create": ["partner.view_taxrate", "partner.add_taxrate"],
            "tax-rate-delete": ["partner.view_taxrate", "partner.delete_taxrate"],
            **{f"brand-{step}": ["catalogue.view_brand", "catalogue.change_brand"] for step in ("list", "update")},
            "brand-create": ["catalogue.view_brand", "catalogue.add_brand"],
            "brand-delete": ["catalogue.view_brand", "catalogue.delete_brand"],
            **{
                name: ["catalogue.add_product", "catalogue.change_product", "partner.change_stockrecord"]
                for name in ("import-list", "import-detail", "import-go")
            },
            "outbox-retry": (["partner.change_stockrecord"], ["order.change_order"]),
            "product-export": ["catalogue.change_product", "partner.change_stockrecord"],
        }

    def ready(self) -> None:
        """Register what the outbox does for this app."""
        super().ready()
        from .transfer import operations  # noqa: F401

    def get_urls(self) -> list[Any]:
        """Oscar's addresses but for the hidden ones, and ours before them."""
        from . import brands, taxes, views
        from .transfer import views as transfer

        kept = [pattern for pattern in super().get_urls() if str(pattern.pattern) not in HIDDEN]
        own = [
            path("tax-rates/", taxes.TaxRateListView.as_view(), name="tax-rate-list"),
            path("tax-rates/create/", taxes.TaxRateCreateView.as_view(), name="tax-rate-create"),
            path("tax-rates/<int:pk>/", taxes.TaxRateUpdateView.as_view(), name="tax-rate-update"),
            path("tax-rates/<int:pk>/delete/", taxes.TaxRateDeleteView.as_view(), name="tax-rate-delete"),
            path("brands/", brands.BrandListView.as_view(), name="brand-list"),
            path("brands/create/", brands.BrandCreateView.as_view(), name="brand-create"),
            path("brands/<int:pk>/", brands.BrandUpdateView.as_view(), name="brand-update"),
            path("brands/<int:pk>/delete/", brands.BrandDeleteView.as_view(), name="brand-delete"),
            path("outbox/retry/", views.OutboxRetryView.as_view(), name="outbox-retry"),
            path("import/", transfer.ImportListView.as_view(), name="import-list"),
            path("import/<int:pk>/", transfer.ImportDetailView.as_view(), name="import-detail"),
            path("import/<int:pk>/go/", transfer.ImportGoView.as_view(), name="import-go"),
            path("export/products.csv", transfer.ExportView.as_view(), name="product-export"),
        ]
        # Oscar has put its decorators on what it returned, and rooms above on theirs; ours still lack them.
        return self.post_process_urls(own) + _of_rooms_above() + kept


def _of_rooms_above() -> list[Any]:
    """Pages that rooms above bring: apps that say with `mounted_at` below which address."""
    return [
        path(config.mounted_at, include(config.urls[0]))  # type: ignore[attr-defined]
        for config in apps.get_app_configs()
        if getattr(config, "mounted_at", "")
    ]
