"""Wagtail's side of the site."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContentConfig(AppConfig):
    """Page types, blocks, snippets; registers what it shows inside the shop's pages."""

    name = "content"
    label = "content"
    verbose_name = _("Content")

    def ready(self) -> None:
        """Register permissions, slots, jobs and the work that the outbox does."""
        from . import handlers, naming, personal, roles, searched, slots

        roles.connect()
        slots.connect()
        handlers.connect()
        personal.connect()
        naming.connect()
        searched.connect()
