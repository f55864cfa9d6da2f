"""Gift cards."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GiftCardsConfig(AppConfig):
    """Money that somebody has paid for somebody else, and that is spent here later."""

    name = "shop.giftcards"
    label = "giftcards"
    verbose_name = _("Gift cards")

    def ready(self) -> None:
        """Register the mails and what the clock does."""
        from . import handlers, jobs, mails, personal, proving, receivers  # noqa: F401
