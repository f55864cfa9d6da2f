"""Gift cards of an account: those that it bought, and those that were sent to its address."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from shop.giftcards.selectors import cards_of

from .common import page


@require_safe
def card_list(request: Any) -> HttpResponse:
    """What is on each, and for whom it is. No code stands here: it is in the mail."""
    return page(request, "gift_cards", {"cards": cards_of(request.user)}, here="gift-cards")
