"""Stands in the place of Oscar's `customer` app."""

from oscar.apps.customer.apps import CustomerConfig as OscarCustomerConfig


class CustomerConfig(OscarCustomerConfig):
    """The shopper's account."""

    name = "shop.customer"
