"""The cards that somebody lets Stripe keep. None of them is kept here, so each look is a question to Stripe."""

from __future__ import annotations

from shop.accounts.models import User

from . import gateway
from .models import Customer
from .seen import SeenCard


def cards_of(user: User) -> list[SeenCard]:
    """What Stripe keeps for an account. Raises gateway.Down."""
    customer = Customer.objects.filter(user=user).exclude(customer_id=None).first()
    if customer is None or not gateway.is_configured():
        return []
    try:
        return gateway.cards_of(customer.customer_id or "")
    except gateway.Refused as error:
        if error.code != "resource_missing":
            raise
        # Deleted at Stripe, and the cards with it.
        return []


def card_of(user: User, card_id: str) -> SeenCard | None:
    """One of an account's own cards; None for anybody else's. Raises gateway.Down."""
    return next((card for card in cards_of(user) if card.id == card_id), None)


def forget(user: User, card_id: str) -> bool:
    """Have Stripe forget one of an account's own cards; False for anybody else's, which stays. Raises gateway.Down."""
    if card_of(user, card_id) is None:
        return False
    gateway.forget_card(card_id)
    return True
