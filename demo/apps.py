"""The demo shop; installed only where DEMO is on."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Data, pictures and the helpers of the first five minutes. Never installed in production."""

    name = "demo"
    label = "demo"

    def ready(self) -> None:
        """Put the bar over every page of the shop."""
        from shop import slots

        from .strip import render_strip

        slots.register("page.top", render_strip)
