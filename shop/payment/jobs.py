"""What runs by the clock."""

from __future__ import annotations

import logging

from shop.outbox.periodic import every

from . import gateway
from .reconcile import differences

logger = logging.getLogger(__name__)


@every(600, "payments_reconcile")
def payments_reconcile() -> None:
    """Compare with Stripe, and mend what a message failed to tell."""
    if not gateway.is_configured():
        return
    try:
        for difference in differences():
            logger.warning("payments: %s", difference.what)
            try:
                if difference.mend:
                    difference.mend()
            except gateway.Down:
                raise
            except Exception:
                # One that cannot be mended keeps none of the others from it.
                logger.exception("payments: could not be mended: %s", difference.what)
    except gateway.GatewayError as error:
        logger.warning("payments could not be compared with Stripe: %s", error)
