"""Stands in the place of Oscar's `dashboard.users`: support looks up customers and helps them to a new password."""

from __future__ import annotations

from typing import Any

from oscar.apps.dashboard.users.apps import UsersDashboardConfig as OscarUsersDashboardConfig


class UsersDashboardConfig(OscarUsersDashboardConfig):
    """Customers: looking takes view_user, switching accounts off takes change_user."""

    name = "shop.dashboard.users"
    permissions_map: dict[str, Any]

    def configure_permissions(self) -> None:
        """A mail with a link changes nothing by itself, so whoever may look may send one."""
        super().configure_permissions()
        self.permissions_map["user-password-reset"] = ["accounts.view_user"]

    def get_urls(self) -> list[Any]:
        """Oscar's addresses but for those of stock alerts to customers: the shop offers none."""
        return [pattern for pattern in super().get_urls() if not pattern.name.startswith("user-alert")]
