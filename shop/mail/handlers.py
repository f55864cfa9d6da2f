"""What the worker does with mails that were written down."""

from collections.abc import Sequence
from typing import Any

from shop.outbox.operations import handles

from .operations import TOPIC, deliver


@handles(TOPIC)
def send_mails(payloads: Sequence[dict[str, Any]]) -> None:
    """Send each; the first that fails stops the batch, and the outbox then tries one by one."""
    for payload in payloads:
        deliver(payload)
