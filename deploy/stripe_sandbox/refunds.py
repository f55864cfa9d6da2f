"""Refunds: in one go, pending, failing later, cancelled."""

from __future__ import annotations

from . import bodies, cards, money, refund_bodies
from .box import Box
from .errors import refused
from .store import Object

LATER_SECONDS = 5


def create(box: Box, charge: Object, given: Object) -> Object:
    """Refund a charge, or a part of it. Raises StripeError where there is not as much left."""
    amount = _amount(charge, given.get("amount"))
    made = refund_bodies.refund(box, charge, given, amount)
    box.store.add(made)
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    box.store.save(charge)
    _begin(box, charge, made)
    box.emit("refund.created", made)
    box.emit("charge.refunded", charge)
    if made["status"] == "succeeded":
        _refer(box, made)
    return made


def _amount(charge: Object, wanted: int | None) -> int:
    left = charge["amount"] - charge["amount_refunded"]
    if charge["refunded"]:
        raise refused(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    if charge["disputed"]:
        raise refused(f"Charge {charge['id']} has been charged back; cannot issue a refund.", code="charge_disputed")
    if not charge["paid"] or charge["status"] == "failed":
        raise refused(
            f"This charge has not been paid, so it cannot be refunded: {charge['id']}", code="charge_not_refundable"
        )
    if wanted is not None and wanted > left:
        more, rest = money.written(wanted, charge["currency"]), money.written(left, charge["currency"])
        raise refused(f"Refund amount ({more}) is greater than unrefunded amount on charge ({rest})", param="amount")
    return left if wanted is None else wanted


def _begin(box: Box, charge: Object, refund: Object) -> None:
    """Take the money from the balance, and say how the refund goes on."""
    movement = bodies.balance(
        box, "refund", refund["id"], -refund["amount"], refund["currency"], says="REFUND FOR CHARGE"
    )
    box.store.add(movement)
    refund["balance_transaction"] = movement["id"]
    method = box.store.known("payment_method", charge["payment_method"])
    card = cards.BY_NUMBER.get(method["_number"])
    end = "pending" if card is None and method["type"] == "sepa_debit" else card.refund if card else "succeeded"
    refund["status"] = "pending" if end == "pending" else "succeeded"
    if end == "pending":
        refund["pending_reason"] = "processing"
    box.store.save(refund)
    if end != "succeeded":
        box.store.later(box.store.now() + LATER_SECONDS, "refund" if end == "pending" else "refund_fails", refund["id"])


def _refer(box: Box, refund: Object) -> None:
    """The bank's number for a refund becomes known."""
    card = refund["destination_details"].get("card")
    if card is None:
        return
    before = {"destination_details": {"card": dict(card)}}
    card.update(reference=box.store.new_id("x")[2:13].upper(), reference_status="available")
    box.store.save(refund)
    box.emit("refund.updated", refund, **before)
    box.emit("charge.refund.updated", refund, **before)


def change(box: Box, refund: Object, status: str) -> Object:
    """Bring a refund to another state: succeeded, failed, pending, requires_action or canceled."""
    was = refund["status"]
    if was == status:
        return refund
    if was in {"failed", "canceled"}:
        raise refused(f"Refund {refund['id']} is {was}, which is its end.")
    refund["status"] = status
    refund.pop("pending_reason", None)
    if status == "requires_action":
        refund["next_action"] = {"type": "display_details", "display_details": _details(box)}
    else:
        refund.pop("next_action", None)
    if status in {"failed", "canceled"}:
        _give_back(box, refund)
    box.store.save(refund)
    box.emit("refund.updated", refund, status=was)
    box.emit("charge.refund.updated", refund, status=was)
    if status == "failed":
        box.emit("refund.failed", refund)
    return refund


def _details(box: Box) -> Object:
    return {
        "email_sent": {"email_sent_at": box.store.now(), "email_sent_to": "buyer@example.com"},
        "expires_at": box.store.now() + 45 * 86400,
    }


def _give_back(box: Box, refund: Object) -> None:
    """A refund that came to nothing: the money is ours again, and the charge less refunded."""
    movement = bodies.balance(box, "refund_failure", refund["id"], refund["amount"], refund["currency"])
    box.store.add(movement)
    refund["failure_balance_transaction"] = movement["id"]
    if refund["status"] == "failed":
        refund["failure_reason"] = "unknown"
    charge = box.store.known("charge", refund["charge"])
    charge["amount_refunded"] -= refund["amount"]
    charge["refunded"] = False
    box.store.save(charge)
