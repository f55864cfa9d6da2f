"""Taking and giving back money through a provider, each with a row that is written before the provider is asked.

A row's `key` is the idempotency key of the call that it stands for: asked twice, the provider does it once.
"""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from . import reasons


class Payment(models.Model):
    """One attempt to take an order's money. An order has at most one that is still alive."""

    class State(models.TextChoices):
        """How far it is. What it becomes follows from what was seen at the provider alone (settling.py)."""

        CREATED = "created", _("Begun")
        OPEN = "open", _("Waiting for the customer")
        PROCESSING = "processing", _("Waiting for the bank")
        SUCCEEDED = "succeeded", _("Paid")
        FAILED = "failed", _("Failed")
        EXPIRED = "expired", _("Expired")

    LIVE = (State.CREATED, State.OPEN, State.PROCESSING)

    order = models.ForeignKey("order.Order", on_delete=models.PROTECT, related_name="payments")
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    state = models.CharField(max_length=16, choices=State, default=State.CREATED)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    currency = models.CharField(max_length=3)
    # Whether the card may be kept for the next time; only people with an account can say so.
    customer = models.ForeignKey(
        "payment.Customer", null=True, blank=True, on_delete=models.SET_NULL, related_name="payments"
    )
    session_id = models.CharField(max_length=255, unique=True, null=True, blank=True)
    intent_id = models.CharField(max_length=255, unique=True, null=True, blank=True)
    url = models.TextField(blank=True)
    expires_at = models.DateTimeField()
    captured = models.DecimalField(max_digits=12, decimal_places=2, default=Decimal(0))
    # The provider's code of why the last try brought no money (reasons.py).
    failure = models.CharField(max_length=64, blank=True)
    # The way to pay that its buyer has chosen instead: its page is closed for that, and takes no order with it (ways.py).
    instead = models.CharField(max_length=64, blank=True)
    # What staff has to look at, a line each, the newest last: the money differs from the order, or came too late. Empty: nothing.
    problem = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["order"],
                condition=models.Q(state__in=("created", "open", "processing")),
                name="payment_one_live_per_order",
            ),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="payment_amount_above_zero"),
            models.CheckConstraint(condition=models.Q(captured__gte=0), name="payment_captured_not_negative"),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "created_at"], name="payment_state_created")]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}, {self.state}"

    @property
    def is_live(self) -> bool:
        """Whether money may still come through it."""
        return self.state in self.LIVE

    @property
    def problems(self) -> tuple[str, ...]:
        """What staff has to look at, the newest last."""
        return tuple(self.problem.splitlines())

    def add_problem(self, problem: str) -> None:
        """Put it last on what staff has to look at; the same words stand there once. The caller saves."""
        # In one line: what Stripe says may have several.
        words = " ".join(problem.split())
        self.problem = "\n".join([*(each for each in self.problems if each != words), words])

    @property
    def failure_words(self) -> str:
        """Why the last try brought no money, for staff."""
        return reasons.to_staff(self.failure)


class Refund(models.Model):
    """Money that goes back. What is `wanted` is asked for by the worker, and counts from the moment it is written."""

    class State(models.TextChoices):
        """How far it is."""

        WANTED = "wanted", _("Being sent")
        PENDING = "pending", _("On its way")
        SUCCEEDED = "succeeded", _("Refunded")
        FAILED = "failed", _("Came back")
        REFUSED = "refused", _("Refused")

    # What was given back, or may still be; the rest never left or came back.
    COUNTED = (State.WANTED, State.PENDING, State.SUCCEEDED)
    # What Stripe knows of, or needs not, and so is in the books.
    SENT = (State.PENDING, State.SUCCEEDED)

    order = models.ForeignKey("order.Order", on_delete=models.PROTECT, related_name="refunds")
    # Nothing where all of it goes back to gift cards and by bank.
    payment = models.ForeignKey(Payment, null=True, blank=True, on_delete=models.PROTECT, related_name="refunds")
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    state = models.CharField(max_length=16, choices=State, default=State.WANTED)
    # What goes back through the payment, and what has gone back to gift cards, or staff has sent by bank, when this was written.
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    gift_card_amount = models.DecimalField(max_digits=12, decimal_places=2, default=Decimal(0))
    bank_amount = models.DecimalField(max_digits=12, decimal_places=2, default=Decimal(0))
    currency = models.CharField(max_length=3)
    # How much of it is for the delivery; what is for which line stands in `lines`, and the rest is for neither.
    delivery = models.DecimalField(max_digits=12, decimal_places=2, default=Decimal(0))
    # How much of that gift cards got, or staff had sent by bank, when this was written: it is given whatever Stripe says.
    delivery_at_once = models.DecimalField(max_digits=12, decimal_places=2, default=Decimal(0))
    refund_id = models.CharField(max_length=255, unique=True, null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    why = models.CharField(max_length=255, blank=True)
    # What the provider says where it went wrong.
    error = models.CharField(max_length=255, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(amount__gt=0, payment__isnull=False)
                | models.Q(amount=0, payment__isnull=True, gift_card_amount__gt=0)
                | models.Q(amount=0, payment__isnull=True, bank_amount__gt=0),
                name="refund_amount_goes_somewhere",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    delivery__gte=0,
                    delivery__lte=models.F("amount") + models.F("gift_card_amount") + models.F("bank_amount"),
                ),
                name="refund_delivery_within_all",
            ),
            models.CheckConstraint(
                condition=models.Q(gift_card_amount__gte=0), name="refund_to_gift_cards_not_negative"
            ),
            models.CheckConstraint(condition=models.Q(bank_amount__gte=0), name="refund_by_bank_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.whole} {self.currency}, {self.state}"

    @property
    def error_words(self) -> str:
        """What went wrong, for staff: `error` is a code, or the provider's own words where it gave none that is known."""
        return reasons.to_staff(self.error)

    @property
    def whole(self) -> Decimal:
        """All that the customer has back by it."""
        return self.amount + self.gift_card_amount + self.bank_amount


class RefundLine(models.Model):
    """How much of a refund is for which line, and for how many of it."""

    refund = models.ForeignKey(Refund, on_delete=models.CASCADE, related_name="lines")
    line = models.ForeignKey("order.Line", on_delete=models.PROTECT, related_name="refund_lines")
    quantity = models.PositiveIntegerField()
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    # As `delivery_at_once` of the refund.
    at_once = models.DecimalField(max_digits=12, decimal_places=2, default=Decimal(0))

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["refund", "line"], name="refund_line_once"),
            models.CheckConstraint(
                condition=models.Q(at_once__gte=0, at_once__lte=models.F("amount")),
                name="refund_line_at_once_within_amount",
            ),
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="refund_line_quantity_above_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} for {self.amount}"


class Dispute(models.Model):
    """A payment that the customer's bank takes back, until it is decided."""

    IS_OVER = frozenset({"won", "lost", "warning_closed", "prevented"})

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="disputes")
    dispute_id = models.CharField(max_length=255, unique=True)
    status = models.CharField(max_length=40)
    reason = models.CharField(max_length=64, blank=True)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    currency = models.CharField(max_length=3)
    # Until when the shop may send its evidence.
    due_by = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        verbose_name = _("dispute")
        verbose_name_plural = _("disputes")

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}, {self.status}"

    @property
    def is_over(self) -> bool:
        """Whether it is decided."""
        return self.status in self.IS_OVER

    @property
    def is_risk(self) -> bool:
        """Whether what leaves the house for this payment may never be paid for: it is open, or lost."""
        return not self.is_over or self.status == "lost"

    @property
    def status_words(self) -> str:
        """How far it is."""
        return reasons.of_dispute(self.status)

    @property
    def reason_words(self) -> str:
        """What the customer says."""
        return reasons.to_staff(self.reason)


class Customer(models.Model):
    """Under which name the provider knows an account, so that a card can be kept there. No card is kept here."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="payment_customer")
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    customer_id = models.CharField(max_length=255, unique=True, null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("customer at the payment provider")
        verbose_name_plural = _("customers at the payment provider")

    def __str__(self) -> str:
        return self.customer_id or str(self.key)


class WebhookEvent(models.Model):
    """What the provider told us, once each. It is written in the transaction of what it changed."""

    class State(models.TextChoices):
        """What became of it."""

        DONE = "done", _("Done")
        IGNORED = "ignored", _("Nothing to do")
        FAILED = "failed", _("Failed")

    event_id = models.CharField(primary_key=True, max_length=255)
    type = models.CharField(max_length=100)
    object_id = models.CharField(max_length=255, blank=True)
    state = models.CharField(max_length=16, choices=State)
    payment = models.ForeignKey(Payment, null=True, blank=True, on_delete=models.SET_NULL, related_name="events")
    attempts = models.PositiveIntegerField(default=1)
    error = models.TextField(blank=True)
    happened_at = models.DateTimeField()
    received_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        ordering: ClassVar = ["-received_at"]
        verbose_name = _("message of the payment provider")
        verbose_name_plural = _("messages of the payment provider")

    def __str__(self) -> str:
        return f"{self.type} {self.event_id}"


from oscar.apps.payment.models import *  # noqa: E402, F403
