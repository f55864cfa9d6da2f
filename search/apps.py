"""Fills Oscar's search slot: same label, our views."""

from typing import Any

from django.db.models.signals import post_migrate
from django.urls import path
from django.utils.translation import gettext_lazy as _
from oscar.core.application import OscarConfig


class SearchConfig(OscarConfig):
    """Listing, category and search pages: /shop/… and /search/…, so it is mounted at the root."""

    name = "search"
    label = "search"
    namespace = "search"
    verbose_name = _("Search")

    def ready(self) -> None:
        """Register the outbox handler and the periodic jobs, and have the text index made after every migrate."""
        super().ready()
        from shop import slots

        from . import (
            operations,  # noqa: F401
            outage,
        )
        from .elastic import keeping  # noqa: F401
        from .fulltext import create
        from .insight import receivers as insight
        from .relevance import operations as relevance_operations  # noqa: F401
        from .stories import operations as stories_operations  # noqa: F401
        from .vectors import checks  # noqa: F401

        slots.register("dashboard.top", outage.over_the_dashboard)
        post_migrate.connect(create, sender=self, dispatch_uid="search.fulltext")
        insight.connect()

    def get_urls(self) -> list[Any]:
        """Every address of this room."""
        from . import views

        return self.post_process_urls(
            [
                path("search/", views.search, name="search"),
                path("search/suggest/", views.suggest, name="suggest"),
                path("shop/", views.listing, name="all"),
                path("shop/<path:path>/", views.listing, name="category"),
            ]
        )
