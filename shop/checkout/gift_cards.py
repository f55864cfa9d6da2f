"""Gift cards on the review page: put in by their code, taken out, and what they leave to pay."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from shop import throttle
from shop.basket.quotes import Quote
from shop.giftcards.operations import find
from shop.giftcards.selectors import Cover, card_name, cover, why_not, with_good_codes
from shop.giftcards.spending import MOST_CARDS, not_by_card, typed

from .models import Checkout

ADD, REMOVE = "gift-card", "gift-card-out:"


class GiftCardError(Exception):
    """The card was not put in. `str()` is for the buyer; `status` is the page's."""

    def __init__(self, message: str, *, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


def covered(checkout: Checkout, quote: Quote) -> Cover:
    """What the checkout's cards pay of a price."""
    return cover(
        checkout.gift_cards, total=quote.total_incl, currency=quote.currency, excluded=not_by_card(quote.lines)
    )


def agreed_due(request: Any) -> Decimal | None:
    """What the page that was sent off said is left to pay. It decides nothing: another sum than the true one is refused."""
    try:
        due = Decimal(request.POST["due"])
    except (KeyError, InvalidOperation):
        return None
    return due if due.is_finite() else None


def asks(action: str) -> bool:
    """Whether a button of the review page is about gift cards."""
    return action == ADD or action.startswith(REMOVE)


def act(request: HttpRequest, checkout: Checkout, currency: str) -> str:
    """Put a card in or take one out, as the button says. Returns what to tell the buyer. Raises GiftCardError."""
    action = request.POST.get("do", "")
    if action == ADD:
        return _put_in(request, checkout, request.POST.get("gift_code", ""), currency)
    _change(checkout, lambda held: _without(held, action.removeprefix(REMOVE)))
    return _("The gift card is not used.")


def _put_in(request: HttpRequest, checkout: Checkout, text: str, currency: str) -> str:
    if not text.strip():
        raise GiftCardError(_("Type the code of your gift card first."))
    address = throttle.client_address(request)
    # Counted before it is tried, so that many at once get no further than one after another.
    if wait := throttle.take(throttle.GIFT_CARD_ADDRESS, address):
        raise GiftCardError(throttle.wait_text(wait), status=429)
    card = find(text)
    if card is None:
        raise GiftCardError(_("No gift card has that code. It has 16 letters and digits; dashes do not matter."))
    throttle.give_back(throttle.GIFT_CARD_ADDRESS, address)
    if problem := why_not(card, currency):
        raise GiftCardError(problem)
    others = _without(with_good_codes(checkout.gift_cards), str(card.pk))
    if len(others) >= MOST_CARDS:
        raise GiftCardError(
            _("An order takes %(most)d gift cards. Use more with your next one.") % {"most": MOST_CARDS}
        )
    _change(
        checkout, lambda held: [*_without(with_good_codes(held), str(card.pk)), [card.pk, card.version]][:MOST_CARDS]
    )
    return _("%(card)s pays towards this order.") % {"card": card_name(card)}


def _without(held: list[Any], pk: str) -> list[Any]:
    return [[each, version] for each, version in typed(held).items() if str(each) != pk]


def _change(checkout: Checkout, new: Any) -> None:
    """Two windows at once: the one that comes second changes what the first one left."""
    with transaction.atomic():
        locked = Checkout.objects.select_for_update().get(pk=checkout.pk)
        if locked.order_id is None:
            locked.gift_cards = new(locked.gift_cards)
            locked.save(update_fields=["gift_cards", "updated_at"])
    checkout.gift_cards = locked.gift_cards
