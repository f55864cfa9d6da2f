"""What the order pages read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Count, Prefetch, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from shop.days import between
from shop.ledger.accounts import Account, account, accounts
from shop.ledger.models import MoneyEntry
from shop.ledger.selectors import SENT_BACK
from shop.mail.models import SentMail
from shop.order.models import TO_DISPATCH, Line, Order
from shop.payment.given import of_what_stayed
from shop.payment.models import Dispute

from .forms import GROUPS

# State -> what the button that leads there says.
ACTIONS = {
    "paid": _("Mark as paid"),
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
    """The buttons of an order: what the table of states allows from where it is. What leaves in part has a page of its own."""
    allowed = settings.OSCAR_ORDER_STATUS_PIPELINE.get(order.status, ())
    return tuple(Action(to, str(ACTIONS[to])) for to in allowed if to in ACTIONS)


@dataclass(frozen=True, slots=True)
class Owed:
    """What the customer has paid for and will not get, by the books. What came through Stripe goes back by itself."""

    by_bank: Decimal
    by_itself: Decimal
    # What is left of the money that came by bank, also where none of it is owed.
    left_by_bank: Decimal


def owed_back(order: Order, *, money: Account | None = None) -> Owed:
    """Of an order that is cancelled, or would be owed if it were. One query where the `money` is not known."""
    return _owed(money or account(order))


def _owed(found: Account) -> Owed:
    owed = found.owed_if_cancelled
    by_itself = min(owed, max(found.left - found.by_bank, Decimal(0)))
    return Owed(owed - by_itself, by_itself, found.by_bank)


def owed_by_bank() -> list[str]:
    """The numbers of cancelled orders whose money somebody has to send back by bank, oldest first. One query."""
    by_bank = Q(kind=MoneyEntry.Kind.RECEIVED) | Q(key__startswith=SENT_BACK)
    held = MoneyEntry.objects.filter(by_bank, order__status="cancelled").order_by().values("order")
    # Half of the least coin: SQLite adds in floats.
    orders = Order.objects.filter(
        pk__in=held.annotate(left=Sum("amount")).filter(left__gt=Decimal("0.005")).values("order")
    )
    return [found.number for found in accounts(orders) if _owed(found).by_bank > 0]


class PaidBack(NamedTuple):
    """So many of a line that are still here, although their money went back."""

    line_id: int
    title: str
    quantity: int


def refunded_here(order: Order, lines: Iterable[Any], *, money: Account | None = None) -> tuple[PaidBack, ...]:
    """What of an order would leave the house and was paid back: of a line so many, or all where all of the order's money was.

    `lines` have an id, a title and `left_open`. Two queries; one less where the `money` is known. What a bank holds for a
    dispute is not paid back yet.
    """
    here = [line for line in lines if line.left_open] if order.status in TO_DISPATCH else []
    if not here:
        return ()
    return _refunded_of(here, money or account(order), of_what_stayed(line.id for line in here))


def _refunded_of(lines: Iterable[Any], money: Account, given_back: Mapping[int, int]) -> tuple[PaidBack, ...]:
    is_all = money.paid_in > 0 and money.left - money.disputed <= 0
    numbers = [(each, each.left_open if is_all else min(given_back.get(each.id, 0), each.left_open)) for each in lines]
    return tuple(PaidBack(each.id, each.title, number) for each, number in numbers if number)


def order_rows() -> QuerySet[Order]:
    """Orders with what the list shows of each; two queries for a page."""
    return (
        Order.objects.select_related("user", "shipping_address")
        .annotate(line_count=Count("lines"))
        .order_by("-date_placed", "-pk")
    )


def disputed_among(orders: Iterable[Order]) -> frozenset[int]:
    """Which of these orders leave the house at the shop's own risk, because a bank takes their money back; one query."""
    rows = Dispute.objects.filter(payment__order__in=[order.pk for order in orders]).select_related("payment")
    return frozenset(row.payment.order_id for row in rows if row.is_risk)


def refunded_among(orders: Iterable[Order]) -> frozenset[int]:
    """Of which of these orders something would leave the house that was paid back. Three queries, or none where nothing is to leave."""
    waiting = {order.pk: order for order in orders if order.status in TO_DISPATCH}
    if not waiting:
        return frozenset()
    lines: dict[int, list[Line]] = defaultdict(list)
    for line in Line.objects.filter(order__in=waiting, status="open"):
        lines[line.order_id].append(line)
    given_back = of_what_stayed(line.pk for each in lines.values() for line in each)
    money = {each.pk: each for each in accounts(Order.objects.filter(pk__in=waiting))}
    return frozenset(pk for pk, each in lines.items() if _refunded_of(each, money[pk], given_back))


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
    return between(rows, "date_placed", since, until)


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
        SentMail.objects.filter(
            Q(kind__startswith="order-") | Q(kind__startswith="payment-") | Q(kind="refund-failed"),
            to=order.email,
            text__contains=order.number,
        ).only("kind", "to", "subject", "sent_at")[:50]
    )
