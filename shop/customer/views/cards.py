"""Cards that Stripe keeps for the next time."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shop.http import see_other
from shop.payment import cards, gateway

from .common import page


@require_safe
def card_list(request: Any) -> HttpResponse:
    """Which there are."""
    try:
        found = cards.cards_of(request.user)
    except gateway.GatewayError:
        return page(request, "cards", {"cards": [], "is_away": True}, here="cards", status=503)
    return page(request, "cards", {"cards": found, "is_away": False}, here="cards")


@require_http_methods(["GET", "HEAD", "POST"])
def forget(request: Any, card: str) -> HttpResponseBase:
    """Ask, then have Stripe forget a card."""
    try:
        if request.method == "POST":
            if not cards.forget(request.user, card):
                raise Http404("no such card")
            messages.success(request, _("The card is forgotten."))
            return see_other(reverse("customer:card-list"))
        found = cards.card_of(request.user, card)
    except gateway.GatewayError:
        messages.error(request, _("Your cards cannot be looked up just now. Try again in a minute."))
        return see_other(reverse("customer:card-list"))
    if found is None:
        raise Http404("no such card")
    return page(request, "card_forget", {"card": found}, here="cards")
