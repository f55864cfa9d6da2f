"""What of refunds the customer has, or will have. Of one that was refused, or came back, gift cards and the bank have their part all the same."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import Case, F, Q, QuerySet, Sum, Value, When

from shop.order.models import Line, Order

from .models import Refund, RefundLine

NOTHING = Decimal(0)
_WHOLE = Q(refund__state__in=Refund.COUNTED)


def amount_counted() -> Case:
    """Of a RefundLine, in a query: what has reached the customer of it, or will."""
    return Case(When(_WHOLE, then=F("amount")), default=F("at_once"))


def number_counted() -> Case:
    """Of a RefundLine, in a query: for how many of its line it is; none where only a part of their price was given."""
    return Case(When(_WHOLE | Q(at_once__gt=0, at_once__gte=F("amount")), then=F("quantity")), default=Value(0))


def share_out(at_once: Decimal, amounts: Iterable[Decimal]) -> list[Decimal]:
    """What of each of these amounts goes back at once: one after the other is covered until nothing is left."""
    shares = []
    for amount in amounts:
        shares.append(min(amount, at_once))
        at_once -= shares[-1]
    return shares


def of_line(line: Line, *, besides: Refund | None = None) -> tuple[int, Decimal]:
    """How many of a line were given back, and how much; `besides` one refund."""
    found = RefundLine.objects.filter(line=line)
    return _sums(found.exclude(refund=besides) if besides else found)


def of_what_came_back(line: Line) -> tuple[int, Decimal]:
    """The same, of what had left the house and came back."""
    return _sums(RefundLine.objects.filter(line=line, refund__back__isnull=False))


def of_what_stayed(line_ids: Iterable[int]) -> dict[int, int]:
    """How many of each line were given back and did not come back, by the line's id; without those of which none was. One query.

    They are what has not left the house first.
    """
    rows = RefundLine.objects.filter(line__in=list(line_ids), refund__back=None).order_by().values_list("line")
    return {pk: number for pk, number in rows.annotate(number=Sum(number_counted())) if number}


def for_delivery(order: Order, *, besides: Refund | None = None) -> Decimal:
    """How much of an order's delivery was given back."""
    found = Refund.objects.filter(order=order)
    counted = Case(When(state__in=Refund.COUNTED, then=F("delivery")), default=F("delivery_at_once"))
    rows = found.exclude(pk=besides.pk) if besides else found
    given: Decimal | None = rows.aggregate(sum=Sum(counted))["sum"]
    return given or NOTHING


def was_counted_since(part: RefundLine) -> bool:
    """Whether a later refund of the same line has counted what went back at once by this one."""
    later = RefundLine.objects.filter(line=part.line_id, refund__pk__gt=part.refund_id)
    return part.at_once > 0 and later.filter(_WHOLE).exists()


def _sums(rows: QuerySet[Any]) -> tuple[int, Decimal]:
    sums = rows.aggregate(number=Sum(number_counted()), amount=Sum(amount_counted()))
    return sums["number"] or 0, sums["amount"] or NOTHING
