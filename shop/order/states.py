"""The states of an order, and the one function that moves an order from one to the next.

The table is OSCAR_ORDER_STATUS_PIPELINE. Stock follows the state: what is cancelled is given back, what is dispatched
leaves the shelf. Every change is logged with who did it and why, and the customer is told by mail.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from oscar.apps.order.exceptions import InvalidOrderStatus
from oscar.apps.order.signals import order_status_changed

from shop.catalogue.operations import catalogue_changed
from shop.ledger.noting import noting
from shop.mail.operations import write_to_buyer

from . import stock, uses
from .models import Line, Order, OrderDiscount, OrderStatusChange, Shipment
from .parcels import Parcel, everything, leave, open_lines, stays

# State -> the mail that tells of it. Of what leaves the house, each shipment tells.
MAILS = {
    "paid": "order-paid",
    "cancelled": "order-cancelled",
}


# What the log says where nobody paid, and where whoever ordered it cancelled it: a guest, or somebody whose account is gone since.
NOT_PAID_IN_TIME = "not paid in time"
BY_ITS_BUYER = "customer"


class InvalidTransition(InvalidOrderStatus):
    """The order may not go from its state to that one."""


def change_status(
    order: Order,
    to: str,
    *,
    by: Any = None,
    why: str = "",
    line_ids: Collection[int] | None = None,
    parcel: Parcel | None = None,
    tell_customer: bool = True,
    only_from: Collection[str] | None = None,
) -> Order:
    """Move an order to the state `to`, with everything that follows from it, in one transaction. Returns the order.

    `by` is the member of staff or the customer, None for the shop itself. For "partly-dispatched" `line_ids` are the
    lines that leave the house whole, or `parcel` says how many of which; for "dispatched" it is all that is left, unless
    `parcel` says how it goes. An order that is in that state already stays as it is. `tell_customer` is off for what
    happened long ago elsewhere. `only_from` are the states out of which whoever asks may lead it, where that is less
    than the table allows. Raises InvalidTransition where the table does not lead there; the message names both
    states.
    """
    with transaction.atomic(), noting(by=by, why=why):
        locked = Order.objects.select_for_update().get(pk=order.pk)
        if locked.status != to:
            may_become(locked, to, only_from=only_from)
            shipment = _apply(locked, to, line_ids, parcel, by)
            _move(locked, to, by=by, why=why)
            if tell_customer and to in MAILS:
                write_to_buyer(locked, MAILS[to])
            elif tell_customer and shipment:
                send_shipped(locked, shipment)
    order.status = locked.status
    return order


def _move(order: Order, to: str, *, by: Any = None, why: str) -> None:
    """Write the new state and the log, and tell whoever listens."""
    old, order.status = order.status, to
    Order.objects.filter(pk=order.pk).update(status=to)
    OrderStatusChange.objects.create(order=order, old_status=old, new_status=to, by=by, why=why[:255])
    order_status_changed.send(sender=order, order=order, old_status=old, new_status=to)


def may_become(order: Order, to: str, *, only_from: Collection[str] | None = None) -> None:
    """Raises InvalidTransition where the table does not lead from the order's state to that one."""
    may = only_from is None or order.status in only_from
    allowed = settings.OSCAR_ORDER_STATUS_PIPELINE.get(order.status, ()) if may else ()
    if to not in allowed:
        raise InvalidTransition(
            _("Order %(number)s is “%(old)s” and cannot become “%(new)s”; it can become: %(allowed)s.")
            % {
                "number": order.number,
                "old": order.status,
                "new": to,
                "allowed": ", ".join(allowed) or _("nothing else"),
            }
        )


def send_shipped(order: Order, shipment: Shipment, *, is_corrected: bool = False) -> None:
    """Tell the customer what left, and how to follow it."""
    write_to_buyer(order, "order-dispatched", shipment=shipment.pk, corrected=is_corrected)


def revive(order: Order, *, why: str) -> Order:
    """Make a cancelled order a paid one again, because its money came after all. Its things are reserved anew.

    Raises OutOfStockError where one of them is gone meanwhile; then nothing is changed, and the money has to go back. No
    button leads here: the table of states has no way out of "cancelled".
    """
    with transaction.atomic(), noting(why=why):
        locked = Order.objects.select_for_update().get(pk=order.pk)
        if locked.status != "cancelled":
            raise InvalidTransition(
                _("Order %(number)s is “%(old)s”; only a cancelled one can be revived.")
                % {"number": locked.number, "old": locked.status}
            )
        cancelled = Line.objects.select_for_update(of=("self",)).filter(order=locked, allocation_cancelled=True)
        lines = list(
            cancelled.select_related("product__product_class", "product__parent__product_class").order_by("pk")
        )
        _reserve_again(lines)
        uses.count_again(locked, _uses(locked))
        to = "partly-dispatched" if Line.objects.filter(order=locked, dispatched__gt=0).exists() else "paid"
        _move(locked, to, why=why)
        order.status = to
        catalogue_changed(line.product_id for line in lines if line.product_id)
        write_to_buyer(locked, MAILS["paid"], revived=True)
    return locked


def _reserve_again(lines: list[Line]) -> None:
    """Raises OutOfStockError where one of the lines' things is not there any more."""
    if any(line.product is None or line.stockrecord_id is None for line in lines):
        raise stock.OutOfStockError
    for line in lines:
        line.status, line.allocation_cancelled, line.cancelled = "open", False, 0
        line.num_allocated = line.left_open if line.product.get_product_class().track_stock else 0
    wanted = stock.totals(lines)
    stock.lock(wanted)
    stock.reserve(lines)
    Line.objects.bulk_update(lines, ["status", "num_allocated", "allocation_cancelled", "cancelled"])


def _apply(order: Order, to: str, line_ids: Collection[int] | None, parcel: Parcel | None, by: Any) -> Shipment | None:
    if to not in ("cancelled", "partly-dispatched", "dispatched"):
        return None
    lines = open_lines(order)
    if to == "cancelled":
        stays(order, lines)
        uses.give_back(order, _uses(order))
        return None
    if parcel is None:
        parcel = everything(line for line in lines if to == "dispatched" or line.pk in set(line_ids or ()))
        if not parcel.quantities and to == "partly-dispatched":
            raise InvalidTransition(_("Say which lines of order %(number)s leave.") % {"number": order.number})
        if not parcel.quantities:
            return None
    return leave(order, parcel, by=by)


def _uses(order: Order) -> list[uses.Use]:
    return list(OrderDiscount.objects.filter(order=order))
