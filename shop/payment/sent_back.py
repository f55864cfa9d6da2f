"""What of an order's money goes back to its buyer, as the buyer is shown it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from operator import attrgetter

from shop.ledger.models import MoneyEntry
from shop.ledger.selectors import SENT_BACK

from .models import Refund


@dataclass(frozen=True, slots=True)
class SentBack:
    """One sum; `to_cards` of it went to gift cards."""

    at: datetime
    total: Decimal
    to_cards: Decimal
    currency: str


def sent_back(order_id: int) -> tuple[SentBack, ...]:
    """In the order in which it was given; what was refused or came back is not there, but what gift cards or the bank gave is.

    Two queries.
    """
    rows = Refund.objects.filter(order_id=order_id).order_by("pk")
    found = [
        SentBack(
            row.created_at,
            row.whole if row.state in Refund.COUNTED else row.whole - row.amount,
            row.gift_card_amount,
            row.currency,
        )
        for row in rows
    ]
    found += _without_refund(order_id, {f"{SENT_BACK}{row.key}" for row in rows})
    return tuple(sorted((each for each in found if each.total), key=attrgetter("at")))


def _without_refund(order_id: int, told: Iterable[str]) -> list[SentBack]:
    """What staff sent by bank of an order that was cancelled; `told` are the keys of what refunds say already."""
    entries = MoneyEntry.objects.filter(order_id=order_id, key__startswith=SENT_BACK).exclude(key__in=told)
    return [SentBack(entry.at, -entry.amount, Decimal(0), entry.currency) for entry in entries]
