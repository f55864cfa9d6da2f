"""What becomes of the gift cards that an order bought when the order changes. In the transaction of the change."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver
from oscar.apps.order.signals import order_status_changed

from shop.order.models import Order

from . import buying


@receiver(order_status_changed, dispatch_uid="giftcards.order_status_changed")
def order_changed(sender: Any, order: Order, old_status: str, new_status: str, **kwargs: Any) -> None:
    """A paid order gets its cards. What a cancelled one does not get any more goes with its money (shop/payment/receivers.py)."""
    if new_status == "paid":
        if old_status == "cancelled":
            buying.order_again(order)
        buying.issue_later(order)
