"""How far an order is, in words and in steps, as its buyer is shown it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from shop.catalogue.models import TaxClass

from .models import Line, Order
from .states import NOT_PAID_IN_TIME


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an order's way. State: done, current or nothing."""

    label: str
    state: str = ""


def status_label(order: Order, lines: Sequence[Line]) -> str:
    """The state in words. Gift cards have left when they have their codes, and arrived once they were mailed."""
    if order.status == "cancelled" and any(line.dispatched for line in lines):
        return _("The rest is cancelled")
    if lines and all(line.tax_code == TaxClass.GIFT_CARD for line in lines):
        words = {"dispatched": _("Waits for its day"), "delivered": _("Sent by e-mail")}
        return words.get(order.status) or order.status_label
    return order.status_label


def was_not_paid(order: Order) -> bool:
    """Whether the clock has cancelled it; one query, and none for an order that is not cancelled."""
    if order.status != "cancelled":
        return False
    last = order.status_changes.order_by("-pk").values_list("why", flat=True).first()
    return bool(last == NOT_PAID_IN_TIME)


def was_paid(order: Order) -> bool:
    """Whether what gift cards left of an order was paid, also where it was cancelled later; one query for a cancelled one alone."""
    if order.status != "cancelled":
        return bool(order.status != settings.OSCAR_INITIAL_ORDER_STATUS)
    return bool(order.status_changes.filter(new_status="paid").exists())


def steps_of(status: str, lines: Sequence[Any]) -> tuple[Step, ...]:
    """The way of an order, by its state and the lines as they are shown (`OrderLineView`)."""
    if status == "cancelled":
        if any(line.dispatched for line in lines):
            return (Step(_("Ordered"), "done"), Step(_("Sent in part"), "done"), Step(_("Rest cancelled"), "current"))
        return (Step(_("Ordered"), "done"), Step(_("Cancelled"), "current"))
    labels: tuple[str, ...] = (
        _("Awaiting payment") if status == "awaiting-payment" else _("Paid"),
        _("Being packed"),
        _("On its way"),
        _("With you"),
    )
    current = {"awaiting-payment": 0, "paid": 1, "partly-dispatched": 1, "dispatched": 2, "delivered": 4}.get(status, 0)
    if lines and not any(line.is_sent for line in lines):
        # No parcel: it is there as soon as staff, or the worker for a gift card, has seen to it.
        is_gift = all(line.is_gift_card for line in lines)
        labels = (labels[0], _("Sent by e-mail") if is_gift else _("With you"))
        current = min(current, 1) if is_gift and status == "dispatched" else min(current, 2)
    states = ["done"] * current + ["current"] + [""] * len(labels)
    return tuple(Step(label, state) for label, state in zip(labels, states, strict=False))
