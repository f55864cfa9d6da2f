"""Append-only rows. The database itself refuses to change or delete one (append_only.py)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AppendOnlyError(TypeError):
    """Somebody tried to change or delete a row of the books; a mistake is put right by a further row."""


class AppendOnlyQuerySet(models.QuerySet):
    """Rows that can be read and added."""

    def update(self, **kwargs: Any) -> int:
        """Never."""
        raise AppendOnlyError("A row of the ledger is never changed: add one that puts it right.")

    def delete(self) -> tuple[int, dict[str, int]]:
        """Never."""
        raise AppendOnlyError("A row of the ledger is never deleted: add one that puts it right.")


class AppendOnly(models.Model):
    """A row that is written once. What it points to besides its order may go: then it keeps the number, and is not touched."""

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="+",
        verbose_name=_("member of staff"),
    )
    at = models.DateTimeField(default=timezone.now)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the row. Raises AppendOnlyError where it is there already."""
        if not self._state.adding:
            raise AppendOnlyError("A row of the ledger is never changed: add one that puts it right.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Never."""
        raise AppendOnlyError("A row of the ledger is never deleted: add one that puts it right.")


class MoneyEntry(AppendOnly):
    """What happened to an order's money. `amount` counts what the shop holds: captured is above 0, refunded below."""

    class Kind(models.TextChoices):
        """What happened."""

        CAPTURED = "captured", _("Taken")
        RECEIVED = "received", _("Arrived by bank transfer")
        REFUNDED = "refunded", _("Refunded")
        REFUND_FAILED = "refund-failed", _("A refund came back")
        DISPUTED = "disputed", _("Taken back by the customer’s bank")
        DISPUTE_WON = "dispute-won", _("Given back by the customer’s bank")
        GIFT_CARD_SPENT = "gift-card-spent", _("Paid by gift card")
        GIFT_CARD_RETURNED = "gift-card-returned", _("Put back on a gift card")

    order = models.ForeignKey("order.Order", on_delete=models.PROTECT, related_name="money")
    kind = models.CharField(max_length=24, choices=Kind)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    currency = models.CharField(max_length=3)
    # What makes it once and only once: "captured:pi_…". The same thing told twice is one row.
    key = models.CharField(max_length=128, unique=True)
    note = models.CharField(max_length=255, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        verbose_name = _("movement of money")
        verbose_name_plural = _("movements of money")

    def __str__(self) -> str:
        return f"{self.kind} {self.amount} {self.currency}"


class StockMovement(AppendOnly):
    """What happened to a stock record: its rows add up to what it says is on the shelf and promised."""

    class Kind(models.TextChoices):
        """What happened."""

        OPENING = "opening", _("First count")
        RESERVED = "reserved", _("Promised to an order")
        RELEASED = "released", _("Free again")
        DISPATCHED = "dispatched", _("Left the house")
        RETURNED = "returned", _("Came back")
        COUNTED = "counted", _("Counted")

    # Stock records and orders may be deleted, and a row of the books may not change with them: no constraint, and the SKU.
    stockrecord = models.ForeignKey(
        "partner.StockRecord", on_delete=models.DO_NOTHING, db_constraint=False, related_name="movements"
    )
    sku = models.CharField(max_length=128)
    kind = models.CharField(max_length=16, choices=Kind)
    on_shelf = models.IntegerField(default=0)
    promised = models.IntegerField(default=0)
    line = models.ForeignKey(
        "order.Line",
        null=True,
        blank=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="movements",
    )
    why = models.CharField(max_length=255, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        verbose_name = _("movement of stock")
        verbose_name_plural = _("movements of stock")

    def __str__(self) -> str:
        return f"{self.sku} {self.kind} {self.on_shelf:+} {self.promised:+}"


class Proof(models.Model):
    """What a proof of the books found, kept for the dashboard. Not a row of the books: old ones are thrown away."""

    at = models.DateTimeField(default=timezone.now, db_index=True)
    orders = models.PositiveIntegerField()
    records = models.PositiveIntegerField()
    count = models.PositiveIntegerField()
    # The first ones: [what, problem].
    findings = models.JSONField(default=list)

    class Meta:
        ordering: ClassVar = ["-at"]
        verbose_name = _("proof of the books")
        verbose_name_plural = _("proofs of the books")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}: {self.count}"
