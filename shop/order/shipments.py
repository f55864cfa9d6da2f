"""Dispatch by quantity: what leaves, with whom, and how its buyer follows it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from shop.ledger.noting import noting

from .models import Order, OrderNote, Shipment
from .parcels import DispatchError, Parcel, Tracking, leave, open_lines
from .states import change_status, may_become, send_shipped

__all__ = ["DispatchError", "Tracking", "correct_tracking", "dispatch"]


def dispatch(
    order: Order,
    *,
    quantities: Mapping[int, int],
    tracking: Tracking | None = None,
    by: Any,
    key: uuid.UUID,
) -> Shipment:
    """Let these leave (line id: how many), and tell the customer. Asked again with the same `key`, it is the same shipment.

    The order becomes "partly-dispatched", or "dispatched" when nothing is left. Raises DispatchError where it asks for more
    than is open, for nothing, or for another order's lines, and InvalidTransition where the order may not leave.
    """
    with transaction.atomic(), noting(by=by):
        locked = Order.objects.select_for_update().get(pk=order.pk)
        if made := Shipment.objects.filter(key=key).first():
            if made.order_id != locked.pk:
                raise DispatchError(_("This form belongs to another order. Open the order’s page and begin again."))
            return made
        left = {line.pk: line.left_open for line in open_lines(locked)}
        all_of_it = left == {pk: number for pk, number in quantities.items() if pk in left}
        to = "dispatched" if all_of_it else "partly-dispatched"
        parcel = Parcel(quantities, tracking or Tracking(), key)
        if locked.status == to == "partly-dispatched":
            # Further parts change no state, so that only the shipment tells of them.
            made = leave(locked, parcel, by=by)
            send_shipped(locked, made)
        else:
            may_become(locked, to)
            change_status(locked, to, by=by, parcel=parcel)
            made = Shipment.objects.get(key=key)
    order.status = locked.status
    return made


def correct_tracking(shipment: Shipment, *, tracking: Tracking, by: Any, tell_customer: bool) -> bool:
    """Add or put right how a shipment is followed. A note on the order says what it was. Returns whether it is another."""
    with transaction.atomic():
        Order.objects.select_for_update().get(pk=shipment.order_id)
        found = Shipment.objects.select_related("order").get(pk=shipment.pk)
        was = (found.carrier, found.tracking_number, found.tracking_url)
        found.carrier, found.tracking_number, found.tracking_url = tracking.carrier, tracking.number, tracking.address
        is_new = was != (found.carrier, found.tracking_number, found.tracking_url)
        if is_new:
            found.save(update_fields=["carrier", "tracking_number", "tracking_url"])
            before = " ".join(part for part in was if part) or "—"
            now = " ".join(part for part in (found.carrier, found.tracking_number, found.tracking_url) if part) or "—"
            text = _("Tracking of the shipment of %(date)s: %(before)s → %(now)s")
            OrderNote.objects.create(
                order=found.order, user=by, note_type=OrderNote.SYSTEM,
                message=text % {"date": found.created_at.date(), "before": before, "now": now},
            )  # fmt: skip
        if tell_customer:
            send_shipped(found.order, found, is_corrected=True)
    return is_new


def carriers() -> list[tuple[str, str]]:
    """Who carries parcels, as a choice."""
    return [(code, str(name)) for code, (name, _url) in settings.SHOP_CARRIERS.items()]
