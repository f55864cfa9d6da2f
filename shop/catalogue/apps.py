"""Stands in the place of Oscar's `catalogue` app."""

from typing import Any

from django.urls import path
from oscar.apps.catalogue.apps import CatalogueConfig as OscarCatalogueConfig
from oscar.core.application import OscarConfig


class CatalogueConfig(OscarCatalogueConfig):
    """Products, categories, pictures, import and export. Mounted at /products/."""

    name = "shop.catalogue"

    def ready(self) -> None:
        """Skip Oscar's own ready(): it looks up listing views that need Haystack."""
        from oscar.apps.catalogue import receivers as oscar_receivers  # noqa: F401

        OscarConfig.ready(self)

        from . import receivers  # noqa: F401

    def get_urls(self) -> list[Any]:
        """The product page; listing pages are search's."""
        from . import views

        return self.post_process_urls(
            [
                # Before the slugs: no product may be called "recent".
                path("recent/", views.recent, name="recent"),
                path("<slug:slug>/", views.product, name="detail"),
                path("<slug:slug>/reviews/", views.reviews, name="reviews"),
            ]
        )
