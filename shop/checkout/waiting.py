"""The order that a visitor has placed and not paid yet, for whoever closed the payment page or pressed the back button."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse

from shop.order.selectors import instructions_of

from .models import Checkout

# The checkouts that this browser began; a token alone opens nothing.
SESSION_KEY = "checkouts"


@dataclass(frozen=True, slots=True)
class Waiting:
    """An order that waits to be paid online."""

    number: str
    url: str


def waiting_order(request: Any) -> Waiting | None:
    """The newest of this browser; no query where it has ordered nothing."""
    tokens = request.session.get(SESSION_KEY, [])
    if not tokens:
        return None
    mine = {"user": request.user} if request.user.is_authenticated else {"user": None}
    found = (
        Checkout.objects.filter(token__in=tokens, order__status=settings.OSCAR_INITIAL_ORDER_STATUS, **mine)
        .select_related("order__shipping_address", "order__user")
        .order_by("-order_id")
        .first()
    )
    if found is None or found.order is None:
        return None
    told = instructions_of(found.order)
    if told is None or not told.pay_url:
        return None
    return Waiting(found.order.number, reverse("checkout:done", args=[found.token]))
