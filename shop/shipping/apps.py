"""Stands in the place of Oscar's `shipping` app."""

from oscar.apps.shipping.apps import ShippingConfig as OscarShippingConfig


class ShippingConfig(OscarShippingConfig):
    """Delivery methods by country and weight."""

    name = "shop.shipping"

    def ready(self) -> None:
        """Merchandisers keep the delivery methods, and pages hear of it."""
        from shop.accounts.roles import MERCHANDISER, grant

        grant(MERCHANDISER, *(f"shipping.{verb}_shippingmethod" for verb in ("view", "add", "change", "delete")))
        super().ready()
        from django.db.models.signals import post_delete, post_save

        from .models import ShippingMethod
        from .selectors import KEPT

        for signal in (post_save, post_delete):
            signal.connect(KEPT.forget, sender=ShippingMethod, dispatch_uid="shipping-methods")
