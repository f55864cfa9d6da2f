"""What the mails of orders read. They are rendered by the worker, from the order as it is then."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shop.customer.links import order_path
from shop.mail.operations import base_url, context_of

from .models import Order
from .selectors import order_view


@context_of("order-placed", "order-paid", "order-dispatched", "order-cancelled")
def order_context(context: Mapping[str, Any]) -> Mapping[str, Any]:
    """The order, or only the lines that the mail is about. Raises LookupError where the order is gone."""
    order = (
        Order.objects.filter(pk=context["order"])
        .select_related("user", "shipping_address__country", "billing_address__country")
        .first()
    )
    if order is None:
        raise LookupError(f"order {context['order']} is gone")
    return {
        "order": order_view(order, line_ids=context.get("lines") or ()),
        "order_url": base_url() + order_path(order.number),
    }
