"""Stands in the place of Oscar's `dashboard.orders` app."""

from __future__ import annotations

from typing import Any

from django.urls import path
from oscar.apps.dashboard.orders.apps import OrdersDashboardConfig as OscarOrdersDashboardConfig


class OrdersDashboardConfig(OscarOrdersDashboardConfig):
    """The list of orders, one order, its delivery address, and figures."""

    name = "shop.dashboard.orders"

    def configure_permissions(self) -> None:
        """Who looks and who changes. Partners who are no staff have no way in: the shop sells its own stock only."""
        view, change = "order.view_order", "order.change_order"
        self.permissions_map = {
            "order-list": [view],
            "order-detail": [view],
            "order-stats": [view],
            "order-status": [view, change],
            "order-bulk": [view, change],
            "order-note": [view, "order.add_ordernote"],
            "order-shipping-address": [view, change],
        }

    def ready(self) -> None:
        """Oscar's other views of this app are not loaded."""
        self.configure_permissions()

    def get_urls(self) -> list[Any]:
        """Every address of this app."""
        from . import views

        return self.post_process_urls(
            [
                path("", views.OrderListView.as_view(), name="order-list"),
                path("bulk/", views.OrderBulkView.as_view(), name="order-bulk"),
                path("statistics/", views.OrderStatsView.as_view(), name="order-stats"),
                path("<str:number>/", views.OrderDetailView.as_view(), name="order-detail"),
                path("<str:number>/status/", views.OrderStatusView.as_view(), name="order-status"),
                path("<str:number>/note/", views.OrderNoteView.as_view(), name="order-note"),
                path(
                    "<str:number>/shipping-address/",
                    views.ShippingAddressUpdateView.as_view(),
                    name="order-shipping-address",
                ),
            ]
        )
