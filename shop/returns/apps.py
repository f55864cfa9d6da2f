"""Sets the app up."""

from django.apps import AppConfig


class ReturnsConfig(AppConfig):
    """What comes back."""

    name = "shop.returns"
    label = "returns"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Returns"

    def ready(self) -> None:
        """Register what mails say, what is held about people, and hear what goes back."""
        from . import mails, personal, telling  # noqa: F401

        personal.connect()
