"""Stands in the place of Oscar's `payment` app."""

from oscar.apps.payment.apps import PaymentConfig as OscarPaymentConfig


class PaymentConfig(OscarPaymentConfig):
    """How an order is paid; the seam that a payment provider fits in."""

    name = "shop.payment"

    def ready(self) -> None:
        """Offer Stripe, and register what the worker and the clock do for it."""
        super().ready()
        from shop import slots

        from . import handlers, jobs, mails, methods, personal, pretending, receivers, stripe_checkout  # noqa: F401

        slots.register("dashboard.top", pretending.notice)
        slots.register("checkout.pay", pretending.notice)
        methods.register(stripe_checkout.StripeCheckout(), first=True)
