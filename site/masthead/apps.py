"""Puts the rooms together."""

from django.apps import AppConfig


class MastheadConfig(AppConfig):
    """Wiring."""

    name = "masthead"
    label = "masthead"

    def ready(self) -> None:
        """Keep the menus fresh."""
        from . import navigation

        navigation.connect()
