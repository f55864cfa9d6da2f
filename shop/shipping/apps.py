"""Stands in the place of Oscar's `shipping` app."""

from oscar.apps.shipping.apps import ShippingConfig as OscarShippingConfig


class ShippingConfig(OscarShippingConfig):
    """Delivery methods by country and weight."""

    name = "shop.shipping"
