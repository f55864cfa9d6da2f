"""Mail to customers."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MailConfig(AppConfig):
    """Writes mails down, sends them through Django's backend and keeps what was sent."""

    name = "shop.mail"
    label = "mail"
    verbose_name = _("Mail")

    def ready(self) -> None:
        """Register the handler, and let support read what was sent."""
        from shop.accounts.roles import SUPPORT, grant

        from . import handlers  # noqa: F401

        grant(SUPPORT, "mail.view_sentmail")
