"""Another way to pay, for an order that waits for its money: which there are, and turning to one.

A page that is open at Stripe is closed first, between transactions. What the buyer wants instead stands on its payment
(`Payment.instead`), so that whoever sees the page closed turns the order to that way: the request itself, the worker,
Stripe's message or the reconciliation, whichever comes first (settling.py). Money that came before wins.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from shop.mail.operations import write_to_buyer
from shop.order.models import Order, OrderNote

from . import methods


@dataclass(frozen=True, slots=True)
class Way:
    """One way to pay, as a page offers it."""

    code: str
    name: Any
    description: Any


def other_ways(order: Order) -> tuple[Way, ...]:
    """What else an order that waits for its money can be paid by. No query."""
    if order.status != settings.OSCAR_INITIAL_ORDER_STATUS:
        return ()
    offered = methods.methods(order.due, order.currency)
    return tuple(Way(each.code, each.name, each.description) for each in offered if each.code != order.payment_method)


def turn(order: Order, code: str) -> None:
    """Let an order, which the caller has locked, wait for its money by this way from now on; that way already, nothing changes.

    Its time begins anew (`shop.order.operations.expire_unpaid`), and a way that is confirmed at once has its mail.
    """
    if order.payment_method == code:
        return
    names = (_name(order.payment_method), _name(code))
    order.payment_method, order.way_chosen_at = code, timezone.now()
    order.save(update_fields=["payment_method", "way_chosen_at"])
    with override(settings.LANGUAGE_CODE):
        text = _("The buyer chose another way to pay: %(old)s → %(new)s")
        message = text % {"old": names[0], "new": names[1]}
        OrderNote.objects.create(order=order, note_type=OrderNote.SYSTEM, message=message)
    if methods.method(code).confirms_at_once:
        write_to_buyer(order, "order-placed")


def _name(code: str) -> str:
    with override(settings.LANGUAGE_CODE):
        try:
            return str(methods.method(code).name)
        except KeyError:
            return code or "—"
