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
            "order-dispatch": [view, change],
            "order-tracking": [view, change],
            "order-return": [view, "returns.add_return"],
            "order-refund": [view, "payment.add_refund"],
            "order-sent-back": [view, change],
            "order-note": [view, "order.add_ordernote"],
            "order-shipping-address": [view, change],
        }

    def ready(self) -> None:
        """Oscar's other views of this app are not loaded."""
        self.configure_permissions()

    def get_urls(self) -> list[Any]:
        """Every address of this app."""
        from shop.dashboard.payments import refunding
        from shop.dashboard.returns import views as returns

        from . import dispatching, views

        return self.post_process_urls(
            [
                path("", views.OrderListView.as_view(), name="order-list"),
                path("bulk/", views.OrderBulkView.as_view(), name="order-bulk"),
                path("statistics/", views.OrderStatsView.as_view(), name="order-stats"),
                path("<slug:number>/", views.OrderDetailView.as_view(), name="order-detail"),
                path("<slug:number>/status/", views.OrderStatusView.as_view(), name="order-status"),
                path("<slug:number>/dispatch/", dispatching.DispatchView.as_view(), name="order-dispatch"),
                path("<slug:number>/shipments/<int:pk>/", dispatching.TrackingView.as_view(), name="order-tracking"),
                path("<slug:number>/return/", returns.ReturnStartView.as_view(), name="order-return"),
                path("<slug:number>/refund/", refunding.RefundView.as_view(), name="order-refund"),
                path("<slug:number>/sent-back/", views.OrderSentBackView.as_view(), name="order-sent-back"),
                path("<slug:number>/note/", views.OrderNoteView.as_view(), name="order-note"),
                path(
                    "<slug:number>/shipping-address/",
                    views.ShippingAddressUpdateView.as_view(),
                    name="order-shipping-address",
                ),
            ]
        )
