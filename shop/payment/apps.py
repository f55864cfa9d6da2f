"""Stands in the place of Oscar's `payment` app."""

from oscar.apps.payment.apps import PaymentConfig as OscarPaymentConfig


class PaymentConfig(OscarPaymentConfig):
    """How an order is paid; the seam that a payment provider fits in."""

    name = "shop.payment"
