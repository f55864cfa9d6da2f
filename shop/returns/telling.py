"""Telling the customer of the money: once, in one mail, when all of it is in the books.

Written with what changes the books, and done by the worker, which is also who asks Stripe and issues the credit note.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.utils import timezone

from shop.ledger.models import MoneyEntry
from shop.order.models import Order
from shop.outbox.operations import enqueue, handles
from shop.payment.models import Refund

from .models import Return
from .operations import tell

TOPIC = "returns.refunded"
GOES_BACK = (MoneyEntry.Kind.REFUNDED, MoneyEntry.Kind.GIFT_CARD_RETURNED)


@receiver(post_save, sender=MoneyEntry, dispatch_uid="returns.money_went_back")
def money_went_back(sender: Any, instance: MoneyEntry, created: bool, **kwargs: Any) -> None:
    """What goes back may be for a return."""
    if created and instance.kind in GOES_BACK and Return.objects.filter(order=instance.order_id).exists():
        enqueue(TOPIC, {"order": instance.order_id}, key=str(instance.order_id))


@handles(TOPIC)
def tell_of_money(payloads: Sequence[dict[str, Any]]) -> None:
    """Write the mails that are due now. Harmless to repeat."""
    for order_id in dict.fromkeys(payload["order"] for payload in payloads):
        with transaction.atomic():
            Order.objects.select_for_update().filter(pk=order_id).first()
            rows = Return.objects.filter(order=order_id, state=Return.State.REFUNDED, told_at=None)
            for back in rows.filter(refund__state__in=Refund.SENT).select_related("order").order_by("pk"):
                back.told_at = timezone.now()
                back.save(update_fields=["told_at", "updated_at"])
                tell(back)
