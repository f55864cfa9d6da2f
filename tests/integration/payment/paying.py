"""Buying with a card, for tests."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.test import Client

from shop.ledger.selectors import held
from shop.mail.models import SentMail
from shop.order.models import Order
from shop.outbox.operations import drain_all
from shop.partner.models import StockRecord
from shop.payment.models import Payment
from tests.integration.orders.buying import go_to_review, put, submit


def order_by_card(client: Client, *products: Any, quantity: int = 1, **address: str) -> tuple[Order, str]:
    """Order these and be sent to pay. Returns the order and the address of the payment page."""
    for product in products:
        put(client, product, quantity)
    answer = submit(client, go_to_review(client, **address), payment="stripe")
    assert answer.status_code == 303, answer.content.decode()
    return Order.objects.latest("pk"), answer["Location"]


def of(order: Order) -> Payment:
    """The last payment of an order."""
    found = Payment.objects.filter(order=order).last()
    assert found is not None
    return found


def status(order: Order) -> str:
    """The order's state now."""
    return Order.objects.values_list("status", flat=True).get(pk=order.pk)


def promised(product: Any) -> int:
    """How many of a product are promised to orders."""
    return StockRecord.objects.get(product=product).num_allocated or 0


def mails(order: Order) -> list[str]:
    """The kinds of mails about an order, in the order in which they were sent, after the worker has done its work."""
    drain_all()
    found = SentMail.objects.filter(text__contains=order.number).order_by("sent_at")
    return list(found.values_list("kind", flat=True))


def holds(order: Order) -> Decimal:
    """What the shop holds of the order's money, by its books."""
    return held(order.pk)
