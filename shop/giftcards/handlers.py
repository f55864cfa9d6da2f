"""What the worker does for gift cards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from shop.order.models import Order
from shop.outbox.operations import handles

from . import buying


@handles(buying.TOPIC, single=True)
def issue_cards(payloads: Sequence[dict[str, Any]]) -> None:
    """Issue what paid orders bought."""
    for payload in payloads:
        try:
            buying.issue_bought(payload["order"])
        except Order.DoesNotExist:
            continue  # taken out with the demo
