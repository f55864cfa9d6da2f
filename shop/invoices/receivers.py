"""What asks for a document. Written in the transaction of what happened, so that none can be forgotten."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver

from shop.ledger.models import MoneyEntry
from shop.order.models import OrderStatusChange

from .crediting import MOVES
from .operations import issue_later


@receiver(post_save, sender=OrderStatusChange, dispatch_uid="invoices.order_paid")
def order_paid(sender: Any, instance: OrderStatusChange, created: bool, **kwargs: Any) -> None:
    """An order that becomes paid wants its invoice, also one that costs nothing and one that lives again."""
    if created and instance.new_status == "paid":
        issue_later(instance.order_id)


@receiver(post_save, sender=MoneyEntry, dispatch_uid="invoices.money_went_back")
def money_went_back(sender: Any, instance: MoneyEntry, created: bool, **kwargs: Any) -> None:
    """Money that goes back, or comes back again, wants a correction."""
    if created and instance.kind in MOVES:
        issue_later(instance.order_id)
