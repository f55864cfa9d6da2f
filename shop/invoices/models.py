"""Documents about an order's money. Rows that are only added: the database refuses anything else (ledger/append_only.py)."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from shop.ledger.models import AppendOnly


class Series(models.Model):
    """Where a series of numbers stands. Its row is locked in the transaction that writes the document with the number."""

    name = models.CharField(_("name"), max_length=16, unique=True)
    last = models.PositiveIntegerField(_("last number"), default=0)

    class Meta:
        verbose_name = _("series of invoice numbers")
        verbose_name_plural = _("series of invoice numbers")

    def __str__(self) -> str:
        return f"{self.name}{self.last}"


class Invoice(AppendOnly):
    """An invoice, a credit note, or the cancellation of one. `at` is its date; `data` is everything that its PDF says.

    `net`, `tax` and `total` count what was charged: an invoice is above 0, a credit note below, so that they add up.
    """

    class Kind(models.TextChoices):
        """What it is."""

        INVOICE = "invoice", _("Invoice")
        CREDIT_NOTE = "credit-note", _("Credit note")
        REVERSAL = "reversal", _("Cancellation of a credit note")

    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    series = models.CharField(_("series"), max_length=16)
    number = models.PositiveIntegerField(_("number"))
    # The two together, as it is written: INV-000123.
    code = models.CharField(_("number as it is written"), max_length=32, unique=True)
    order = models.ForeignKey("order.Order", on_delete=models.PROTECT, related_name="invoices", verbose_name=_("order"))
    # The movement of money that a credit note or its cancellation is about; nothing for an invoice.
    entry = models.OneToOneField(
        "ledger.MoneyEntry",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="invoice",
        verbose_name=_("movement of money"),
    )
    # Where it went back through a payment.
    refund = models.ForeignKey(
        "payment.Refund",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="invoices",
        verbose_name=_("refund"),
    )
    # For lists: whom it is for, and the country that it was taxed for.
    buyer = models.CharField(_("buyer"), max_length=255, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    currency = models.CharField(_("currency"), max_length=3)
    net = models.DecimalField(_("net"), max_digits=12, decimal_places=2)
    tax = models.DecimalField(_("tax"), max_digits=12, decimal_places=2)
    total = models.DecimalField(_("total"), max_digits=12, decimal_places=2)
    data = models.JSONField(_("what it says"))

    class Meta:
        ordering: ClassVar = ["pk"]
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["series", "number"], name="invoice_number_once"),
            models.UniqueConstraint(
                fields=["order"], condition=models.Q(kind="invoice"), name="invoice_one_for_each_order"
            ),
            models.CheckConstraint(
                condition=models.Q(kind="invoice", entry=None) | (~models.Q(kind="invoice") & ~models.Q(entry=None)),
                name="invoice_corrections_have_an_entry",
            ),
            models.CheckConstraint(condition=models.Q(number__gt=0), name="invoice_number_above_zero"),
        ]
        indexes: ClassVar = [models.Index(fields=["at", "id"], name="invoice_at")]

    def __str__(self) -> str:
        return self.code

    @property
    def is_correction(self) -> bool:
        """Whether it corrects an invoice."""
        return self.kind != self.Kind.INVOICE

    @property
    def shown_total(self) -> Decimal:
        """The total as the document itself says it: a credit note says what is credited."""
        return abs(self.total)
