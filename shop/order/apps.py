"""Stands in the place of Oscar's `order` app."""

from oscar.apps.order.apps import OrderConfig as OscarOrderConfig


class OrderConfig(OscarOrderConfig):
    """Orders: placement, states, what follows a sale."""

    name = "shop.order"

    def ready(self) -> None:
        """Register the job that cancels unpaid orders, and what the mails of orders say."""
        super().ready()
        from . import jobs, mails  # noqa: F401
