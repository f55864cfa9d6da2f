"""Stands in the place of Oscar's `order` app."""

from oscar.apps.order.apps import OrderConfig as OscarOrderConfig


class OrderConfig(OscarOrderConfig):
    """Orders: placement, states, what follows a sale."""

    name = "shop.order"
