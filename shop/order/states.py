"""The states of an order, and the one function that moves an order from one to the next.

The table is OSCAR_ORDER_STATUS_PIPELINE. Stock follows the state: what is cancelled is given back, what is dispatched
leaves the shelf. Every change is logged with who did it and why, and the customer is told by mail.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _
from oscar.apps.offer.models import ConditionalOffer
from oscar.apps.order.exceptions import InvalidOrderStatus
from oscar.apps.order.signals import order_status_changed
from oscar.apps.voucher.models import Voucher, VoucherApplication

from shop.catalogue.operations import catalogue_changed
from shop.mail.operations import send

from . import stock
from .models import Line, Order, OrderDiscount, OrderStatusChange

# State -> the mail that tells of it.
MAILS = {
    "paid": "order-paid",
    "dispatched": "order-dispatched",
    "partly-dispatched": "order-dispatched",
    "cancelled": "order-cancelled",
}


class InvalidTransition(InvalidOrderStatus):
    """The order may not go from its state to that one."""


def change_status(
    order: Order,
    to: str,
    *,
    by: Any = None,
    why: str = "",
    line_ids: Collection[int] | None = None,
    tell_customer: bool = True,
    only_from: Collection[str] | None = None,
) -> Order:
    """Move an order to the state `to`, with everything that follows from it, in one transaction. Returns the order.

    `by` is the member of staff or the customer, None for the shop itself. For "partly-dispatched" `line_ids` are the
    lines that leave the house. An order that is in that state already stays as it is. `tell_customer` is off for what
    happened long ago elsewhere. `only_from` are the states out of which whoever asks may lead it, where that is less
    than the table allows. Raises InvalidTransition where the table does not lead there; the message names both
    states.
    """
    with transaction.atomic():
        locked = Order.objects.select_for_update().get(pk=order.pk)
        old = locked.status
        if old != to:
            may = only_from is None or old in only_from
            allowed = settings.OSCAR_ORDER_STATUS_PIPELINE.get(old, ()) if may else ()
            if to not in allowed:
                raise InvalidTransition(
                    _("Order %(number)s is “%(old)s” and cannot become “%(new)s”; it can become: %(allowed)s.")
                    % {
                        "number": locked.number,
                        "old": old,
                        "new": to,
                        "allowed": ", ".join(allowed) or _("nothing else"),
                    }
                )
            _apply(locked, to, line_ids)
            Order.objects.filter(pk=locked.pk).update(status=to)
            locked.status = to
            OrderStatusChange.objects.create(order=locked, old_status=old, new_status=to, by=by, why=why[:255])
            order_status_changed.send(sender=locked, order=locked, old_status=old, new_status=to)
            address = locked.email
            if tell_customer and to in MAILS and address:
                context = {"order": locked.pk, "lines": sorted(line_ids or [])}
                send(MAILS[to], to=address, context=context, language=locked.language)
    order.status = locked.status
    return order


def _apply(order: Order, to: str, line_ids: Collection[int] | None) -> None:
    open_lines = list(Line.objects.select_for_update().filter(order=order, status="open").order_by("pk"))
    if to == "cancelled":
        _give_back(order, open_lines)
    elif to == "partly-dispatched":
        chosen = [line for line in open_lines if line.pk in set(line_ids or ())]
        if not chosen:
            raise InvalidTransition(_("Say which lines of order %(number)s leave.") % {"number": order.number})
        _dispatch(chosen)
    elif to == "dispatched":
        _dispatch(open_lines)


def _dispatch(lines: list[Line]) -> None:
    wanted = stock.totals(lines)
    stock.lock(wanted)
    stock.consume(wanted)
    Line.objects.filter(pk__in=[line.pk for line in lines]).update(status="dispatched", num_allocated=0)
    catalogue_changed(line.product_id for line in lines if line.product_id)


def _give_back(order: Order, lines: list[Line]) -> None:
    wanted = stock.totals(lines)
    stock.lock(wanted)
    stock.release(wanted)
    Line.objects.filter(pk__in=[line.pk for line in lines]).update(
        status="cancelled", num_allocated=0, allocation_cancelled=True
    )
    catalogue_changed(line.product_id for line in lines if line.product_id)
    _give_back_uses(order)


def _give_back_uses(order: Order) -> None:
    """A cancelled order has used no voucher and no offer."""
    VoucherApplication.objects.filter(order=order).delete()
    vouchers: set[int] = set()
    for each in OrderDiscount.objects.filter(order=order).order_by("offer_id"):
        frequency = each.frequency or 0
        offers = ConditionalOffer.objects.filter(pk=each.offer_id)
        offers.update(
            num_applications=Greatest(F("num_applications") - frequency, 0),
            total_discount=Greatest(F("total_discount") - each.amount, 0),
            num_orders=Greatest(F("num_orders") - 1, 0),
        )
        offers.filter(status=ConditionalOffer.CONSUMED).update(status=ConditionalOffer.OPEN)
        if each.voucher_id:
            Voucher.objects.filter(pk=each.voucher_id).update(
                total_discount=Greatest(F("total_discount") - each.amount, 0)
            )
            vouchers.add(each.voucher_id)
    Voucher.objects.filter(pk__in=vouchers).update(num_orders=Greatest(F("num_orders") - 1, 0))
