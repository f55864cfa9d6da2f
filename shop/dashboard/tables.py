"""The tables of Oscar's lists in the dashboard's own clothes."""

from __future__ import annotations

from typing import ClassVar

from oscar.apps.dashboard.tables import DashboardTable as OscarDashboardTable


class DashboardTable(OscarDashboardTable):
    """Oscar's lists ask for this class by name."""

    class Meta:
        template_name = "oscar/dashboard/table.html"
        attrs: ClassVar = {"class": "table bo-table"}
