"""Stands in the place of Oscar's `dashboard.ranges` app."""

from __future__ import annotations

from typing import Any

from oscar.apps.dashboard.ranges.apps import RangesDashboardConfig as OscarRangesDashboardConfig


class RangesDashboardConfig(OscarRangesDashboardConfig):
    """Ranges of products."""

    name = "shop.dashboard.ranges"

    def get_urls(self) -> list[Any]:
        """Oscar's addresses but for the one that only a script calls when rows are dragged."""
        return [pattern for pattern in super().get_urls() if pattern.name != "range-reorder"]
