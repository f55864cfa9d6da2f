"""What a visitor sees. Python in this room imports nothing of ours."""

from django.apps import AppConfig


class ThemesConfig(AppConfig):
    """Templates, stylesheets, scripts and the tags that only format."""

    name = "themes"
    label = "themes"
