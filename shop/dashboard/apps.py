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
            **{
                name: ["invoices.view_invoice", "order.view_order"]
                for name in ("invoice-list", "invoice-csv", "invoice-pdf")
            },
            "payment-list": ["payment.view_payment", "order.view_order"],
            "payment-done": ["payment.change_payment", "order.view_order"],
            "refund-again": ["payment.add_refund", "order.view_order"],
            "return-list": ["returns.view_return", "order.view_order"],
            "return-detail": ["returns.view_return", "order.view_order"],
            "payment-message-list": ["payment.view_webhookevent"],
            "payment-message-again": ["payment.change_webhookevent"],
            **{
                name: ["giftcards.view_giftcard"]
                for name in ("gift-card-list", "gift-card-detail", "gift-card-report", "gift-card-csv")
            },
            "gift-card-create": ["giftcards.view_giftcard", "giftcards.add_giftcard"],
            "gift-card-act": ["giftcards.view_giftcard", "giftcards.change_giftcard"],
            "gift-card-adjust": ["giftcards.view_giftcard", "giftcards.add_giftcardentry"],
            "product-export": ["catalogue.change_product", "partner.change_stockrecord"],
        }

    def ready(self) -> None:
        """Register what the outbox does for this app."""
        super().ready()
        from .transfer import operations  # noqa: F401

    def get_urls(self) -> list[Any]:
        """Oscar's addresses but for the hidden ones, and ours before them."""
        from . import brands, taxes, views
        from .giftcards import report as gift_card_report
        from .giftcards import views as giftcards
        from .invoices import views as invoices
        from .payments import refunding
        from .payments import views as payments
        from .returns import views as returns
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
            path("invoices/", invoices.InvoiceListView.as_view(), name="invoice-list"),
            path("invoices/invoices.csv", invoices.InvoiceCsvView.as_view(), name="invoice-csv"),
            path("invoices/<path:code>.pdf", invoices.InvoicePdfView.as_view(), name="invoice-pdf"),
            path("payments/", payments.PaymentListView.as_view(), name="payment-list"),
            path("payments/<int:pk>/done/", payments.PaymentDoneView.as_view(), name="payment-done"),
            path("payments/messages/", payments.MessageListView.as_view(), name="payment-message-list"),
            path(
                "payments/messages/<slug:event_id>/again/",
                payments.MessageAgainView.as_view(),
                name="payment-message-again",
            ),
            path("refunds/<int:pk>/again/", refunding.RefundAgainView.as_view(), name="refund-again"),
            path("gift-cards/", giftcards.GiftCardListView.as_view(), name="gift-card-list"),
            path("gift-cards/owed/", gift_card_report.GiftCardReportView.as_view(), name="gift-card-report"),
            path("gift-cards/owed.csv", gift_card_report.GiftCardCsvView.as_view(), name="gift-card-csv"),
            path("gift-cards/create/", giftcards.GiftCardCreateView.as_view(), name="gift-card-create"),
            path("gift-cards/<int:pk>/", giftcards.GiftCardDetailView.as_view(), name="gift-card-detail"),
            path("gift-cards/<int:pk>/do/", giftcards.GiftCardActView.as_view(), name="gift-card-act"),
            path("gift-cards/<int:pk>/adjust/", giftcards.GiftCardAdjustView.as_view(), name="gift-card-adjust"),
            path("returns/", returns.ReturnListView.as_view(), name="return-list"),
            path("returns/<slug:number>/", returns.ReturnDetailView.as_view(), name="return-detail"),
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
