"""What a document says, written down once when it is issued. The PDF is drawn from this alone, today and in ten years."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils import timezone

from shop.ledger.accounts import PAID_IN
from shop.ledger.models import MoneyEntry
from shop.order.models import Line, Order, OrderDiscount
from shop.order.words import delivery_name
from shop.partner.pricing import TaxTable
from shop.payment import methods
from shop.payment.models import Refund
from themes.formats import country_name

from .models import Invoice
from .parts import ZERO, Part, Remaining, by_rate, rate_between, read
from .seller import seller
from .words import clean, clean_lines, rate_of, text_of

# Grows when what stands in `data` changes; the PDF is drawn by what a document was written with.
VERSION = 1
LETTER = frozenset({"US", "CA"})
DELIVERY = "delivery"


class InvoiceError(Exception):
    """A document cannot be written, because what it would say does not add up. `str()` names what and by how much."""


@dataclass(frozen=True, slots=True)
class Frozen:
    """A document without its number: what the row and the PDF say of it. Amounts as its PDF says them, above 0."""

    data: dict[str, Any]
    buyer: str
    country: str
    net: Decimal
    tax: Decimal
    total: Decimal


def invoice_of(order: Order) -> Frozen:
    """What an order's invoice says. Call it in the order's language.

    Raises InvoiceError where lines and delivery do not come to the order's total.
    """
    lines = list(Line.objects.filter(order=order).order_by("pk"))
    parts = [_part_of(line) for line in lines]
    if order.shipping_incl_tax or order.shipping_excl_tax:
        parts.append(_delivery_part(order, lines))
    rows = [_row_of(line, part, order.currency) for line, part in zip(lines, parts, strict=False)]
    data = {
        **_heading(order),
        "lines": rows,
        "goods": text_of(sum((line.line_price_before_discounts_incl_tax for line in lines), ZERO), order.currency),
        "discounts": _discounts(order, lines),
        "delivery": _delivery_row(order, parts),
        "payments": _payments(order),
    }
    return _summed(order, data, parts)


def correction_of(
    order: Order, invoice: Invoice, others: Sequence[Invoice], amount: Decimal, *, kind: str, refund: Refund | None
) -> Frozen:
    """What a credit note over `amount` says, or the cancellation of one. Call it in the order's language.

    `others` are the corrections that the invoice has already.
    """
    invoiced = [read(row) for row in invoice.data["parts"]]
    if kind == Invoice.Kind.REVERSAL:
        parts = _reversed(others, amount, refund, Remaining([], _credited(others), order.currency))
    else:
        left = Remaining(invoiced, _credited(others), order.currency)
        parts = _credited_now(left, others, amount, refund)
    titles = {row["key"]: row for row in (*invoice.data["lines"], *filter(None, [invoice.data["delivery"]]))}
    rows = []
    for part in parts:
        named = titles.get(part.key, {})
        names = {name: named.get(name, "") for name in ("title", "options", "sku")}
        rows.append({**part.data(order.currency), **names})
    # Whom it was invoiced to, by whom and where it went stays as it was.
    kept = {name: invoice.data[name] for name in ("buyer", "goes_to", "placed_on", "paper", "language", "seller")}
    data = {
        **_heading(order),
        **kept,
        "lines": rows,
        "corrects": {"code": invoice.code, "on": invoice.data["on"]},
    }
    return replace(_summed(order, data, parts, total=amount), buyer=invoice.buyer, country=invoice.country)


def numbered(frozen: Frozen, *, kind: str, code: str, at: datetime) -> dict[str, Any]:
    """The data with what is known only when it is issued."""
    return {**frozen.data, "kind": str(kind), "code": code, "on": _day(at)}


def _credited(others: Sequence[Invoice]) -> list[Part]:
    """The parts of earlier corrections; those of cancelled ones below 0."""
    found = []
    for each in others:
        sign = -1 if each.kind == Invoice.Kind.REVERSAL else 1
        found += [
            Part(part.key, part.rate, sign * part.net, sign * part.gross, sign * part.quantity)
            for part in map(read, each.data["parts"])
        ]
    return found


def _credited_now(left: Remaining, others: Sequence[Invoice], amount: Decimal, refund: Refund | None) -> list[Part]:
    """Line by line where the refund says so, the whole invoice where all of it goes back, else off every rate."""
    if amount == left.gross:
        return left.all()
    parts: list[Part] = []
    if refund is not None:
        for key, part, quantity in _due_of(refund, others, amount):
            parts += left.take(key, part, quantity) if key in left.invoiced else left.spread(part)
    return parts + left.spread(amount - sum((part.gross for part in parts), ZERO))


def _due_of(refund: Refund, others: Sequence[Invoice], amount: Decimal) -> Iterator[tuple[str, Decimal, int]]:
    """The part of a refund that comes next: what goes to gift cards and what goes through the payment are two movements.

    A line whose money goes both ways counts where it begins.
    """
    wanted = [(f"line-{each.line_id}", each.amount, each.quantity) for each in refund.lines.order_by("pk")]
    wanted.append((DELIVERY, refund.delivery, 0))
    before = -sum((each.total for each in others if each.refund_id == refund.pk), ZERO)
    for key, whole, quantity in wanted:
        skipped = min(before, whole)
        before -= skipped
        part = min(whole - skipped, amount)
        amount -= part
        if part:
            yield key, part, 0 if skipped else quantity


def _reversed(others: Sequence[Invoice], amount: Decimal, refund: Refund | None, credited: Remaining) -> list[Part]:
    """The parts of the credit note that is cancelled, or as much of every rate where that is not to be told."""
    same = [each for each in others if refund and each.refund_id == refund.pk and each.kind == Invoice.Kind.CREDIT_NOTE]
    if same and -same[-1].total == amount:
        return [read(row) for row in same[-1].data["parts"]]
    # What is left "below 0" of nothing is what was credited.
    credited.rates = {rate: [-net, -gross] for rate, (net, gross) in credited.rates.items()}
    return credited.spread(amount)


def _part_of(line: Line) -> Part:
    return Part(
        f"line-{line.pk}", rate_of(line.tax_rate), line.line_price_excl_tax, line.line_price_incl_tax, line.quantity
    )


def _row_of(line: Line, part: Part, currency: str) -> dict[str, Any]:
    return {
        **part.data(currency),
        "title": clean(line.title),
        "options": clean(line.option_text),
        "sku": clean(line.partner_sku),
        "each": text_of(line.unit_price_incl_tax or ZERO, currency),
        "before": text_of(line.line_price_before_discounts_incl_tax, currency),
        "discount": text_of(line.line_price_before_discounts_incl_tax - line.line_price_incl_tax, currency),
    }


def _delivery_part(order: Order, lines: Sequence[Line]) -> Part:
    """The delivery. An order does not keep its rate: it is the one that comes to what was charged, where there is one."""
    net, gross = order.shipping_excl_tax, order.shipping_incl_tax
    country = order.shipping_address.country_id if order.shipping_address else settings.SHOP_HOME_COUNTRY
    known = [TaxTable(country).rate(country, order.shipping_tax_code or "standard"), *(line.tax_rate for line in lines)]
    return Part(DELIVERY, rate_between(net, gross, known, order.currency), net, gross)


def _delivery_row(order: Order, parts: Sequence[Part]) -> dict[str, Any] | None:
    name = clean(delivery_name(order)) if order.shipping_method else ""
    part = next((part for part in parts if part.key == DELIVERY), None)
    if part is None:
        return {"key": DELIVERY, "title": name, "gross": text_of(ZERO, order.currency)} if name else None
    return {**part.data(order.currency), "title": name}


def _discounts(order: Order, lines: Sequence[Line]) -> list[dict[str, str]]:
    """What offers and vouchers took off the goods; what they took off the delivery is in its price already.

    Where an order says of its offers something else than its lines do, the lines count, and the discount has no name.
    """
    rows = OrderDiscount.objects.filter(order=order, amount__gt=0, category=OrderDiscount.BASKET).order_by("pk")
    named = [
        (f"{row.offer_name} ({row.voucher_code})" if row.voucher_code else row.offer_name, row.amount) for row in rows
    ]
    given = sum((line.line_price_before_discounts_incl_tax - line.line_price_incl_tax for line in lines), ZERO)
    if sum((amount for _name, amount in named), ZERO) != given:
        named = [("", given)] if given else []
    return [{"title": clean(name), "amount": text_of(amount, order.currency)} for name, amount in named]


def _payments(order: Order) -> list[dict[str, str]]:
    """How it was paid, up to its total. What went back before it was paid does not count."""
    held, paid = ZERO, []
    for row in MoneyEntry.objects.filter(order=order, currency=order.currency).order_by("pk"):
        if row.kind in PAID_IN:
            paid.append(row)
        held += row.amount
        if held <= 0:
            paid = []
    left, found = order.total_incl_tax, []
    for row in paid:
        amount = min(row.amount, left)
        if amount > 0:
            found.append({"kind": row.kind, "on": _day(row.at), "amount": text_of(amount, order.currency)})
            left -= amount
    return found


def _heading(order: Order) -> dict[str, Any]:
    """What every document says of its order."""
    sells = seller()
    billing, delivery = order.billing_address or order.shipping_address, order.shipping_address
    country = billing.country_id if billing else settings.SHOP_HOME_COUNTRY
    return {
        "version": VERSION,
        "language": order.language or settings.LANGUAGE_CODE,
        "paper": "letter" if country in LETTER else "a4",
        "currency": order.currency,
        "order": order.number,
        "placed_on": _day(order.date_placed),
        "seller": {
            "name": clean(sells.name),
            "address": clean_lines(sells.address.splitlines()),
            "tax_id": clean(sells.tax_id),
            "register": clean(sells.register),
            "email": clean(sells.email),
            "phone": clean(sells.phone),
        },
        "buyer": _address(billing),
        "goes_to": _address(delivery),
        "method": _method(order),
    }


def _method(order: Order) -> str:
    try:
        return clean(methods.method(order.payment_method).name)
    except KeyError:
        return ""


def _address(address: Any) -> list[str]:
    if address is None:
        return []
    return clean_lines(
        (
            address.name,
            address.line1,
            address.line2,
            address.line3,
            address.line4,
            address.state,
            address.postcode,
            country_name(address.country_id),
        )
    )


def _summed(order: Order, data: dict[str, Any], parts: Sequence[Part], *, total: Decimal | None = None) -> Frozen:
    wanted = order.total_incl_tax if total is None else total
    gross = sum((part.gross for part in parts), ZERO)
    net = sum((part.net for part in parts), ZERO)
    if gross != wanted or (total is None and net != order.total_excl_tax):
        raise InvoiceError(
            f"order {order.number}: its lines and delivery come to {gross} ({net} without tax), and it should be {wanted}. "
            "Look for a line that was changed by hand, and put it right."
        )
    rates = [part.data(order.currency) for part in by_rate(parts).values()]
    sums = {
        name: text_of(amount, order.currency) for name, amount in (("net", net), ("tax", gross - net), ("gross", gross))
    }
    country = order.shipping_address.country_id if order.shipping_address else ""
    buyer = data["buyer"][0] if data["buyer"] else ""
    full = {**data, "parts": [part.data(order.currency) for part in parts], "rates": rates, "totals": sums}
    return Frozen(full, buyer[:255], country or "", net, gross - net, gross)


def _day(moment: datetime) -> str:
    """The shop's own day."""
    return timezone.localtime(moment).date().isoformat()
