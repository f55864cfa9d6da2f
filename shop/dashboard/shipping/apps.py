"""Stands in the place of Oscar's `dashboard.shipping` app."""

from __future__ import annotations

from typing import Any

from django.urls import path
from oscar.apps.dashboard.shipping.apps import ShippingDashboardConfig as OscarShippingDashboardConfig


class ShippingDashboardConfig(OscarShippingDashboardConfig):
    """Our one table of delivery methods; Oscar's weight bands are used nowhere in the shop."""

    name = "shop.dashboard.shipping"

    def configure_permissions(self) -> None:
        """Who may look and who may change."""
        view = "shipping.view_shippingmethod"
        self.permissions_map = {
            "shipping-method-list": [view],
            "shipping-method-create": [view, "shipping.add_shippingmethod"],
            "shipping-method-update": [view, "shipping.change_shippingmethod"],
            "shipping-method-delete": [view, "shipping.delete_shippingmethod"],
        }

    def ready(self) -> None:
        """Oscar's views of this app are not loaded."""
        self.configure_permissions()

    def get_urls(self) -> list[Any]:
        """Every address of this app."""
        from . import views

        return self.post_process_urls(
            [
                path("", views.MethodListView.as_view(), name="shipping-method-list"),
                path("create/", views.MethodCreateView.as_view(), name="shipping-method-create"),
                path("<int:pk>/", views.MethodUpdateView.as_view(), name="shipping-method-update"),
                path("<int:pk>/delete/", views.MethodDeleteView.as_view(), name="shipping-method-delete"),
            ]
        )
