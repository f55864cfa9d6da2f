"""Writing to the books. Always inside the transaction of what is written down."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shop.order.models import Order
from shop.payment.currencies import is_payable, smallest
from themes.formats import money

from .models import MoneyEntry
from .noting import current, noting
from .selectors import SENT_BACK, held, left_by_bank

# What the shop holds rises with these and falls with all others.
INCOMING = frozenset(
    {
        MoneyEntry.Kind.CAPTURED,
        MoneyEntry.Kind.RECEIVED,
        MoneyEntry.Kind.REFUND_FAILED,
        MoneyEntry.Kind.DISPUTE_WON,
        MoneyEntry.Kind.GIFT_CARD_SPENT,
    }
)


class BooksError(Exception):
    """Nothing was written down. `str()` is for staff."""


def enter(order: Order, kind: str, amount: Decimal, *, key: str, note: str = "", currency: str = "") -> bool:
    """Write down what happened to an order's money. Returns whether it is new: a `key` that is there stays as it is.

    `amount` is always above 0; the kind decides the sign. Raises ValueError for any other amount.
    """
    if amount <= 0:
        raise ValueError(f"{kind} of order {order.number}: the amount is {amount}; it has to be above 0.")
    kind = MoneyEntry.Kind(kind)
    signed = amount if kind in INCOMING else -amount
    _entry, is_new = MoneyEntry.objects.get_or_create(
        key=key,
        defaults={
            "order": order,
            "kind": kind,
            "amount": signed,
            "currency": currency or order.currency,
            "note": note[:255],
            "by_id": current().by_id,
            "at": current().at or timezone.now(),
        },
    )
    return is_new


def received(order: Order) -> None:
    """Write down what an order that has become paid lacks in the books: it came by bank transfer. Nothing for a total of 0."""
    missing = order.total_incl_tax - held(order.pk)
    if missing > 0:
        enter(order, MoneyEntry.Kind.RECEIVED, missing, key=f"received:{order.pk}", note=current().why)


def sent_back(order: Order, amount: Decimal, *, reference: str, token: str, by: Any) -> bool:
    """Write down that staff sent money back by bank. Returns whether it is new: a `token` that was used before does nothing.

    Raises BooksError where it is more than is left of what came by bank.
    """
    key = f"{SENT_BACK}{token}"
    with transaction.atomic(), noting(by=by):
        locked = Order.objects.select_for_update().get(pk=order.pk)
        if MoneyEntry.objects.filter(key=key).exists():
            return False
        if not is_payable(amount, locked.currency):
            text = _("%(amount)s cannot have been sent: %(currency)s is paid in steps of %(step)s.")
            values = {"amount": amount, "currency": locked.currency, "step": smallest(locked.currency)}
            raise BooksError(text % values)
        left = left_by_bank(locked.pk)
        if not 0 < amount <= left:
            text = _(
                "%(amount)s cannot have been sent back: of what came by bank for order %(number)s, %(left)s is left."
            )
            raise BooksError(
                text
                % {
                    "amount": money(amount, locked.currency),
                    "number": locked.number,
                    "left": money(left, locked.currency),
                }
            )
        return enter(locked, MoneyEntry.Kind.REFUNDED, amount, key=key, note=reference)
