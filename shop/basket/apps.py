"""Stands in the place of Oscar's `basket` app."""

from oscar.apps.basket.apps import BasketConfig as OscarBasketConfig


class BasketConfig(OscarBasketConfig):
    """The basket: lines, vouchers, merging."""

    name = "shop.basket"
