"""What the mails of orders read. They are rendered by the worker, from the order as it is then."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shop.customer.links import order_path
from shop.mail.operations import base_url, context_of
from shop.payment.models import Dispute
from shop.payment.refunds import HOLDS_NOTHING

from .models import Order
from .selectors import order_view


@context_of(
    "order-placed",
    "order-paid",
    "order-dispatched",
    "order-cancelled",
    "payment-failed",
    "payment-processing",
    "payment-returned",
    "refund-failed",
)
def order_context(context: Mapping[str, Any]) -> Mapping[str, Any]:
    """The order, and the shipment that the mail is about. Raises LookupError where one of them is gone."""
    order = (
        Order.objects.filter(pk=context["order"])
        .select_related("user", "shipping_address__country", "billing_address__country")
        .first()
    )
    if order is None:
        raise LookupError(f"order {context['order']} is gone")
    view = order_view(order)
    found = {
        "order": view,
        "order_url": base_url() + order_path(order.number),
        # What a bank has taken back does not come from the shop as well.
        "is_at_the_bank": Dispute.objects.filter(payment__order=order).exclude(HOLDS_NOTHING).exists(),
    }
    if "shipment" in context:
        found["shipment"] = next((each for each in view.shipments if each.id == context["shipment"]), None)
        if found["shipment"] is None:
            raise LookupError(f"shipment {context['shipment']} is gone")
    return {**found, "corrected": context.get("corrected", False), "revived": context.get("revived", False)}
