"""Issuing what is missing. Done by the outbox, so that nobody who pays waits for the counter; harmless to repeat."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from shop.ledger.models import MoneyEntry
from shop.ledger.selectors import SENT_BACK
from shop.mail.operations import write_to_buyer
from shop.order.models import PAID, Order, OrderStatusChange
from shop.outbox.operations import enqueue
from shop.payment.models import Refund
from shop.payment.settling import mark
from shop.returns.models import Return

from .crediting import MOVES, corrections
from .freezing import Frozen, correction_of, invoice_of, numbered
from .models import Invoice
from .numbers import next_number, series_of, written

TOPIC = "invoices.issue"
# How the key of a movement begins that went back through a payment; what follows is Stripe's name for the refund.
THROUGH_PAYMENT = ("refunded:", "refund-failed:")
KIND = Invoice.Kind


def issue_later(order_id: int) -> None:
    """Have the worker issue what an order lacks. Inside the transaction of what it is about."""
    enqueue(TOPIC, {"order": order_id}, key=str(order_id))


def issue_missing(order_id: int, *, as_of_then: bool = False, tell_customer: bool = True) -> list[Invoice]:
    """Issue an order's invoice and corrections that are not there yet, in one transaction. Returns what is new.

    `as_of_then` dates each by what it is about instead of now, for what happened long ago. Raises Order.DoesNotExist, and
    InvoiceError where the order does not add up; then nothing is issued.
    """
    with transaction.atomic():
        order = Order.objects.select_for_update().get(pk=order_id)
        if not (paid_at := _paid_at(order)):
            return []
        held = list(Invoice.objects.filter(order=order).order_by("pk"))
        new: list[Invoice] = []
        with override(order.language or settings.LANGUAGE_CODE):
            invoice = next((each for each in held if each.kind == KIND.INVOICE), None)
            if invoice is None:
                invoice = _write(order, invoice_of(order), kind=KIND.INVOICE, at=paid_at if as_of_then else None)
                new.append(invoice)
            others = [each for each in held if each.is_correction]
            for entry, amount in missing_corrections(order, invoice.total, others):
                made = _correct(order, invoice, others, entry, amount, as_of_then=as_of_then)
                others.append(made)
                new.append(made)
        if tell_customer:
            for each in new:
                # Of a return's money its own mail tells.
                if each.kind == KIND.CREDIT_NOTE and not Return.objects.filter(refund=each.refund_id or 0).exists():
                    write_to_buyer(order, "order-refunded", invoice=each.pk)
    return new


def missing_corrections(order: Order, total: Decimal, others: Iterable[Invoice]) -> list[tuple[MoneyEntry, Decimal]]:
    """The movements of an order that want a document and have none, with what it comes to."""
    entries = list(MoneyEntry.objects.filter(order=order, currency=order.currency).order_by("pk"))
    held = {each.entry_id for each in others}
    if not any(entry.kind in MOVES and entry.pk not in held for entry in entries):
        return []
    wanted = corrections(entries, total)
    return [(entry, wanted[entry.pk]) for entry in entries if entry.pk in wanted and entry.pk not in held]


def _paid_at(order: Order) -> Any:
    """When the order was paid for the first time; nothing where it never was."""
    rows = OrderStatusChange.objects.filter(order=order, new_status="paid").order_by("pk")
    changed = rows.values_list("date_created", flat=True).first()
    # One that was brought along from elsewhere has no log.
    return changed or (order.date_placed if order.status in PAID else None)


def _correct(
    order: Order, invoice: Invoice, others: list[Invoice], entry: MoneyEntry, amount: Decimal, *, as_of_then: bool
) -> Invoice:
    kind = KIND.CREDIT_NOTE if amount < 0 else KIND.REVERSAL
    refund = _refund_of(entry)
    frozen = correction_of(order, invoice, others, abs(amount), kind=kind, refund=refund)
    return _write(order, frozen, kind=kind, at=entry.at if as_of_then else None, entry=entry, refund=refund)


def _refund_of(entry: MoneyEntry) -> Refund | None:
    """The refund that a movement is of: by Stripe's name for it, or the one in whose transaction gift cards got theirs."""
    if entry.kind == MoneyEntry.Kind.GIFT_CARD_RETURNED:
        rows = Refund.objects.filter(order=entry.order_id, gift_card_amount__gt=0, created_at__lte=entry.at)
        return rows.order_by("-pk").first()
    if entry.key.startswith(SENT_BACK):
        # What staff sent for a return has its refund's own key.
        key = mark(entry.key.removeprefix(SENT_BACK))
        return Refund.objects.filter(order=entry.order_id, key=key).first() if key else None
    for start in THROUGH_PAYMENT:
        if entry.key.startswith(start):
            return Refund.objects.filter(refund_id=entry.key.removeprefix(start)).first()
    return None


def _write(order: Order, frozen: Frozen, *, kind: str, at: Any = None, **about: Any) -> Invoice:
    """The row, with the next number. The counter is the last that is locked, and only for what is left to do."""
    series = series_of(kind)
    number = next_number(series)
    code, at = written(series, number), at or timezone.now()
    sign = -1 if kind == KIND.CREDIT_NOTE else 1
    return Invoice.objects.create(
        kind=kind,
        series=series,
        number=number,
        code=code,
        order=order,
        buyer=frozen.buyer,
        country=frozen.country,
        currency=order.currency,
        net=sign * frozen.net,
        tax=sign * frozen.tax,
        total=sign * frozen.total,
        at=at,
        data=numbered(frozen, kind=kind, code=code, at=at),
        **about,
    )
