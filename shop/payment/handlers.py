"""What the worker does for payments. Each row alone: what hangs holds up nothing but itself."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any

from shop.outbox.operations import Away, handles

from . import gateway, operations, personal, refunds
from .models import Payment, Refund

logger = logging.getLogger(__name__)


@handles(operations.CLOSE, single=True)
def close_payments(payloads: Sequence[dict[str, Any]]) -> None:
    """Close payment pages whose orders wait for no money any more."""
    for payload in payloads:
        _or_away(operations.close, payload["payment"])


@handles(operations.LOOK, single=True)
def look_at_payments(payloads: Sequence[dict[str, Any]]) -> None:
    """See how payments are."""
    for payload in payloads:
        _or_away(operations.look, payload["payment"])


@handles(refunds.TOPIC, single=True)
def send_refunds(payloads: Sequence[dict[str, Any]]) -> None:
    """Give money back."""
    for payload in payloads:
        _or_away(operations.send_refund, payload["refund"])


@handles(personal.FORGET, single=True)
def forget_customers(payloads: Sequence[dict[str, Any]]) -> None:
    """Have Stripe forget accounts that were deleted here."""
    for payload in payloads:
        _or_away(gateway.forget_customer, payload["customer"])


def _or_away(work: Callable[[Any], object], about: int | str) -> None:
    """Stripe that does not answer is no fault of the work: it waits, and is never given up. What is gone needs no work."""
    try:
        work(about)
    except (Payment.DoesNotExist, Refund.DoesNotExist) as error:
        logger.info("%s %s is let go, it was taken out with the demo: %s", work.__name__, about, error)
    except gateway.Down as error:
        raise Away(str(error)) from error
