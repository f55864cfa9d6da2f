"""Mail to customers."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MailConfig(AppConfig):
    """Writes mails down, sends them through Django's backend and keeps what was sent."""

    name = "shop.mail"
    label = "mail"
    verbose_name = _("Mail")

    def ready(self) -> None:
        from . import handlers  # noqa: F401
