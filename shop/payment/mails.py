"""What mails about payments read."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.urls import reverse

from shop.mail.operations import adds_to, base_url, context_of
from shop.order.models import Order

from . import reasons


@adds_to("payment-failed")
def failure_context(context: Mapping[str, Any]) -> Mapping[str, Any]:
    """Why the bank sent nothing, as far as it says so."""
    return {"reason": reasons.to_buyer(context.get("failure", ""))}


@adds_to("payment-returned")
def returned_context(context: Mapping[str, Any]) -> Mapping[str, Any]:
    """How much goes back that the order does not need, and whether it came too late or twice."""
    return {
        "amount": Decimal(context["amount"]),
        "currency": context["currency"],
        "is_late": context["is_late"],
    }


@adds_to("refund-failed")
def failed_context(context: Mapping[str, Any]) -> Mapping[str, Any]:
    """How much was sent back and did not arrive."""
    return {"amount": Decimal(context["amount"]), "currency": context["currency"]}


@context_of("staff-payment")
def staff_context(context: Mapping[str, Any]) -> Mapping[str, Any]:
    """The order and what is the matter with its payment. Raises LookupError where the order is gone."""
    order = Order.objects.filter(pk=context["order"]).first()
    if order is None:
        raise LookupError(f"order {context['order']} is gone")
    address = base_url() + reverse("dashboard:order-detail", args=[order.number])
    return {"order": order, "problem": context["problem"], "dashboard_url": address}
