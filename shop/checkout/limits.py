"""How much one visitor may order: nobody empties the shop's shelves with orders that are never paid.

Counted where a person presses the button, before the order is placed, and given back where none came of it.
"""

from __future__ import annotations

from django.conf import settings
from django.db.models import Sum
from django.utils.translation import gettext as _

from shop import throttle
from shop.basket.models import Line
from shop.order.selectors import unpaid_of

from .models import Checkout

Taken = list[tuple[throttle.Limit, str, int]]


class TooMuchError(Exception):
    """Not now, or not so much. `str()` is for the buyer; `wait` is in seconds, 0 where waiting alone does not help."""

    def __init__(self, message: str, *, wait: int = 0) -> None:
        super().__init__(message)
        self.wait = wait


def take(checkout: Checkout, client: str) -> Taken:
    """Count an order of `checkout` from the address `client`. Returns what to give back. Raises TooMuchError."""
    wanted = Line.objects.filter(basket_id=checkout.basket_id).aggregate(units=Sum("quantity"))["units"] or 0
    waiting = unpaid_of(checkout.email)
    limit = settings.SHOP_MAX_UNPAID_ORDERS
    if waiting.orders >= limit:
        raise TooMuchError(
            _("%(count)d orders to %(email)s wait for their payment, which is as many as we hold. Pay one first.")
            % {"count": waiting.orders, "email": checkout.email}
        )
    limit = settings.SHOP_MAX_UNPAID_UNITS
    if waiting.units + wanted > limit:
        raise TooMuchError(
            _(
                "We hold up to %(limit)d things that are not paid yet, and with this order it would be %(count)d. "
                "Take something out of the basket, pay an earlier order, or write to us for more."
            )
            % {"limit": limit, "count": waiting.units + wanted}
        )
    taken: Taken = []
    for each, who, amount in (
        (throttle.ORDER_ADDRESS, client, 1),
        (throttle.ORDER_EMAIL, checkout.email, 1),
        (throttle.ORDER_UNITS_ADDRESS, client, wanted),
    ):
        taken.append((each, who, amount))
        if wait := throttle.take(each, who, amount=amount):
            give_back(taken)
            text = _("Your basket and what you typed are kept.")
            raise TooMuchError(f"{throttle.wait_text(wait)} {text}", wait=wait)
    return taken


def give_back(taken: Taken) -> None:
    """No order came of it."""
    for limit, who, amount in taken:
        throttle.give_back(limit, who, amount=amount)
