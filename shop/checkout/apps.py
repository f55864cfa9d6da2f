"""Stands in the place of Oscar's `checkout` app."""

from typing import Any

from django.urls import path
from oscar.apps.checkout.apps import CheckoutConfig as OscarCheckoutConfig


class CheckoutConfig(OscarCheckoutConfig):
    """From the basket to an order: address, delivery, review, payment. Mounted at /checkout/."""

    name = "shop.checkout"

    def ready(self) -> None:
        """Nothing of Oscar's checkout is used."""

    def get_urls(self) -> list[Any]:
        """The steps, in their order."""
        from . import paying, views

        return self.post_process_urls(
            [
                path("", views.index, name="index"),
                path("address/", views.address, name="address"),
                path("review/", views.review, name="review"),
                path("done/<uuid:token>/", views.done, name="done"),
                path("paid/<slug:number>/", paying.paid, name="paid"),
                path("pay/<slug:number>/<str:signature>/", paying.pay, name="pay"),
            ]
        )

    def get_url_decorator(self, pattern: Any) -> None:
        """Everybody may buy."""
        return
