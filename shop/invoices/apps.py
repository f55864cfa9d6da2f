"""Invoices and credit notes."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InvoicesConfig(AppConfig):
    """Issued by the outbox once an order is paid or money goes back; never changed afterwards."""

    name = "shop.invoices"
    label = "invoices"
    verbose_name = _("Invoices")

    def ready(self) -> None:
        """Hear what is paid and given back, do the work, and say what the mails, the proof and a copy of one's data need."""
        from . import handlers, mails, personal, proving, receivers  # noqa: F401

        personal.connect()
