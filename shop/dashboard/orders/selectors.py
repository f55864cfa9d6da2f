"""What the order pages read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Count, Prefetch, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shop.mail.models import SentMail
from shop.order.models import Line, Order

from .forms import GROUPS

# State -> what the button that leads there says.
ACTIONS = {
    "paid": _("Mark as paid"),
    "partly-dispatched": _("Dispatch the chosen lines"),
    "dispatched": _("Dispatch all that is left"),
    "delivered": _("Mark as delivered"),
    "cancelled": _("Cancel the order"),
}


@dataclass(frozen=True, slots=True)
class Action:
    """One state that an order may go to."""

    to: str
    label: str


def actions_of(order: Order) -> tuple[Action, ...]:
    """The buttons of an order: what the table of states allows from where it is."""
    allowed = settings.OSCAR_ORDER_STATUS_PIPELINE.get(order.status, ())
    return tuple(Action(to, str(ACTIONS.get(to, to))) for to in allowed)


# States in which the shop holds the money for what has not left.
PAID = ("paid", "partly-dispatched")


def owed_back(order: Order) -> Decimal:
    """What the customer has paid for and will not get: of an order that is cancelled, or would be owed if it were.

    All of it while nothing has left, and then what stays of the goods; delivery was used.
    """
    at = order.status
    if at == "cancelled":
        last = order.status_changes.filter(new_status="cancelled").order_by("-pk").first()
        at = last.old_status if last else ""
    if at not in PAID:
        return Decimal(0)
    lines = Line.objects.filter(order=order)
    if not lines.filter(status="dispatched").exists():
        return order.total_incl_tax
    return lines.exclude(status="dispatched").aggregate(sum=Sum("line_price_incl_tax"))["sum"] or Decimal(0)


def order_rows() -> QuerySet[Order]:
    """Orders with what the list shows of each; two queries for a page."""
    return (
        Order.objects.select_related("user", "shipping_address")
        .annotate(line_count=Count("lines"))
        .order_by("-date_placed", "-pk")
    )


def narrowed(
    rows: QuerySet[Order], *, text: str, status: str, since: date | None, until: date | None
) -> QuerySet[Order]:
    """Those of `rows` that fit. Dates are the shop's own days, both included."""
    if text:
        by_line = Line.objects.filter(Q(partner_sku__iexact=text) | Q(title__icontains=text))
        rows = rows.filter(
            Q(number__istartswith=text)
            | Q(guest_email__icontains=text)
            | Q(user__email__icontains=text)
            | Q(user__last_name__icontains=text)
            | Q(shipping_address__last_name__icontains=text)
            | Q(shipping_address__first_name__icontains=text)
            | Q(pk__in=by_line.values("order"))
        )
    if status:
        rows = rows.filter(status__in=GROUPS.get(status, (status,)))
    zone = timezone.get_current_timezone()
    if since:
        rows = rows.filter(date_placed__gte=datetime.combine(since, time.min, zone))
    if until:
        rows = rows.filter(date_placed__lte=datetime.combine(until, time.max, zone))
    return rows


def order_with_all(number: str) -> QuerySet[Order]:
    """One order with what its page shows besides its lines."""
    from shop.order.models import OrderStatusChange

    return (
        Order.objects.filter(number=number)
        .select_related("user", "shipping_address__country", "billing_address__country")
        .prefetch_related(
            Prefetch("status_changes", OrderStatusChange.objects.select_related("by").order_by("pk")),
            "notes__user",
            "sources__source_type",
        )
    )


def mails_of(order: Order) -> list[Any]:
    """The mails that told the customer of this order, the newest first."""
    return list(
        SentMail.objects.filter(to=order.email, kind__startswith="order-", text__contains=order.number).only(
            "kind", "to", "subject", "sent_at"
        )[:50]
    )
