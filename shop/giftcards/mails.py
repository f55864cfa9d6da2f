"""What the mail with a gift card reads. The code is made when it is sent, and stands in no row of the database."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from shop.mail.operations import base_url, context_of

from . import codes
from .models import GiftCard
from .operations import MAIL, code_of


class LostKeyError(Exception):
    """The key that a card's code was made under is not known any more."""


@context_of(MAIL)
def card_context(context: Mapping[str, Any]) -> Mapping[str, Any]:
    """The card with its code. Raises LookupError where it is blocked or was given another code meanwhile."""
    card = GiftCard.objects.filter(pk=context["card"]).first()
    if card is None or card.state != GiftCard.State.ACTIVE or card.version != context["version"]:
        raise LookupError(f"gift card {context['card']} is not to be sent any more")
    code = code_of(card)
    if code is None:
        raise LostKeyError(
            f"gift card {card.pk}: its code was made under a SECRET_KEY that is not known any more. Put that key into "
            f"SECRET_KEY_FALLBACKS, or have the card sent to another address, which gives it a new code."
        )
    shown = codes.grouped(code)
    return {"card": card, "code": shown, "balance_url": base_url() + reverse("giftcards:balance"), "hidden": (shown,)}
