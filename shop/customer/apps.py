"""Stands in the place of Oscar's `customer` app, with pages of its own."""

from django.urls import URLPattern
from oscar.apps.customer.apps import CustomerConfig as OscarCustomerConfig


class CustomerConfig(OscarCustomerConfig):
    """The shopper's account."""

    name = "shop.customer"

    def ready(self) -> None:
        """Connect Oscar's receivers; its views and their forms are not loaded."""
        from oscar.apps.customer import receivers  # noqa: F401

        from . import holdings, order_links  # noqa: F401
        from . import receivers as ours  # noqa: F401

        holdings.connect()

    def get_urls(self) -> list[URLPattern]:
        """Ours instead of Oscar's."""
        from .urls import urlpatterns

        return urlpatterns
