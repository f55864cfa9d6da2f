"""Refunds and disputes as Stripe's API shows them, new."""

from __future__ import annotations

from .box import Box
from .store import Object

EVIDENCE = (
    "access_activity_log billing_address cancellation_policy cancellation_policy_disclosure cancellation_rebuttal "
    "customer_communication customer_email_address customer_name customer_purchase_ip customer_signature "
    "duplicate_charge_documentation duplicate_charge_explanation duplicate_charge_id product_description receipt "
    "refund_policy refund_policy_disclosure refund_refusal_explanation service_date service_documentation "
    "shipping_address shipping_carrier shipping_date shipping_documentation shipping_tracking_number "
    "uncategorized_file uncategorized_text"
).split()
DISPUTE_FEE = 2000
DISPUTE_DAYS = 7


def refund(box: Box, charge: Object, given: Object, amount: int) -> Object:
    """Money on its way back; its state follows."""
    kind = charge["payment_method_details"]["type"]
    details: Object = {"type": kind}
    if kind == "card":
        details["card"] = {
            "reference_status": "pending", "reference_type": "acquirer_reference_number", "type": "refund",
        }  # fmt: skip
    return {
        "id": box.store.new_id("re"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": None,
        "charge": charge["id"],
        "created": box.store.now(),
        "currency": charge["currency"],
        "customer": charge["customer"],
        "customer_account": None,
        "destination_details": details,
        "metadata": given.get("metadata", {}),
        "payment_intent": charge["payment_intent"],
        "payment_method": charge["payment_method"],
        "reason": given.get("reason"),
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": "pending",
        "transfer_reversal": None,
    }


def dispute(box: Box, charge: Object, reason: str, amount: int) -> Object:
    """A buyer's complaint to the bank. `reason` 'inquiry' only asks, and takes no money."""
    is_inquiry = reason == "inquiry"
    brand = charge["payment_method_details"].get("card", {}).get("brand", "visa")
    return {
        "id": box.store.new_id("du"),
        "object": "dispute",
        "amount": amount,
        "balance_transactions": [],
        "charge": charge["id"],
        "created": box.store.now(),
        "currency": charge["currency"],
        "enhanced_eligibility_types": [],
        "evidence": {**dict.fromkeys(EVIDENCE), "enhanced_evidence": {}},
        "evidence_details": {
            "due_by": box.store.now() + DISPUTE_DAYS * 86400,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
        },
        "is_charge_refundable": is_inquiry,
        "livemode": False,
        "metadata": {},
        "payment_intent": charge["payment_intent"],
        "payment_method_details": {
            "type": "card",
            "card": {
                "brand": brand,
                "case_type": "inquiry" if is_inquiry else "chargeback",
                "network": brand,
                "network_reason_code": "10.4",
            },
        },
        "reason": "fraudulent" if is_inquiry else reason,
        "status": "warning_needs_response" if is_inquiry else "needs_response",
    }
