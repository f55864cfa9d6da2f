"""Stands in the place of Oscar's `partner` app."""

from oscar.apps.partner.apps import PartnerConfig as OscarPartnerConfig


class PartnerConfig(OscarPartnerConfig):
    """Stock records, tax rates and what a visitor pays."""

    name = "shop.partner"

    def ready(self) -> None:
        """Have pages hear of a changed tax rate.

        Oscar's own receiver is left out: it keeps alerts of low stock, which do not see what orders reserve and which
        no page shows. Low stock is read from the stock records (shop/dashboard/selectors.py).
        """
        from django.db.models.signals import post_delete, post_save

        from .models import TaxRate
        from .pricing import KEPT

        for signal in (post_save, post_delete):
            signal.connect(KEPT.forget, sender=TaxRate, dispatch_uid="partner-rates")
