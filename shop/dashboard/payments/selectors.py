"""What the pages about payments read."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Case, Exists, IntegerField, OuterRef, Prefetch, Q, QuerySet, Value, When

from shop.days import between
from shop.order.models import Order
from shop.payment import gateway
from shop.payment.models import Dispute, Payment, Refund, RefundLine, WebhookEvent
from shop.payment.refunds import left_to_refund

# Disputes that wait for the shop's evidence.
WAITS_FOR_US = ("needs_response", "warning_needs_response")
TONES = {
    Payment.State.SUCCEEDED: "paid",
    Payment.State.FAILED: "cancelled",
    Payment.State.EXPIRED: "cancelled",
}


class DisputeRow(NamedTuple):
    """A dispute, and where Stripe shows it; empty in the sandbox."""

    dispute: Dispute
    url: str


@dataclass(frozen=True, slots=True)
class PaymentPanel:
    """One payment as an order's page shows it."""

    payment: Payment
    tone: str
    # Where Stripe shows it; empty in the sandbox.
    url: str
    left: Decimal
    refunds: tuple[Refund, ...]
    disputes: tuple[DisputeRow, ...]


def panels_of(order: Order) -> tuple[PaymentPanel, ...]:
    """The payments of an order with all that became of them; a handful of queries, two more for each that took money."""
    lines = Prefetch("refunds__lines", RefundLine.objects.select_related("line").order_by("pk"))
    refunds = Prefetch("refunds", Refund.objects.select_related("by").order_by("pk"))
    payments = Payment.objects.filter(order=order).prefetch_related(refunds, lines, "disputes").order_by("pk")
    return tuple(
        PaymentPanel(
            payment=each,
            tone=TONES.get(Payment.State(each.state), "awaiting-payment"),
            url=gateway.page_of("payments", each.intent_id or ""),
            left=left_to_refund(each) if each.captured else Decimal(0),
            refunds=tuple(each.refunds.all()),
            disputes=tuple(DisputeRow(one, gateway.page_of("disputes", one.dispute_id)) for one in each.disputes.all()),
        )
        for each in payments
    )


def _open_disputes() -> QuerySet[Dispute]:
    return Dispute.objects.exclude(status__in=Dispute.IS_OVER)


def payment_rows() -> QuerySet[Payment]:
    """Payments with what the list shows of each; those that need somebody know it. Three queries for a page."""
    mine = _open_disputes().filter(payment=OuterRef("pk"))
    return (
        Payment.objects.select_related("order")
        .prefetch_related(Prefetch("disputes", _open_disputes().order_by("pk"), to_attr="open_disputes"), "refunds")
        .annotate(is_disputed=Exists(mine))
        .order_by("-created_at", "-pk")
    )


# A problem that nobody has said to be done, or a dispute that is not over.
NEEDS_SOMEBODY = ~Q(problem="") | Q(is_disputed=True)


def narrowed(rows: QuerySet[Payment], wanted: dict[str, Any]) -> QuerySet[Payment]:
    """Those payments that fit the form."""
    text = (wanted.get("q") or "").strip()
    if text:
        by_refund = Refund.objects.filter(refund_id=text).values("payment")
        by_dispute = Dispute.objects.filter(dispute_id=text).values("payment")
        rows = rows.filter(
            Q(order__number__istartswith=text)
            | Q(intent_id=text)
            | Q(session_id=text)
            | Q(pk__in=by_refund)
            | Q(pk__in=by_dispute)
        )
    state = wanted.get("state")
    if state == "needs":
        rows = rows.filter(NEEDS_SOMEBODY)
    elif state == "refunded":
        rows = rows.filter(refunds__state__in=Refund.COUNTED).distinct()
    elif state:
        rows = rows.filter(state=state)
    return between(rows, "created_at", wanted.get("since"), wanted.get("until"))


def message_rows() -> QuerySet[WebhookEvent]:
    """Stripe's messages, those that failed first; then the newest."""
    failed_first = Case(
        When(state=WebhookEvent.State.FAILED, then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    return WebhookEvent.objects.select_related("payment__order").order_by(failed_first, "-received_at", "pk")


def narrowed_messages(rows: QuerySet[WebhookEvent], wanted: dict[str, Any]) -> QuerySet[WebhookEvent]:
    """Those messages that fit the form."""
    text = (wanted.get("q") or "").strip()
    if text:
        rows = rows.filter(
            Q(type__istartswith=text)
            | Q(event_id=text)
            | Q(object_id=text)
            | Q(payment__order__number__istartswith=text)
        )
    if state := wanted.get("state"):
        rows = rows.filter(state=state)
    return between(rows, "received_at", wanted.get("since"), wanted.get("until"))


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much needs a person."""

    payments: int
    messages: int


def waiting() -> Waiting:
    """Two queries."""
    disputed = Exists(_open_disputes().filter(payment=OuterRef("pk")))
    payments = Payment.objects.annotate(is_disputed=disputed).filter(NEEDS_SOMEBODY).count()
    return Waiting(payments, WebhookEvent.objects.filter(state=WebhookEvent.State.FAILED).count())
