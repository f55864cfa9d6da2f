"""Returns as pages and mails show them, and what may come back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Case, F, IntegerField, OuterRef, Q, QuerySet, When
from django.utils import timezone
from django.utils.translation import gettext as _

from shop.catalogue.models import TaxClass
from shop.order.models import Line, Order, ShipmentLine
from shop.payment.models import Refund
from shop.payment.refunds import line_amount
from shop.sums import number_of
from themes.formats import money

from .models import Return, ReturnLine


class Returnable(NamedTuple):
    """How many of a line may come back."""

    line: Any
    most: int


@dataclass(frozen=True, slots=True)
class ReturnLineView:
    """One thing that comes back."""

    id: int
    title: str
    option_text: str
    sku: str
    quantity: int
    reason: str
    received: int
    restocked: int
    refunded: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class ReturnView:
    """All that is shown of a return."""

    number: str
    order_number: str
    currency: str
    state: str
    state_label: str
    asked_at: datetime
    note: str
    answer: str
    send_to: str
    lines: tuple[ReturnLineView, ...]
    can_withdraw: bool
    # What went back altogether: lines, delivery and more; and by which ways, where it is not simply to where it came from online.
    given: Decimal
    ways: tuple[str, ...]

    @property
    def send_to_lines(self) -> list[str]:
        """Where it goes, as it stands on a parcel."""
        return self.send_to.splitlines()


def returnable(order: Order, *, is_late: bool = False) -> list[Returnable]:
    """What of an order may come back: it has left, is in no other return, and (unless `is_late`) is still in time.

    Two queries. What is not sent (a course, a gift card) does not come back.
    """
    since = timezone.now() - timedelta(days=settings.SHOP_RETURN_DAYS)
    shipped = ShipmentLine.objects.filter(line=OuterRef("pk"), shipment__created_at__gte=since)
    lines = (
        Line.objects.filter(order=order, dispatched__gt=0)
        .exclude(tax_code=TaxClass.GIFT_CARD)
        .select_related("product__product_class", "product__parent__product_class")
        .annotate(in_time=number_of(shipped, "quantity", "line"), gone_back=number_of(_of_line(), HELD, "line"))
        .order_by("pk")
    )
    found = []
    for line in lines:
        left = line.dispatched - line.gone_back
        most = left if is_late else min(left, line.in_time)
        if most > 0 and (line.product is None or line.product.get_product_class().requires_shipping):
            found.append(Returnable(line, most))
    return found


# What a return's line takes of its order's line: what is to come, or what came.
HELD = Case(
    When(back__state__in=Return.EXPECTED, then=F("quantity")),
    When(back__state__in=Return.ARRIVED, then=F("received")),
    default=0,
    output_field=IntegerField(),
)


def _of_line() -> QuerySet[ReturnLine]:
    return ReturnLine.objects.filter(line=OuterRef("pk"))


def last_day(order: Order) -> datetime | None:
    """Until when the last of its shipments may come back; None while nothing has left."""
    last = order.shipments.order_by("-created_at").values_list("created_at", flat=True).first()
    return last + timedelta(days=settings.SHOP_RETURN_DAYS) if last else None


def returns_of(order: Order) -> tuple[ReturnView, ...]:
    """All returns of an order, the newest first; two queries."""
    rows = Return.objects.filter(order=order).select_related("refund").prefetch_related("lines__line")
    return tuple(return_view(each, order) for each in rows)


def return_view(back: Return, order: Order) -> ReturnView:
    """One return as it is shown."""
    lines = tuple(
        ReturnLineView(
            id=row.pk,
            title=row.line.title,
            option_text=row.line.option_text,
            sku=row.line.partner_sku,
            quantity=row.quantity,
            reason=row.get_reason_display(),
            received=row.received,
            restocked=row.restocked,
            refunded=row.refunded,
            amount=row.amount,
        )
        for row in back.lines.all()
    )
    return ReturnView(
        number=back.number,
        order_number=order.number,
        currency=order.currency,
        state=back.state,
        state_label=back.get_state_display(),
        asked_at=back.created_at,
        note=back.note,
        answer=back.answer,
        send_to=back.send_to,
        lines=lines,
        can_withdraw=back.can_withdraw,
        given=back.refund.whole if back.refund else Decimal(0),
        ways=_ways(back.refund) if back.refund else (),
    )


def _ways(refund: Refund) -> tuple[str, ...]:
    if refund.amount == refund.whole:
        return ()
    parts = (
        (refund.amount, _("%(amount)s online, the way it was paid")),
        (refund.bank_amount, _("%(amount)s by bank transfer")),
        (refund.gift_card_amount, _("%(amount)s on the gift card")),
    )
    return tuple(text % {"amount": money(amount, refund.currency)} for amount, text in parts if amount)


def can_restock(line: Any) -> bool:
    """Whether what comes back of it can go on the shelf: its stock is counted, and still there."""
    if line.product is None or line.stockrecord_id is None:
        return False
    return bool(line.product.get_product_class().track_stock)


def worth(line: Line, number: int) -> Decimal:
    """What so many of a line come to; all of them to exactly what was paid for it."""
    return line_amount(line, number, line.order.currency)


def waiting() -> int:
    """How many returns wait for staff."""
    return Return.objects.filter(state__in=Return.WAITS_FOR_US).count()


def return_rows() -> QuerySet[Return]:
    """Returns with what the list shows of each, the newest first; two queries for a page."""
    return Return.objects.select_related("order__user", "order__shipping_address").prefetch_related("lines__line")


def narrowed(rows: QuerySet[Return], *, text: str, state: str) -> QuerySet[Return]:
    """Those of `rows` that fit."""
    if text:
        rows = rows.filter(
            Q(number__istartswith=text)
            | Q(order__guest_email__icontains=text)
            | Q(order__user__email__icontains=text)
            | Q(order__shipping_address__last_name__icontains=text)
        )
    groups: dict[str, Sequence[str]] = {"waiting": Return.WAITS_FOR_US}
    return rows.filter(state__in=groups.get(state, (state,))) if state else rows
