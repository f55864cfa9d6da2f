"""The mail with the links of what somebody bought without an account."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from shop import throttle
from shop.mail.operations import base_url, context_of, send
from shop.order.models import Order

from .links import order_path

KIND = "order-links"
# The newest; whoever asks about more had better have an account.
MOST = 20


@dataclass(frozen=True, slots=True)
class OrderLink:
    """One order, and where it opens."""

    number: str
    placed_at: datetime
    total: Decimal
    currency: str
    url: str


def send_order_links(email: str) -> None:
    """Mail the links, where there are any; else do nothing.

    At most three such mails an hour go to one address, without a word: whoever asks learns nothing about who buys here.
    """
    if throttle.take(throttle.MAIL_ACCOUNT, f"{KIND}:{email}"):
        return
    if order := _orders(email).first():
        # To the address as it was given with the order, not as somebody typed it here.
        send(KIND, to=order.guest_email, context={"email": order.guest_email})


@context_of(KIND)
def links_context(context: Mapping[str, Any]) -> Mapping[str, Any]:
    """The orders of the address. Raises LookupError where there are none any more."""
    found = tuple(
        OrderLink(
            order.number, order.date_placed, order.total_incl_tax, order.currency, base_url() + order_path(order.number)
        )
        for order in _orders(context["email"])[:MOST]
    )
    if not found:
        raise LookupError("no order is left")
    return {"orders": found}


def _orders(email: str) -> QuerySet[Order]:
    found: QuerySet[Order] = Order.objects.filter(user=None, guest_email__iexact=email.strip()).order_by("-pk")
    return found
