"""Who gets into the dashboard at all. Oscar's maps of its pages ask this class by name."""

from __future__ import annotations

from typing import ClassVar

from oscar.apps.dashboard.permissions import DashboardPermission as OscarDashboardPermission


class DashboardPermission(OscarDashboardPermission):
    """As Oscar's, but staff alone is not enough for the front page, and partners have no dashboard.

    The front page shows turnover and customers, so it takes whoever may see orders. Oscar lets a partner's people, who
    are no staff, see every order with one line of theirs, whole and with its buyer; here such orders are for staff.
    """

    staff: ClassVar[list[str]] = ["is_staff", "order.view_order"]
    partner_dashboard_access: ClassVar[list[str]] = ["is_superuser"]

    @classmethod
    def get(cls, app_label: str, *codenames: str) -> list[str]:
        """What a page takes: the permissions, and to be staff. Oscar's maps let in whoever was given a permission, staff or not."""
        return [*super().get(app_label, *codenames), "is_staff"]
