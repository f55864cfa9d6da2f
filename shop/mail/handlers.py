"""What the worker does with mails that were written down."""

from collections.abc import Sequence
from typing import Any

from shop.outbox.operations import handles

from .operations import TOPIC, deliver


@handles(TOPIC, single=True)
def send_mails(payloads: Sequence[dict[str, Any]]) -> None:
    """Send each. The outbox hands them over one by one, so that one that fails has none sent a second time."""
    for payload in payloads:
        deliver(payload)
