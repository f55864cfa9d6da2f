"""Stock records with a compare-at price, and the tax rates of the countries that the shop sells to."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from oscar.apps.partner.abstract_models import AbstractStockRecord

from shop.ledger.stock import COUNTED, counted, levels

from .counting import StockQuerySet


class StockRecord(AbstractStockRecord):
    """What a product costs and how many there are. `price` includes the tax of SHOP_HOME_COUNTRY."""

    compare_at_price = models.DecimalField(
        _("compare-at price"),
        decimal_places=2,
        max_digits=12,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
        help_text=_("The price before, shown struck out when it is higher than the price."),
    )

    objects = StockQuerySet.as_manager()

    class Meta(AbstractStockRecord.Meta):
        abstract = False

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save in one transaction with the outbox row that tells of the new price or stock, and with what it counts."""
        only = kwargs.get("update_fields")
        with transaction.atomic():
            if only is not None and not COUNTED & set(only):
                super().save(*args, **kwargs)
                return
            before = levels([self.pk] if self.pk else ())
            super().save(*args, **kwargs)
            counted(before, levels([self.pk]))


class TaxRate(models.Model):
    """The share of value-added tax for a tax class in a country, 0.2 for 20 %."""

    country = models.CharField(_("country"), max_length=2)
    tax_class = models.CharField(_("tax class"), max_length=16)
    rate = models.DecimalField(
        _("rate"),
        max_digits=5,
        decimal_places=4,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(1))],
    )

    class Meta:
        verbose_name = _("tax rate")
        verbose_name_plural = _("tax rates")
        constraints: ClassVar = [models.UniqueConstraint(fields=["country", "tax_class"], name="partner_taxrate_once")]

    def __str__(self) -> str:
        return f"{self.country} {self.tax_class} {self.rate:%}"


from oscar.apps.partner.models import *  # noqa: E402, F403

if TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        """Oscar makes its models inside conditions, where type checkers cannot see them."""
