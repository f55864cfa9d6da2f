"""Puts the rooms together."""

from django.apps import AppConfig


class MastheadConfig(AppConfig):
    """Wiring."""

    name = "masthead"
    label = "masthead"
