"""What is held about a person for paying: under which name Stripe knows the account. The cards themselves are at Stripe."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from shop.accounts.models import User
from shop.accounts.personal import Holding, register
from shop.outbox.operations import enqueue

from .models import Customer

FORGET = "payment.forget-customer"


def _export(user: User) -> Iterator[dict[str, Any]]:
    for customer in Customer.objects.filter(user=user).exclude(customer_id=None):
        yield {"customer": customer.customer_id, "since": customer.created_at}


def _forget(user: User) -> None:
    """Stripe forgets the account with its cards, as soon as it answers."""
    for customer in Customer.objects.filter(user=user).exclude(customer_id=None):
        enqueue(FORGET, {"customer": customer.customer_id})
    Customer.objects.filter(user=user).delete()


register(
    Holding(
        name="paying",
        about="Under which name Stripe, through whom you pay, knows your account. Cards that you let it keep are there.",
        fields={"customer": "Stripe's name of it", "since": "since when"},
        export=_export,
        forget=_forget,
        place=25,
    )
)
