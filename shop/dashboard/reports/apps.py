"""Stands in the place of Oscar's `dashboard.reports` app."""

from oscar.apps.dashboard.reports.apps import ReportsDashboardConfig as OscarReportsDashboardConfig


class ReportsDashboardConfig(OscarReportsDashboardConfig):
    """Reports."""

    name = "shop.dashboard.reports"
