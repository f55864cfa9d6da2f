"""What is held about people beside their gift cards: for whom one is, what was written to them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from shop.accounts.models import User
from shop.accounts.personal import Holding, proven_email, register

from .models import GiftCard
from .selectors import of_person


def _of(user: User) -> QuerySet[GiftCard]:
    """Those that a person bought, and those that were sent to an address which is known to be theirs."""
    return GiftCard.objects.filter(of_person(user)).order_by("pk")


def _export(user: User) -> Iterator[dict[str, Any]]:
    address = proven_email(user).lower()
    for card in _of(user).select_related("line__order"):
        is_buyer = card.line is not None and card.line.order.user_id == user.pk
        yield {
            "card": str(card),
            "amount": card.amount,
            # How much of a gift is left is for whom it was given to.
            "balance": card.balance if address and card.recipient_email.lower() == address else None,
            "currency": card.currency,
            "bought": is_buyer,
            "recipient_name": card.recipient_name,
            "recipient_email": card.recipient_email,
            "sender": card.sender_name,
            "message": card.message,
            "issued": card.issued_at,
        }


def _forget(user: User) -> None:
    """The money on a card is somebody's and stays; who it was for is forgotten once it was sent."""
    nobody = {"recipient_name": "", "sender_name": "", "message": ""}
    address = proven_email(user)
    sent = _of(user).exclude(sent_at=None)
    if address:
        GiftCard.objects.filter(pk__in=sent.values("pk"), recipient_email__iexact=address).update(recipient_email="")
    GiftCard.objects.filter(pk__in=list(sent.values_list("pk", flat=True))).update(**nobody)
    GiftCard.objects.filter(line__order__user=user, sent_at=None).update(sender_name="")


register(
    Holding(
        name="gift_cards",
        about="Gift cards that you bought or were given. After deletion their money stays, for whoever has the code.",
        fields={
            "card": "the last four signs of its code",
            "amount": "what it was worth at first",
            "balance": "what is left of one that was sent to you",
            "currency": "ISO 4217 code",
            "bought": "whether you bought it",
            "recipient_name": "for whom",
            "recipient_email": "where it was sent",
            "sender": "from whom",
            "message": "what was written with it",
            "issued": "since when it can be spent",
        },
        export=_export,
        forget=_forget,
        place=5,
    )
)
