"""The tables of Oscar's lists in the dashboard's own clothes."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.paginator import EmptyPage, PageNotAnInteger
from django.http import Http404
from oscar.apps.dashboard.tables import DashboardTable as OscarDashboardTable


class DashboardTable(OscarDashboardTable):
    """Oscar's lists ask for this class by name."""

    class Meta:
        template_name = "oscar/dashboard/table.html"
        attrs: ClassVar = {"class": "table bo-table"}


class RealPages:
    """For a view with a table: a page that is not there is not found, as in every other list."""

    def get_table_pagination(self, table: Any) -> dict[str, Any]:
        """As Oscar's, and not the last page instead."""
        given = super().get_table_pagination(table)  # type: ignore[misc]
        return {**(given if isinstance(given, dict) else {}), "silent": False}

    def get_table(self, **kwargs: Any) -> Any:
        """The table at its page. Raises Http404 where there is no such page."""
        try:
            return super().get_table(**kwargs)  # type: ignore[misc]
        except (EmptyPage, PageNotAnInteger) as error:
            raise Http404(str(error)) from error
