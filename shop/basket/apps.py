"""Stands in the place of Oscar's `basket` app."""

from typing import Any

from django.urls import path
from oscar.apps.basket.apps import BasketConfig as OscarBasketConfig


class BasketConfig(OscarBasketConfig):
    """The basket: lines, vouchers, merging. Mounted at /basket/."""

    name = "shop.basket"

    def ready(self) -> None:
        """Connect what happens at sign-in, and the job that clears up; Oscar's own views are not used."""
        from . import jobs, receivers  # noqa: F401

    def get_urls(self) -> list[Any]:
        """The basket page, adding, vouchers and the personal fragment."""
        from . import views

        return self.post_process_urls(
            [
                path("", views.basket, name="summary"),
                path("add/", views.add, name="add"),
                path("personal/", views.personal, name="personal"),
                path("voucher/", views.voucher, name="voucher"),
            ]
        )
