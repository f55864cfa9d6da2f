"""Gift cards, and what happened on each: rows that are only added, as in the books."""

from __future__ import annotations

import uuid
from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shop.ledger.models import AppendOnly


class GiftCard(models.Model):
    """Money for somebody to spend here. Its balance changes only with an entry, under the card's lock (spending.py)."""

    class State(models.TextChoices):
        """What may be done with it."""

        ORDERED = "ordered", _("Not paid yet")
        ACTIVE = "active", _("In use")
        BLOCKED = "blocked", _("Blocked")
        CANCELLED = "cancelled", _("Cancelled")

    # What its code is made of, with the shop's secret key (codes.py).
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    version = models.PositiveSmallIntegerField(default=1)
    # Empty until it is issued.
    code_hash = models.CharField(max_length=64, unique=True, null=True, blank=True, editable=False)
    key_mark = models.CharField(max_length=8, blank=True, editable=False, db_index=True)
    last4 = models.CharField(_("last four signs"), max_length=4, blank=True, db_index=True)

    state = models.CharField(_("state"), max_length=16, choices=State, default=State.ORDERED)
    currency = models.CharField(_("currency"), max_length=3)
    # What it was issued for, and what is left of it.
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    balance = models.DecimalField(_("balance"), max_digits=12, decimal_places=2, default=0)
    expires_on = models.DateField(
        _("last day"), null=True, blank=True, help_text=_("The last day on which it can be spent; empty: no last day.")
    )

    # Its last day before that was first moved, because something came back to it; nothing: it never was (spending.py).
    own_last_day = models.DateField(null=True, blank=True, editable=False)

    # The order's line that bought it, and which of the line's number it is. Nothing: issued by hand.
    line = models.ForeignKey("order.Line", null=True, blank=True, on_delete=models.PROTECT, related_name="gift_cards")
    place = models.PositiveSmallIntegerField(default=0)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    why = models.CharField(_("reason"), max_length=255, blank=True)

    recipient_name = models.CharField(_("name of the recipient"), max_length=100, blank=True)
    recipient_email = models.EmailField(_("e-mail address of the recipient"), blank=True, db_index=True)
    sender_name = models.CharField(_("from"), max_length=100, blank=True)
    message = models.TextField(_("message"), max_length=500, blank=True)
    send_on = models.DateField(_("day of sending"), null=True, blank=True)
    language = models.CharField(_("language"), max_length=12, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    issued_at = models.DateTimeField(_("issued"), null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["-pk"]
        verbose_name = _("gift card")
        verbose_name_plural = _("gift cards")
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(balance__gte=0), name="giftcard_balance_not_negative"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="giftcard_amount_above_zero"),
            models.UniqueConstraint(
                fields=["line", "place"], condition=models.Q(line__isnull=False), name="giftcard_once_for_each_bought"
            ),
        ]

    def __str__(self) -> str:
        return f"…{self.last4}" if self.last4 else f"{self.pk}"

    def is_over(self, today: date | None = None) -> bool:
        """Whether its last day has gone by, on the shop's own calendar."""
        return self.expires_on is not None and self.expires_on < (today or timezone.localdate())

    @property
    def can_be_spent(self) -> bool:
        """Whether it pays for anything now."""
        return self.state == self.State.ACTIVE and self.balance > 0 and not self.is_over()


class GiftCardEntry(AppendOnly):
    """What happened on a gift card. Amounts that leave it are below 0; being blocked changes none."""

    class Kind(models.TextChoices):
        """What happened."""

        ISSUED = "issued", _("Issued")
        SPENT = "spent", _("Spent")
        RETURNED = "returned", _("Put back")
        ADJUSTED = "adjusted", _("Changed by staff")
        REVOKED = "revoked", _("Taken back, for its price was refunded")
        BLOCKED = "blocked", _("Blocked")
        RELEASED = "released", _("Free again")
        RENEWED = "renewed", _("Given a new code")

    card = models.ForeignKey(GiftCard, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=16, choices=Kind)
    amount = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    # What it was spent for, or came back from.
    order = models.ForeignKey(
        "order.Order", null=True, blank=True, on_delete=models.PROTECT, related_name="gift_card_entries"
    )
    key = models.CharField(max_length=128, unique=True)
    note = models.CharField(max_length=255, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        verbose_name = _("entry of a gift card")
        verbose_name_plural = _("entries of gift cards")

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"
