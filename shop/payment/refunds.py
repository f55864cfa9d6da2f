"""Giving money back. A refund is a row first; the worker asks Stripe for it, as often as it takes, and it is sent once."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from shop.catalogue.models import TaxClass
from shop.giftcards import buying, spending
from shop.ledger.operations import BooksError, sent_back
from shop.ledger.selectors import left_by_bank
from shop.order.models import Line, Order
from shop.outbox.operations import enqueue
from themes.formats import money

from . import given
from .currencies import is_payable, rounded, smallest
from .models import Dispute, Payment, Refund, RefundLine

TOPIC = "payment.refund"
NOTHING = Decimal(0)
# Where the bank of the customer holds no money: it gave it back, or only asks.
HOLDS_NOTHING = Q(status__in=("won", "prevented")) | Q(status__startswith="warning_")


class RefundError(Exception):
    """Nothing was refunded. `str()` is for staff; `field` is what it is about: "line-<id>", "delivery", "extra",
    "reference" or nothing."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class Part:
    """So many of a line, and what they come to."""

    line: Line
    quantity: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Ways:
    """By which ways an amount goes back: through the payment as far as that took money, then by bank, then to gift cards.

    What goes by bank is sent by staff.
    """

    payment: Payment | None
    by_payment: Decimal
    by_bank: Decimal
    to_cards: Decimal


@dataclass(frozen=True, slots=True)
class Quote:
    """What a refund comes to, and by which ways it goes."""

    parts: tuple[Part, ...]
    delivery: Decimal
    extra: Decimal
    amount: Decimal
    ways: Ways


def left_to_refund(payment: Payment) -> Decimal:
    """How much of what was taken is not given back, nor on its way, nor held by the customer's bank."""
    sent = payment.refunds.filter(state__in=Refund.COUNTED).aggregate(sum=Sum("amount"))["sum"]
    disputed = Dispute.objects.filter(payment=payment).exclude(HOLDS_NOTHING).aggregate(sum=Sum("amount"))["sum"]
    return max(payment.captured - (sent or NOTHING) - (disputed or NOTHING), NOTHING)


def line_left(line: Line, *, besides: Refund | None = None) -> int:
    """How many of a line may still be refunded; `besides` what one refund is for."""
    return int(line.quantity) - given.of_line(line, besides=besides)[0]


def line_amount(line: Line, quantity: int, currency: str = "") -> Decimal:
    """What `quantity` more of a line are worth; all of them together are worth exactly what was paid for the line."""
    number, amount = given.of_line(line)
    due = line.line_price_incl_tax
    if number + quantity < line.quantity:
        due = rounded(due * (number + quantity) / line.quantity, currency or line.order.currency)
    return max(due - amount, NOTHING)


def delivery_left(order: Order, *, besides: Refund | None = None) -> Decimal:
    """How much of what the delivery cost may still be refunded as such."""
    return max(order.shipping_incl_tax - given.for_delivery(order, besides=besides), NOTHING)


def quote(
    order: Order, *, lines: Mapping[int, int] | None = None, delivery: Decimal = NOTHING, extra: Decimal = NOTHING
) -> Quote:
    """What giving back these lines (line id: how many), this much of the delivery and an extra amount comes to.

    Raises RefundError where nothing is asked for, a line has fewer left, or more is asked for than is left of what was paid.
    """
    currency = order.currency
    chosen = _lines(order, lines or {})
    parts = tuple(Part(line, number, line_amount(line, number, currency)) for line, number in chosen)
    for name, amount in (("delivery", delivery), ("extra", extra)):
        if amount < 0:
            raise RefundError(_("%(amount)s is less than nothing.") % {"amount": amount}, field=name)
        if not is_payable(amount, currency):
            text = _("%(amount)s cannot be sent: %(currency)s is paid in steps of %(step)s.")
            raise RefundError(text % {"amount": amount, "currency": currency, "step": smallest(currency)}, field=name)
    if delivery > (most := delivery_left(order)):
        text = _("%(amount)s are to be refunded of the delivery, and %(left)s are left of it.")
        raise RefundError(text % {"amount": money(delivery, currency), "left": money(most, currency)}, field="delivery")
    amount = sum((part.amount for part in parts), NOTHING) + delivery + extra
    if amount <= 0:
        raise RefundError(_("Say what is to be refunded: lines, an amount, or both."))
    return Quote(parts, delivery, extra, amount, _ways(order, amount))


def _ways(order: Order, amount: Decimal) -> Ways:
    """The payment that gives it, then what came by bank, and then the gift cards. Raises RefundError."""
    left = {each: left_to_refund(each) for each in Payment.objects.filter(order=order, captured__gt=0).order_by("pk")}
    payment = next((each for each, rest in left.items() if rest >= amount), None)
    if payment is not None:
        return Ways(payment, amount, NOTHING, NOTHING)
    most = max(left.values(), default=NOTHING)
    by_bank, on_cards = min(max(left_by_bank(order.pk), NOTHING), amount - most), spending.left_on_order(order)
    if amount > most + by_bank + on_cards:
        values = {"amount": money(amount, order.currency), "number": order.number}
        values["left"] = money(most + by_bank + on_cards, order.currency)
        text = _("%(amount)s is more than the %(left)s that is left of what was paid for order %(number)s.")
        raise RefundError(text % values)
    payment = next((each for each, rest in left.items() if rest == most and rest > 0), None)
    return Ways(payment, most, by_bank, amount - most - by_bank)


def refund(
    order: Order,
    *,
    lines: Mapping[int, int] | None = None,
    delivery: Decimal = NOTHING,
    extra: Decimal = NOTHING,
    by: Any,
    why: str,
    key: uuid.UUID | None = None,
    reference: str = "",
) -> Refund:
    """Give back lines (line id: how many), delivery, and an extra amount. Returns the refund, which is under way.

    What came by bank staff has sent, by this `reference`; it is only written down. Asked again with the same `key`, it is the
    same refund. Raises RefundError as `quote` does, and where a reference is missing; then nothing is written.
    """
    with transaction.atomic():
        locked = Order.objects.select_for_update().get(pk=order.pk)
        list(Payment.objects.select_for_update().filter(order=order).order_by("pk"))
        if key and (made := Refund.objects.filter(key=key, order=order).first()):
            return made
        found = quote(locked, lines=lines, delivery=delivery, extra=extra)
        return _write(locked, found, by=by, why=why, key=key, reference=reference)


def _write(
    order: Order, found: Quote, *, by: Any, why: str, key: uuid.UUID | None = None, reference: str = ""
) -> Refund:
    amounts = [*(part.amount for part in found.parts), found.delivery]
    *shares, of_delivery = given.share_out(found.ways.to_cards + found.ways.by_bank, amounts)
    made = _refund(
        order, found.ways, by=by, why=why, delivery=found.delivery, delivery_at_once=of_delivery, key=key, reference=reference
    )  # fmt: skip
    RefundLine.objects.bulk_create(
        RefundLine(refund=made, line=part.line, quantity=part.quantity, amount=part.amount, at_once=share)
        for part, share in zip(found.parts, shares, strict=True)
    )
    for part in found.parts:
        try:
            buying.take_back(part.line, part.quantity, by=by, why=why)
        except spending.CardError as error:
            raise RefundError(str(error), field=f"line-{part.line.pk}") from error
    return made


def _lines(order: Order, wanted: Mapping[int, int]) -> list[tuple[Line, int]]:
    found = {line.pk: line for line in Line.objects.filter(order=order, pk__in=wanted)}
    for pk, quantity in wanted.items():
        line = found.get(pk)
        if line is None:
            raise RefundError(_("Order %(number)s has no line %(line)s.") % {"number": order.number, "line": pk})
        if not 0 < quantity <= line_left(line):
            text = _("%(title)s: %(wanted)s are to be refunded, and %(left)s are left.")
            values = {"title": line.title, "wanted": quantity, "left": line_left(line)}
            raise RefundError(text % values, field=f"line-{pk}")
        if problem := buying.cannot_take_back(line, quantity):
            raise RefundError(problem, field=f"line-{pk}")
    return [(found[pk], quantity) for pk, quantity in wanted.items()]


def refund_payment(payment: Payment, amount: Decimal, *, by: Any, why: str) -> Refund:
    """Write a refund of a payment that the caller has locked, and have the worker ask for it. Raises RefundError."""
    return _refund(payment.order, Ways(payment, amount, NOTHING, NOTHING), by=by, why=why)


def _refund(
    order: Order,
    ways: Ways,
    *,
    by: Any,
    why: str,
    delivery: Decimal = NOTHING,
    delivery_at_once: Decimal = NOTHING,
    key: uuid.UUID | None = None,
    reference: str = "",
) -> Refund:
    """Write it down, give gift cards their part at once, and have the worker ask for what goes online. Raises RefundError."""
    payment, amount, to_cards = ways.payment, ways.by_payment, ways.to_cards
    if ways.by_bank and not reference:
        text = _("%(amount)s of it go back by bank: send them there, and say by which reference you have.")
        raise RefundError(text % {"amount": money(ways.by_bank, order.currency)}, field="reference")
    if payment and not 0 < amount <= (left := left_to_refund(payment)):
        raise RefundError(
            _("%(amount)s cannot be refunded: %(left)s is left of this payment.") % {"amount": amount, "left": left}
        )
    made = Refund.objects.create(
        key=key or uuid.uuid4(),
        order=order,
        payment=payment,
        amount=amount,
        gift_card_amount=to_cards,
        bank_amount=ways.by_bank,
        currency=payment.currency if payment else order.currency,
        state=Refund.State.WANTED if payment else Refund.State.SUCCEEDED,
        delivery=delivery,
        delivery_at_once=delivery_at_once,
        by=by,
        why=why[:255],
    )
    if to_cards and spending.give_back(order, to_cards, why=why) != to_cards:
        raise RefundError(_("%(amount)s is more than gift cards have paid.") % {"amount": to_cards})
    if ways.by_bank:
        try:
            sent_back(order, ways.by_bank, reference=reference, token=str(made.key), by=by)
        except BooksError as error:
            raise RefundError(str(error)) from error
    if payment:
        enqueue(TOPIC, {"refund": made.pk}, key=str(made.key))
    return made


def try_again(refund_id: int, *, by: Any) -> Refund:
    """Ask once more for a refund that Stripe refused. Raises RefundError where it was not, or what it is for is given back."""
    order_id = Refund.objects.values_list("order_id", flat=True).get(pk=refund_id)
    with transaction.atomic():
        Order.objects.select_for_update().get(pk=order_id)
        again = Refund.objects.select_related("payment").get(pk=refund_id)
        payment = Payment.objects.select_for_update().filter(pk=again.payment_id or 0).first()
        if payment is None or again.state != Refund.State.REFUSED:
            raise RefundError(
                _("This refund was not refused: it is “%(state)s”.") % {"state": again.get_state_display()}
            )
        for part in again.lines.select_related("line"):
            if part.quantity > (number := line_left(part.line, besides=again)):
                text = _("%(title)s: %(wanted)s are to be refunded, and %(left)s are left.")
                raise RefundError(text % {"title": part.line.title, "wanted": part.quantity, "left": number})
            if given.was_counted_since(part):
                text = _(
                    "%(title)s: another refund has counted what gift cards or the bank gave for it. Refund what is left."
                )
                raise RefundError(text % {"title": part.line.title})
        if again.delivery > (most := delivery_left(again.order, besides=again)):
            text = _("%(amount)s are to be refunded of the delivery, and %(left)s are left of it.")
            raise RefundError(text % {"amount": again.delivery, "left": most})
        if again.amount > (left := left_to_refund(payment)):
            text = _("%(amount)s cannot be refunded: %(left)s is left of this payment.")
            raise RefundError(text % {"amount": again.amount, "left": left})
        # A new key: under the old one Stripe would only repeat its no.
        again.key, again.state, again.error, again.by = uuid.uuid4(), Refund.State.WANTED, "", by
        again.save()
        enqueue(TOPIC, {"refund": again.pk}, key=str(again.key))
    return again


def refund_cancelled(order: Order, owed: Decimal) -> None:
    """Give back what a cancelled order owes by the books: out of its payments with Stripe, and then to its gift cards.

    In the cancellation's own transaction. What came by bank is for staff to send, and comes before gift cards, too.
    """
    payments = list(Payment.objects.select_for_update().filter(order=order, captured__gt=0).order_by("pk"))
    if owed <= 0 or not (payments or order.gift_card_amount):
        return
    parts = _parts_that_stayed(order)
    # Where something has left the house, its delivery was used; gift cards go by e-mail.
    gone = Line.objects.filter(order=order, dispatched__gt=0).exclude(tax_code=TaxClass.GIFT_CARD)
    delivery = NOTHING if gone.exists() else delivery_left(order)
    why = "the order was cancelled"
    amount = sum((part.amount for part in parts), NOTHING) + delivery
    if 0 < amount == owed:
        # Line by line or not at all: what was written before an error is taken back with it.
        with suppress(RefundError), transaction.atomic():
            _write(order, Quote(parts, delivery, NOTHING, amount, _ways(order, amount)), by=None, why=why)
            return
    # What was given before was for no line, or there are several payments: by amounts, then.
    for payment in payments:
        amount = min(owed, left_to_refund(payment))
        if amount > 0:
            refund_payment(payment, amount, by=None, why=why)
            owed -= amount
    if order.gift_card_amount:
        amount = min(owed - left_by_bank(order.pk), spending.left_on_order(order))
        if amount > 0:
            _refund(order, Ways(None, NOTHING, NOTHING, amount), by=None, why=why)


def _parts_that_stayed(order: Order) -> tuple[Part, ...]:
    """What never left the house and is not refunded yet, to the penny: a refund of a line counts for that part first.

    What was refunded because it came back does not.
    """
    parts = []
    for line in Line.objects.filter(order=order).order_by("pk"):
        number, amount = given.of_line(line)
        back_number, back_amount = given.of_what_came_back(line)
        number, amount = number - back_number, amount - back_amount
        stayed, worth = line.quantity - line.dispatched, line.line_price_incl_tax - line.dispatched_amount
        if number < stayed and amount < worth:
            parts.append(Part(line, stayed - number, worth - amount))
    return tuple(parts)
