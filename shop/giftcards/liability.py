"""What the shop owes on gift cards: now, and month by month. All of it is worked out from the entries of the cards.

A month begins with what was owed, and ends with what is owed then: every entry is in one of its columns. That a card is blocked,
or that its last day is over, changes nothing of what is owed; both are told beside it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Case, CharField, Count, DecimalField, F, OuterRef, Q, Sum, Value, When
from django.db.models.functions import Coalesce, TruncMonth
from django.utils import timezone

from shop.payment.currencies import as_kept
from shop.sums import money_of

from .models import GiftCard, GiftCardEntry

KIND = GiftCardEntry.Kind
ZERO = Decimal("0.00")
# In which column an entry is; whatever else there may be once is a change.
COLUMNS = {KIND.SPENT: "spent", KIND.RETURNED: "put_back", KIND.REVOKED: "taken_back"}


@dataclass(frozen=True, slots=True)
class Owed:
    """What is owed in one currency now: on cards that can be spent, on blocked ones, and on those whose last day is over."""

    currency: str
    free: Decimal
    blocked: Decimal
    over: Decimal
    cards: int

    @property
    def all(self) -> Decimal:
        """Together."""
        return self.free + self.blocked + self.over


@dataclass(slots=True)
class Month:
    """One month in one currency. What leaves the cards is below 0. The last three change nothing of what is owed."""

    start: date
    currency: str
    before: Decimal = ZERO
    sold: Decimal = ZERO
    given: Decimal = ZERO
    spent: Decimal = ZERO
    put_back: Decimal = ZERO
    changed: Decimal = ZERO
    taken_back: Decimal = ZERO
    over: Decimal = ZERO
    blocked: Decimal = ZERO
    released: Decimal = ZERO

    @property
    def after(self) -> Decimal:
        """What is owed at its end."""
        return self.before + self.sold + self.given + self.spent + self.put_back + self.changed + self.taken_back


# From the 28th on into the next month.
_FOUR_DAYS = timedelta(days=4)
AMOUNTS = tuple(each.name for each in fields(Month))[2:]


def owed() -> tuple[Owed, ...]:
    """By currency; one query."""
    today = timezone.localdate()
    blocked, over = Q(state=GiftCard.State.BLOCKED), Q(expires_on__lt=today)
    found = (
        GiftCard.objects.filter(balance__gt=0)
        .order_by("currency")
        .values("currency")
        .annotate(
            free=_sum(~blocked & (Q(expires_on=None) | ~over)),
            blocked=_sum(blocked),
            over=_sum(~blocked & over),
            cards=Count("pk"),
        )
    )
    return tuple(
        Owed(row["currency"], as_kept(row["free"]), as_kept(row["blocked"]), as_kept(row["over"]), row["cards"])
        for row in found
    )


def _sum(which: Q) -> Coalesce:
    return Coalesce(Sum("balance", filter=which), ZERO, output_field=DecimalField())


def months() -> tuple[Month, ...]:
    """Every month from the first entry to this one, in each currency that has cards; the oldest first. Three queries."""
    found: dict[tuple[str, date], Month] = {}

    def month(currency: str, day: date) -> Month:
        start = day.replace(day=1)
        return found.setdefault((currency, start), Month(start, currency))

    for row in _moved():
        each = month(row["currency"], row["month"].date())
        setattr(each, row["column"], getattr(each, row["column"]) + as_kept(row["sum"]))
    for currency, day, amount in _ended():
        month(currency, day).over += amount
    for currency, day, kind, amount in _stopped():
        each = month(currency, day)
        if kind == KIND.BLOCKED:
            each.blocked += amount
        else:
            each.released += amount
    return tuple(_without_gaps(found))


def _moved() -> Any:
    columns = [When(kind=kind, then=Value(name)) for kind, name in COLUMNS.items()]
    columns += [
        When(kind=KIND.ISSUED, card__line=None, then=Value("given")),
        When(kind=KIND.ISSUED, then=Value("sold")),
    ]
    column = Case(*columns, default=Value("changed"), output_field=CharField())
    rows = GiftCardEntry.objects.exclude(amount=0).order_by()
    return (
        rows.annotate(month=TruncMonth("at"), currency=F("card__currency"), column=column)
        .values("month", "currency", "column")
        .annotate(sum=Sum("amount"))
    )


def _ended() -> Iterator[tuple[str, date, Decimal]]:
    """What cards held on their last day."""
    entries = GiftCardEntry.objects.filter(card=OuterRef("pk"), at__date__lte=OuterRef("expires_on"))
    rows = GiftCard.objects.filter(expires_on__lt=timezone.localdate()).annotate(
        held=money_of(entries, "amount", "card")
    )
    for currency, day, amount in rows.order_by().values_list("currency", "expires_on", "held").iterator():
        yield currency, day or date.max, as_kept(amount)


def _stopped() -> Iterator[tuple[str, date, str, Decimal]]:
    """What cards held when they were blocked, and when they were free again."""
    before = GiftCardEntry.objects.filter(card=OuterRef("card"), pk__lt=OuterRef("pk"))
    rows = GiftCardEntry.objects.filter(kind__in=(KIND.BLOCKED, KIND.RELEASED)).annotate(
        held=money_of(before, "amount", "card")
    )
    for currency, at, kind, amount in rows.order_by().values_list("card__currency", "at", "kind", "held").iterator():
        yield currency, timezone.localdate(at), kind, as_kept(amount)


def _without_gaps(found: dict[tuple[str, date], Month]) -> Iterator[Month]:
    """Currency by currency, each month with what the one before it ended with."""
    first: dict[str, date] = defaultdict(lambda: date.max)
    for currency, start in found:
        first[currency] = min(first[currency], start)
    last = max([timezone.localdate().replace(day=1), *(start for _currency, start in found)])
    for currency in sorted(first):
        start, before = first[currency], ZERO
        while start <= last:
            each = found.get((currency, start)) or Month(start, currency)
            each.before = before
            before = each.after
            yield each
            start = (start.replace(day=28) + _FOUR_DAYS).replace(day=1)
