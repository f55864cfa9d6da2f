"""Stands in the place of Oscar's `dashboard.catalogue` app."""

from __future__ import annotations

from typing import Any

from django.urls import path
from oscar.apps.dashboard.catalogue.apps import CatalogueDashboardConfig as OscarCatalogueDashboardConfig

# Oscar's options of a product are filled in beside it and not chosen by it; this shop's basket does not ask for any.
# Stock that is low is read from the list of products: Oscar's alerts do not see what orders reserve.
HIDDEN = ("catalogue-option-", "stock-alert-")


class CatalogueDashboardConfig(OscarCatalogueDashboardConfig):
    """Products, categories, types, options."""

    name = "shop.dashboard.catalogue"
    permissions_map: dict[str, Any]

    def configure_permissions(self) -> None:
        """Oscar's, without the way in for partners who are no staff: the shop sells its own stock only."""
        super().configure_permissions()
        self.permissions_map: dict[str, Any] = {
            name: allowed[0] if isinstance(allowed, tuple) else allowed
            for name, allowed in self.permissions_map.items()
        }
        self.permissions_map["catalogue-product-unpublish"] = ["catalogue.view_product", "catalogue.change_product"]
        self.permissions_map["catalogue-category-hide"] = ["catalogue.view_category", "catalogue.change_category"]

    def get_urls(self) -> list[Any]:
        """Ours, and Oscar's but for the hidden ones."""
        from . import views

        own = [
            path(
                "products/<int:pk>/unpublish/",
                views.ProductUnpublishView.as_view(),
                name="catalogue-product-unpublish",
            ),
            path("categories/<int:pk>/hide/", views.CategoryHideView.as_view(), name="catalogue-category-hide"),
        ]
        kept = [pattern for pattern in super().get_urls() if not str(pattern.name).startswith(HIDDEN)]
        return self.post_process_urls(own) + kept
