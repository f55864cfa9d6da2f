"""The pages of this room in the dashboard, below /dashboard/search/."""

from __future__ import annotations

from typing import Any

from oscar.core.application import OscarDashboardConfig

from shop.accounts.roles import MARKETER, MERCHANDISER, grant

# Models whose rows a merchandiser looks after with these pages.
MODELS = ("judgedquery", "judgement", "relevancecheck", "rule")


class SearchDashboardConfig(OscarDashboardConfig):
    """One app for all parts; `mounted_at` is where the dashboard includes it."""

    name = "search.dashboard"
    label = "search_dashboard"
    mounted_at = "search/"

    def ready(self) -> None:
        """Who may do what."""
        from . import addresses

        self.permissions_map = addresses.PERMISSIONS
        grant(
            MERCHANDISER,
            *(f"search.{verb}_{model}" for model in MODELS for verb in ("view", "add", "change", "delete")),
        )
        for role in (MARKETER, MERCHANDISER):
            grant(role, "search.view_searchedquery")

    def get_urls(self) -> list[Any]:
        """Every address of every part."""
        from . import addresses

        return self.post_process_urls(addresses.patterns())
