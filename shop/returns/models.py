"""A return, what is in it, and what happened to it."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Return(models.Model):
    """Things of one order that are to come back. Its state changes only through `shop.returns.operations`."""

    class State(models.TextChoices):
        """Where it is."""

        REQUESTED = "requested", _("Asked for")
        APPROVED = "approved", _("Approved")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        RECEIVED = "received", _("Received")
        REFUNDED = "refunded", _("Refunded")
        CLOSED = "closed", _("Closed without a refund")

    # In these something is still to come, and in those it came.
    EXPECTED: ClassVar = (State.REQUESTED, State.APPROVED)
    ARRIVED: ClassVar = (State.RECEIVED, State.REFUNDED, State.CLOSED)
    # In these the shop has to do something.
    WAITS_FOR_US: ClassVar = (State.REQUESTED, State.RECEIVED)

    order = models.ForeignKey("order.Order", on_delete=models.CASCADE, related_name="returns", verbose_name=_("order"))
    number = models.CharField(_("number"), max_length=140, unique=True)
    # Of the form that asked for it: sent twice, it is one return. The money that goes back has the same.
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    state = models.CharField(_("state"), max_length=16, choices=State, default=State.REQUESTED)
    # The customer's words, and ours to the customer.
    note = models.TextField(_("note"), blank=True, max_length=2000)
    answer = models.TextField(_("answer"), blank=True, max_length=2000)
    send_to = models.TextField(_("where it goes"), blank=True, max_length=500)
    # What paid for it.
    refund = models.OneToOneField(
        "payment.Refund",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="back",
        verbose_name=_("refund"),
    )
    # When the customer was told of the money.
    told_at = models.DateTimeField(_("told of the money"), null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        verbose_name = _("return")
        verbose_name_plural = _("returns")
        indexes: ClassVar = [models.Index(fields=["state", "created_at"], name="return_state_created")]

    def __str__(self) -> str:
        return self.number

    @property
    def waits_for_us(self) -> bool:
        """Whether staff has to do something."""
        return self.state in self.WAITS_FOR_US

    @property
    def can_withdraw(self) -> bool:
        """Whether whoever asked may still think better of it."""
        return self.state in self.EXPECTED


class ReturnLine(models.Model):
    """How many of a line, why, and what became of them."""

    class Reason(models.TextChoices):
        """Why it comes back."""

        FIT = "fit", _("It does not fit, or looks different")
        MIND = "mind", _("I changed my mind")
        DAMAGED = "damaged", _("It arrived damaged")
        FAULTY = "faulty", _("It does not work")
        WRONG = "wrong", _("It is not what I ordered")
        LATE = "late", _("It came too late")
        OTHER = "other", _("Something else")

    back = models.ForeignKey(Return, on_delete=models.CASCADE, related_name="lines")
    line = models.ForeignKey("order.Line", on_delete=models.CASCADE, related_name="return_lines")
    quantity = models.PositiveIntegerField(_("quantity"))
    reason = models.CharField(_("reason"), max_length=16, choices=Reason)
    received = models.PositiveIntegerField(_("received"), default=0)
    # Of those received, how many went back on the shelf, and for how many money went back, and how much.
    restocked = models.PositiveIntegerField(_("back on the shelf"), default=0)
    refunded = models.PositiveIntegerField(_("refunded"), default=0)
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2, default=Decimal(0))

    class Meta:
        ordering: ClassVar = ["pk"]
        verbose_name = _("line of a return")
        verbose_name_plural = _("lines of a return")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["back", "line"], name="return_line_once"),
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="return_line_above_zero"),
            models.CheckConstraint(
                condition=models.Q(received__lte=models.F("quantity")), name="return_line_received_within_quantity"
            ),
            models.CheckConstraint(
                condition=models.Q(restocked__lte=models.F("received"), refunded__lte=models.F("received")),
                name="return_line_used_within_received",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.line_id}"


class ReturnChange(models.Model):
    """The log: what changed, who did it (nobody: a guest), and why."""

    back = models.ForeignKey(Return, on_delete=models.CASCADE, related_name="changes")
    old_state = models.CharField(max_length=16, blank=True)
    new_state = models.CharField(max_length=16, choices=Return.State)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    why = models.CharField(max_length=255, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["pk"]
        verbose_name = _("change of a return")
        verbose_name_plural = _("changes of a return")

    def __str__(self) -> str:
        return f"{self.old_state} → {self.new_state}"
