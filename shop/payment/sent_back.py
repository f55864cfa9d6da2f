"""What of an order's money goes back to its buyer, as the buyer is shown it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

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

    One query.
    """
    rows = Refund.objects.filter(order_id=order_id).order_by("pk")
    sums = [(row, row.whole if row.state in Refund.COUNTED else row.whole - row.amount) for row in rows]
    return tuple(SentBack(row.created_at, total, row.gift_card_amount, row.currency) for row, total in sums if total)
