"""Stands in the place of Oscar's `checkout` app."""

from oscar.apps.checkout.apps import CheckoutConfig as OscarCheckoutConfig


class CheckoutConfig(OscarCheckoutConfig):
    """From the basket to an order: address, delivery, review, payment."""

    name = "shop.checkout"
