"""What a changed order means for its payments. Written in the transaction of the change."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.dispatch import receiver
from oscar.apps.order.signals import order_status_changed

from shop.giftcards import buying, spending
from shop.order.models import TO_DISPATCH, Order

from . import operations, refunds


@receiver(order_status_changed, dispatch_uid="payment.order_status_changed")
def order_changed(sender: Any, order: Order, old_status: str, new_status: str, **kwargs: Any) -> None:
    """Nobody can pay any more where no money is waited for; what was paid for a cancelled order goes back.

    What an order that was never paid took from gift cards is theirs again.
    """
    if old_status == settings.OSCAR_INITIAL_ORDER_STATUS:
        operations.left_awaiting(order)
    if new_status == "cancelled" and old_status in TO_DISPATCH:
        # Not when Django starts: the books look at payments.
        from shop.ledger.accounts import account

        refunds.refund_cancelled(order, account(order).owed_if_cancelled)
    elif new_status == "cancelled":
        spending.give_back(order, order.gift_card_amount, why="cancelled")
    if new_status == "cancelled":
        # After the refund, which takes back the gift cards that its lines buy.
        buying.cancel_ordered(order)
