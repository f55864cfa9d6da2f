"""Reading the books."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import F, Q, Sum

from shop.payment.currencies import as_kept

from .models import MoneyEntry

# How the keys of what staff sent back by bank begin; a refund through Stripe has its number there.
SENT_BACK = "sent-back:"


def held(order_id: int) -> Decimal:
    """What the shop holds of an order's money now, in the order's own currency."""
    return _sum(Q(order_id=order_id, currency=F("order__currency")))


def left_by_bank(order_id: int) -> Decimal:
    """What is left of the money that came by bank transfer, and so can only go back by one."""
    return _sum(Q(order_id=order_id) & (Q(kind=MoneyEntry.Kind.RECEIVED) | Q(key__startswith=SENT_BACK)))


def _sum(which: Q) -> Decimal:
    total: Decimal | None = MoneyEntry.objects.filter(which).aggregate(sum=Sum("amount"))["sum"]
    return as_kept(total or Decimal(0))
