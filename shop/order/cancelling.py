"""Cancelling by whoever bought it: all of an order, or what has not left when nothing but its gift cards has."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from shop.accounts.operations import hold_account
from shop.catalogue.models import TaxClass

from .models import BUYER_MAY_CANCEL, Line, Order
from .states import BY_ITS_BUYER, change_status


class CancelError(Exception):
    """Nothing was cancelled. `str()` is for the buyer."""


def may_cancel(order: Order, lines: Iterable[Line]) -> bool:
    """Whether its buyer may still cancel what has not left: until a parcel has. Gift cards go by e-mail, in a moment."""
    if order.status in BUYER_MAY_CANCEL:
        return True
    gone = [line.tax_code for line in lines if line.dispatched]
    return order.status == "partly-dispatched" and set(gone) == {TaxClass.GIFT_CARD}


def cancel(order: Order, *, whole: bool, by: Any) -> None:
    """Cancel an order for its buyer, `by` None for a guest. Where gift cards of it were sent, the rest; cancelled already, it stays so.

    `whole` is what the buyer was shown: all of it. Raises CancelError where a parcel has left, or gift cards have meanwhile.
    """
    with transaction.atomic():
        # The log names whoever it is: the account before the order, as where it is deleted.
        hold_account(by.pk if by is not None else None)
        locked = Order.objects.select_for_update().get(pk=order.pk)
        if locked.status == "cancelled":
            return
        if not may_cancel(locked, Line.objects.filter(order=locked)):
            raise CancelError(_("This order is on its way already and cannot be cancelled."))
        if whole and locked.status not in BUYER_MAY_CANCEL:
            raise CancelError(
                _("Its gift cards were sent meanwhile, so nothing is cancelled yet. You can cancel the rest.")
            )
        change_status(locked, "cancelled", by=by, why=BY_ITS_BUYER)
    order.status = locked.status
