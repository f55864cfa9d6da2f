"""Gift cards as the checkout and the pages show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from shop.accounts.models import User
from shop.accounts.personal import proven_email

from .models import GiftCard, GiftCardEntry
from .spending import share_out, still_good, typed

SHOWN = 100


@dataclass(frozen=True, slots=True)
class CardInUse:
    """A card in a checkout. `amount` is what it pays; `why_not` says why that is nothing."""

    id: int
    name: str
    amount: Decimal
    left: Decimal
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Cover:
    """What gift cards pay, and what they leave to be paid."""

    cards: tuple[CardInUse, ...]
    due: Decimal


def cover(held: Sequence[Any], *, total: Decimal, currency: str, excluded: Decimal = Decimal(0)) -> Cover:
    """What the cards that a checkout holds would pay of a total now. No query where there are none."""
    if not held:
        return Cover((), total)
    versions = typed(held)
    found = still_good(GiftCard.objects.in_bulk(versions), versions)
    parts = share_out(found, list(versions), total=total, currency=currency, excluded=excluded)
    amounts = {part.card.pk: part.amount for part in parts}
    cards = tuple(
        CardInUse(
            id=pk,
            name=card_name(found[pk]),
            amount=amounts.get(pk, Decimal(0)),
            left=found[pk].balance - amounts.get(pk, Decimal(0)),
            why_not="" if pk in amounts else why_not(found[pk], currency) or _("There is nothing left for it to pay."),
        )
        for pk in versions
        if pk in found
    )
    return Cover(cards, total - sum(amounts.values(), Decimal(0)))


def with_good_codes(held: Sequence[Any]) -> list[list[int]]:
    """Those of the cards that a checkout holds which have no other code by now, as it holds them: id and version."""
    versions = typed(held)
    return [[pk, versions[pk]] for pk in still_good(GiftCard.objects.in_bulk(versions), versions)]


def card_name(card: GiftCard) -> str:
    """What a page calls a card."""
    return _("Gift card %(card)s") % {"card": card}


def why_not(card: GiftCard, currency: str, today: date | None = None) -> str:
    """Why a card pays for nothing in this currency now; nothing where it does."""
    if card.state == GiftCard.State.BLOCKED:
        return _("This gift card is blocked. Write to us, and we see to it.")
    if card.state == GiftCard.State.CANCELLED:
        return _("This gift card was taken back.")
    if card.state != GiftCard.State.ACTIVE:
        return _("This gift card cannot be spent yet.")
    if card.is_over(today):
        return _("The last day of this gift card is over.")
    if card.currency != currency:
        return _("This gift card is in %(theirs)s, and you pay in %(ours)s.") % {
            "theirs": card.currency,
            "ours": currency,
        }
    if card.balance <= 0:
        return _("This gift card is empty.")
    return ""


def held(card: GiftCard) -> Decimal:
    """What of a card an order holds that is not paid yet: it comes back to the card if the order is not paid. One query."""
    rows = GiftCardEntry.objects.filter(card=card, order__status=settings.OSCAR_INITIAL_ORDER_STATUS)
    return -(rows.aggregate(sum=Sum("amount"))["sum"] or Decimal(0))


@dataclass(frozen=True, slots=True)
class OwnCard:
    """A card in an account. What is left of it is for whom it was sent to, not for who gave it away."""

    name: str
    is_mine: bool
    amount: Decimal
    balance: Decimal
    currency: str
    who: str
    sender: str
    order: str
    expires_on: date | None
    why_not: str


def cards_of(user: User) -> tuple[OwnCard, ...]:
    """Cards that a person bought, and those sent to an address that is known to be theirs. One query."""
    address = proven_email(user).lower()
    rows = GiftCard.objects.filter(of_person(user)).select_related("line__order").order_by("-pk")
    return tuple(
        OwnCard(
            name=card_name(card) if card.last4 else _("Gift card"),
            is_mine=bool(address) and card.recipient_email.lower() == address,
            amount=card.amount,
            balance=card.balance,
            currency=card.currency,
            who=card.recipient_name or card.recipient_email,
            sender=card.sender_name,
            order=card.line.order.number if card.line and card.line.order.user_id == user.pk else "",
            expires_on=card.expires_on,
            why_not=why_not(card, card.currency),
        )
        for card in rows[:SHOWN]
    )


def of_person(user: User) -> Q:
    """Cards that a person bought, or that were sent to an address which is known to be theirs."""
    mine = Q(line__order__user=user)
    if address := proven_email(user):
        # Not what is still to be sent: that would spoil the surprise.
        mine |= Q(recipient_email__iexact=address, sent_at__isnull=False)
    return mine
