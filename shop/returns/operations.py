"""What happens to a return. Each step takes one transaction, under the order's lock: account → order → return → stock records.

The account is that of whoever does it, which the log names.

A step that was taken already stays as it is, so that a button pressed twice does it once.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from shop.accounts.operations import hold_account
from shop.catalogue.operations import catalogue_changed
from shop.ledger.noting import noting
from shop.mail.operations import write_to_buyer, write_to_staff
from shop.order import stock
from shop.order.models import Order
from shop.payment.refunds import refund

from .models import Return, ReturnChange, ReturnLine
from .selectors import can_restock, returnable, worth

STATE = Return.State
NOTHING = Decimal(0)
MAIL = "order-return"
STAFF_MAIL = "staff-return"
# From where to where. Everything that is not in here is over.
TABLE: dict[str, frozenset[str]] = {
    STATE.REQUESTED: frozenset({STATE.APPROVED, STATE.DECLINED, STATE.WITHDRAWN}),
    STATE.APPROVED: frozenset({STATE.RECEIVED, STATE.WITHDRAWN}),
    STATE.RECEIVED: frozenset({STATE.REFUNDED, STATE.CLOSED}),
}


class ReturnError(Exception):
    """Nothing was changed. `str()` is for whoever asked; `field` is what it is about: "line-<id>", or nothing."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class Wanted:
    """How many of a line are to come back, and why."""

    quantity: int
    reason: str


@dataclass(frozen=True, slots=True)
class Came:
    """How many of a return's line came, and how many of those are as good as new."""

    received: int
    restocked: int


def ask(
    order: Order, *, lines: Mapping[int, Wanted], note: str = "", by: Any = None, key: uuid.UUID, is_late: bool = False
) -> Return:
    """Write down what is to come back (order line id: how many and why). Asked again with the same `key`, it is the same.

    `is_late` is staff's: it may take back what is out of time, and needs no telling. Raises ReturnError where nothing is asked for, or more than has
    left, is still in time and is in no other return.
    """
    with transaction.atomic():
        _hold(by)
        locked = Order.objects.select_for_update().get(pk=order.pk)
        if made := Return.objects.filter(key=key).first():
            if made.order_id != locked.pk:
                raise ReturnError(_("This form belongs to another order. Open the order’s page and begin again."))
            return made
        if not lines:
            raise ReturnError(_("Say what you want to send back: choose how many of a thing."))
        most = {each.line.pk: each for each in returnable(locked, is_late=is_late)}
        for pk, wanted in lines.items():
            left = most[pk].most if pk in most else 0
            if not 0 < wanted.quantity <= left:
                title = most[pk].line.title if pk in most else locked.number
                text = _("%(title)s: %(wanted)s are to come back, and %(left)s can.")
                raise ReturnError(text % {"title": title, "wanted": wanted.quantity, "left": left}, field=f"line-{pk}")
        made = Return.objects.create(order=locked, number=_new_number(locked), key=key, note=note[:2000])
        ReturnLine.objects.bulk_create(
            ReturnLine(back=made, line_id=pk, quantity=wanted.quantity, reason=ReturnLine.Reason(wanted.reason))
            for pk, wanted in sorted(lines.items())
        )
        _log(made, "", by=by)
        tell(made)
        if not is_late:
            write_to_staff(STAFF_MAIL, {"order": locked.pk, "return": made.pk})
    return made


def _new_number(order: Order) -> str:
    """The order's, and which of its returns it is; under the order's lock."""
    return f"{order.number}-R{Return.objects.filter(order=order).count() + 1}"


def approve(back: Return, *, send_to: str, answer: str = "", by: Any) -> Return:
    """Say where it is to be sent."""
    return _step(back, STATE.APPROVED, by=by, send_to=send_to[:500], answer=answer[:2000])


def decline(back: Return, *, answer: str, by: Any) -> Return:
    """Say no, with words for the customer."""
    return _step(back, STATE.DECLINED, by=by, answer=answer[:2000])


def withdraw(back: Return, *, by: Any, why: str = "") -> Return:
    """Nothing comes after all."""
    return _step(back, STATE.WITHDRAWN, by=by, why=why)


def receive(back: Return, *, lines: Mapping[int, Came], by: Any) -> Return:
    """Write down what came (id of the return's line: how many, how many of those go back on the shelf).

    What did not come is free to come with another return. Raises ReturnError for numbers that do not fit, for nothing at all, and for
    a shelf that is not counted.
    """
    with transaction.atomic(), noting(by=by, why=back.number):
        found = _locked(back, by)
        if not _moves(found, STATE.RECEIVED):
            return found
        rows = list(_lines(found))
        _take_numbers(found, rows, lines)
        put_back = [row for row in rows if row.restocked]
        for row in put_back:
            if not can_restock(row.line):
                text = _(
                    "%(title)s: its stock is not counted, or it is no longer in the catalogue. Put 0 back on the shelf."
                )
                raise ReturnError(text % {"title": row.line.title}, field=f"restocked-{row.pk}")
        ReturnLine.objects.bulk_update(rows, ["received", "restocked"])
        stock.bring_back([(row.line, row.restocked) for row in put_back])
        catalogue_changed(row.line.product_id for row in put_back if row.line.product_id)
        _move(found, STATE.RECEIVED, by=by)
    return found


def _take_numbers(back: Return, rows: list[ReturnLine], lines: Mapping[int, Came]) -> None:
    if unknown := set(lines) - {row.pk for row in rows}:
        text = _("Return %(number)s has no line %(line)s.")
        raise ReturnError(text % {"number": back.number, "line": min(unknown)})
    for row in rows:
        came = lines.get(row.pk, Came(0, 0))
        if not 0 <= came.received <= row.quantity:
            text = _("%(title)s: %(number)s came, and %(most)s were to come.")
            values = {"title": row.line.title, "number": came.received, "most": row.quantity}
            raise ReturnError(text % values, field=f"received-{row.pk}")
        if not 0 <= came.restocked <= came.received:
            text = _("%(title)s: %(number)s are to go back on the shelf, and %(most)s came.")
            values = {"title": row.line.title, "number": came.restocked, "most": came.received}
            raise ReturnError(text % values, field=f"restocked-{row.pk}")
        row.received, row.restocked = came.received, came.restocked
    if not any(row.received for row in rows):
        raise ReturnError(_("Nothing came by these numbers. Where nothing will, withdraw the return."))


def give_back(
    back: Return,
    *,
    lines: Mapping[int, int],
    delivery: Decimal = NOTHING,
    extra: Decimal = NOTHING,
    reference: str = "",
    by: Any,
) -> Return:
    """Pay back what came (id of the return's line: how many), once, the way it was paid.

    What came by bank is written down as sent, with the reference by which staff sent it. The customer is told when all of it
    is in the books (telling.py). Raises ReturnError or RefundError; then nothing is changed.
    """
    with transaction.atomic(), noting(by=by, why=back.number):
        found = _locked(back, by)
        if not _moves(found, STATE.REFUNDED):
            return found
        rows = {row.pk: row for row in _lines(found)}
        chosen = {pk: number for pk, number in lines.items() if number}
        for pk, number in chosen.items():
            if pk not in rows or not 0 < number <= rows[pk].received:
                most = rows[pk].received if pk in rows else 0
                text = _("%(number)s are to be refunded, and %(most)s came.")
                raise ReturnError(text % {"number": number, "most": most}, field=f"refunded-{pk}")
            # Under the lock, and before the refund is there.
            rows[pk].refunded, rows[pk].amount = number, worth(rows[pk].line, number)
        wanted = {rows[pk].line_id: number for pk, number in chosen.items()}
        why = _("return %(number)s") % {"number": found.number}
        found.refund = refund(
            found.order, lines=wanted, delivery=delivery, extra=extra, by=by, why=why, key=found.key,
            reference=reference,
        )  # fmt: skip
        ReturnLine.objects.bulk_update(rows.values(), ["refunded", "amount"])
        _move(found, STATE.REFUNDED, by=by)
    return found


def close(back: Return, *, answer: str, by: Any) -> Return:
    """It came, and nothing is paid back for it; the customer is told why."""
    return _step(back, STATE.CLOSED, by=by, answer=answer[:2000])


def _step(back: Return, to: str, *, by: Any, why: str = "", **words: str) -> Return:
    """Bring a return to a state from which nothing else follows; `words` are the fields that say more about it."""
    with transaction.atomic():
        found = _locked(back, by)
        if _moves(found, to):
            for name, text in words.items():
                setattr(found, name, text)
            _move(found, to, by=by, why=why)
    return found


def _hold(by: Any) -> None:
    """Whoever does it stays for as long as it takes. Before the order is locked: deleting an account locks that first."""
    if by is not None and not hold_account(by.pk):
        raise ReturnError(_("This account was deleted meanwhile."))


def _locked(back: Return, by: Any) -> Return:
    _hold(by)
    order = Order.objects.select_for_update().get(pk=back.order_id)
    found = Return.objects.select_for_update().get(pk=back.pk)
    found.order = order
    return found


def _lines(back: Return) -> QuerySet[ReturnLine]:
    return back.lines.select_related("line__product__product_class", "line__product__parent__product_class").order_by(
        "pk"
    )


def _moves(back: Return, to: str) -> bool:
    """Whether there is something to do. Raises ReturnError where the table does not lead there."""
    if back.state == to:
        return False
    if to not in TABLE.get(back.state, ()):
        text = _("Return %(number)s is “%(old)s” and cannot become “%(new)s”.")
        values = {"number": back.number, "old": back.get_state_display(), "new": STATE(to).label}
        raise ReturnError(text % values)
    return True


def _move(back: Return, to: str, *, by: Any, why: str = "") -> None:
    old, back.state = back.state, STATE(to)
    back.save()
    _log(back, old, by=by, why=why)
    if to != STATE.REFUNDED:
        tell(back)


def _log(back: Return, old: str, *, by: Any, why: str = "") -> None:
    ReturnChange.objects.create(back=back, old_state=old, new_state=back.state, by=by, why=why[:255])


def tell(back: Return) -> None:
    """Write to the customer about the step that was taken."""
    write_to_buyer(back.order, MAIL, **{"return": back.pk, "step": str(back.state)})
