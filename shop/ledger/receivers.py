"""What changes elsewhere mean for the books. Written in the transaction of the change."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import connections
from django.db.models.signals import post_migrate, pre_delete
from django.dispatch import receiver
from oscar.apps.order.signals import order_status_changed

from shop.order.models import Order
from shop.partner.models import StockRecord

from . import append_only, operations, stock


@receiver(order_status_changed, dispatch_uid="ledger.order_status_changed")
def order_changed(sender: Any, order: Order, old_status: str, new_status: str, **kwargs: Any) -> None:
    """Money that makes an order paid and came past Stripe came by bank transfer."""
    if old_status == settings.OSCAR_INITIAL_ORDER_STATUS and new_status == "paid":
        operations.received(order)


@receiver(pre_delete, sender=StockRecord, dispatch_uid="ledger.stock_record_deleted")
def stock_record_deleted(sender: Any, instance: StockRecord, **kwargs: Any) -> None:
    """What was on the shelf of a deleted stock record is gone with it."""
    stock.gone(instance.pk)


@receiver(post_migrate, dispatch_uid="ledger.append_only")
def tables_changed(sender: Any, using: str, **kwargs: Any) -> None:
    """The triggers are there after every migration."""
    if sender.label == "ledger":
        append_only.put_on(connections[using])
