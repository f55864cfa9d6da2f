"""The books of the shop."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LedgerConfig(AppConfig):
    """Rows that are added and never changed; what else the shop says of money and stock is held to them."""

    name = "shop.ledger"
    label = "ledger"
    verbose_name = _("Ledger")

    def ready(self) -> None:
        """Hear what changes, and prove the books by night."""
        from . import jobs, mails, receivers  # noqa: F401
