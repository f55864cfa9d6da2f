"""How much of what went back to a customer corrects an invoice, worked out from the books alone.

Not all of it does: what somebody paid twice and got back was never charged. So the movements of an order's money are gone
through in their order; what leaves the shop with less than the invoice is credited, and what comes back to it is charged
again. The same movements always come to the same, however late and in whatever order documents are issued.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from shop.ledger.accounts import PAID_IN
from shop.ledger.models import MoneyEntry

KIND = MoneyEntry.Kind
GIVEN_BACK = (KIND.REFUNDED, KIND.GIFT_CARD_RETURNED)
# What a bank takes for a dispute is no correction of what was sold: it may come back, and the shop goes on claiming it.
MOVES = (*GIVEN_BACK, KIND.REFUND_FAILED)
COUNTED = (*PAID_IN, *MOVES)


def corrections(entries: Iterable[MoneyEntry], total: Decimal) -> dict[int, Decimal]:
    """By the id of a movement, what its document comes to: below 0 a credit note, above 0 the cancellation of one.

    `entries` are those of one order in its own currency, in the order in which they were written down; `total` is the invoice's.
    Movements that correct nothing are left out. Whatever happens, no more is charged than what the shop holds.
    """
    found: dict[int, Decimal] = {}
    # Until the whole of it was there once, nothing was sold.
    is_covered = total <= 0
    held, charged = Decimal(0), total
    for entry in entries:
        if entry.kind not in COUNTED:
            continue
        held += entry.amount
        if not is_covered:
            is_covered = held >= total
            continue
        step = min(held, total) - charged
        if entry.kind in GIVEN_BACK and step < 0:
            found[entry.pk] = step
        elif entry.kind == KIND.REFUND_FAILED and step > 0:
            found[entry.pk] = min(step, entry.amount)
        charged += found.get(entry.pk, Decimal(0))
    return found
