"""Disputes: buyers' complaints to their banks, as tests and the special test cards make them."""

from __future__ import annotations

from . import bodies, refund_bodies
from .box import Box
from .errors import refused
from .store import Object

ENDS = ("won", "lost", "warning_closed")


def open_dispute(box: Box, charge: Object, reason: str, amount: int | None = None) -> Object:
    """Dispute a charge: the money is taken back at once, with a fee. Raises StripeError where it cannot be."""
    if not charge["captured"] or charge["disputed"]:
        raise refused(f"Charge {charge['id']} is not captured, or disputed already.")
    made = refund_bodies.dispute(box, charge, reason, amount or charge["amount"])
    if charge["payment_method_details"]["type"] != "card":
        del made["payment_method_details"]
    box.store.add(made)
    charge["disputed"] = True
    box.store.save(charge)
    box.emit("charge.dispute.created", made)
    if reason != "inquiry":
        _move(box, made, -made["amount"], refund_bodies.DISPUTE_FEE)
        box.emit("charge.dispute.funds_withdrawn", made)
    return made


def close(box: Box, dispute: Object, end: str) -> Object:
    """Decide a dispute: 'won' gives the money back, 'lost' does not. Raises StripeError where it is decided already."""
    if end not in ENDS:
        raise refused(f"A dispute ends as {', '.join(ENDS)}, not as {end!r}.", param="status")
    if dispute["status"] in ENDS:
        raise refused(f"Dispute {dispute['id']} is {dispute['status']} already.")
    dispute.update(status=end, is_charge_refundable=end != "lost")
    box.store.save(dispute)
    if end == "won":
        _move(box, dispute, dispute["amount"], 0)
        box.emit("charge.dispute.funds_reinstated", dispute)
    box.emit("charge.dispute.closed", dispute)
    return dispute


def _move(box: Box, dispute: Object, amount: int, fee: int) -> None:
    movement = bodies.balance(box, "adjustment", dispute["id"], amount, dispute["currency"], fee=fee)
    box.store.add(movement)
    dispute["balance_transactions"].append(movement)
    box.store.save(dispute)
