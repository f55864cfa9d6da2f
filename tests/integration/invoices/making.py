"""Orders that are paid and given back, and what their documents say."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

from django.utils import timezone
from pypdf import PdfReader

from shop.invoices.models import Invoice
from shop.invoices.pdf import render
from shop.ledger.operations import sent_back
from shop.order.models import Order
from shop.order.states import change_status
from shop.outbox.operations import drain_all
from shop.payment.models import Payment, Refund
from shop.payment.refunds import refund
from shop.payment.seen import SeenRefund
from shop.payment.settling import settle, settle_refund
from tests.integration.ledger.buying import begun, order_of, seen

KIND = Invoice.Kind


def bought(*products: Any, quantity: int = 1) -> Order:
    """An order that waits for its money."""
    made = order_of(*products, quantity=quantity)
    assert made is not None
    return made


def paid(*products: Any, quantity: int = 1) -> Order:
    """An order that was paid by card, its documents not yet issued."""
    made = bought(*products, quantity=quantity)
    payment = begun(made)
    settle(payment.pk, seen(payment))
    made.refresh_from_db()
    assert made.status == "paid"
    return made


def paid_by_bank(*products: Any, quantity: int = 1) -> Order:
    """The same, marked as paid by hand."""
    made = bought(*products, quantity=quantity)
    change_status(made, "paid", why="on the statement")
    return made


def given_back(order: Order, *, status: str = "succeeded", **what: Any) -> Refund:
    """A refund that Stripe knows of."""
    made = refund(order, by=None, why="asked for", **what)
    told(made, status)
    made.refresh_from_db()
    return made


def told(made: Refund, status: str) -> None:
    """What Stripe says of a refund."""
    intent = Payment.objects.get(pk=made.payment_id).intent_id or ""
    settle_refund(
        SeenRefund(
            id=f"re_{made.pk}",
            key=str(made.key),
            intent_id=intent,
            amount=made.amount,
            currency=made.currency,
            status=status,
            created_at=timezone.now(),
            error="",
        )
    )


def by_bank(order: Order, amount: Decimal, token: str = "1") -> None:
    """Staff sent money back by bank."""
    assert sent_back(order, amount, reference="statement 7", token=token, by=None)


def documents(order: Order) -> list[Invoice]:
    """All of an order's, after the worker was there."""
    drain_all()
    return list(Invoice.objects.filter(order=order).order_by("pk"))


def text_of(row: Invoice | dict[str, Any]) -> str:
    """The words of a PDF, page after page."""
    reader = PdfReader(io.BytesIO(render(row if isinstance(row, dict) else row.data)))
    return "\n".join(page.extract_text() for page in reader.pages)


def adds_up(row: Invoice) -> bool:
    """Whether parts, rates, sums and the row itself come to the same, to the penny."""
    totals = {name: Decimal(row.data["totals"][name]) for name in ("net", "tax", "gross")}
    for rows in (row.data["parts"], row.data["rates"]):
        for name, total in totals.items():
            if sum((Decimal(each[name]) for each in rows), Decimal(0)) != total:
                return False
    sign = -1 if row.kind == KIND.CREDIT_NOTE else 1
    same = (row.net, row.tax, row.total) == tuple(sign * totals[name] for name in ("net", "tax", "gross"))
    return same and totals["net"] + totals["tax"] == totals["gross"]
