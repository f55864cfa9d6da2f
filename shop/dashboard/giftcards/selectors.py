"""What the pages about gift cards read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet, Sum

from shop.giftcards.models import GiftCard, GiftCardEntry
from shop.order.models import Order
from shop.payment.models import Refund


@dataclass(frozen=True, slots=True)
class OrderPanel:
    """Gift cards of an order: what they did for it, what went back to them alone, and those that it bought."""

    entries: tuple[GiftCardEntry, ...]
    refunds: tuple[Refund, ...]
    bought: tuple[GiftCard, ...]


def panel_of(order: Order) -> OrderPanel | None:
    """What an order's page shows; one query where it has to do with no card."""
    bought = tuple(GiftCard.objects.filter(line__order=order).order_by("pk"))
    if not bought and not order.gift_card_amount:
        return None
    return OrderPanel(
        tuple(GiftCardEntry.objects.filter(order=order).select_related("card").order_by("pk")),
        tuple(
            Refund.objects.filter(order=order, payment=None, gift_card_amount__gt=0).select_related("by").order_by("pk")
        ),
        bought,
    )


def card_rows() -> QuerySet[GiftCard]:
    """Cards with what the list shows of each; two queries for a page."""
    return GiftCard.objects.select_related("line__order").order_by("-pk")


def narrowed(rows: QuerySet[GiftCard], wanted: dict[str, Any]) -> QuerySet[GiftCard]:
    """Those that fit the form."""
    text = (wanted.get("q") or "").strip()
    if text:
        signs = text.replace("-", "").lstrip("…")
        spent_on = GiftCardEntry.objects.filter(order__number__istartswith=text).values("card")
        rows = rows.filter(
            Q(last4__iexact=signs if len(signs) == 4 else "—")
            | Q(line__order__number__istartswith=text)
            | Q(pk__in=spent_on)
            | Q(recipient_email__icontains=text)
            | Q(recipient_name__icontains=text)
        )
    if state := wanted.get("state"):
        rows = rows.filter(state=state)
    return rows


def outstanding() -> list[Any]:
    """What the shop owes on cards that can be spent, by currency."""
    rows = GiftCard.objects.filter(state__in=(GiftCard.State.ACTIVE, GiftCard.State.BLOCKED), balance__gt=0)
    return list(rows.order_by("currency").values("currency").annotate(sum=Sum("balance")))
