"""The objects as Stripe's API shows them, new. tests/contract holds each to Stripe's own description."""

from __future__ import annotations

from typing import Any

from .box import Box
from .cards import Account, Card
from .store import Object

NO_ADDRESS = dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state"))


def billing(email: str | None, name: str | None, address: Object | None = None) -> Object:
    """Who pays."""
    return {"address": address or dict(NO_ADDRESS), "email": email, "name": name, "phone": None, "tax_id": None}


def intent(box: Box, session: Object) -> Object:
    """The payment intent of a session, before anybody has tried to pay."""
    store, data = box.store, session["_intent_data"]
    name = store.new_id("pi")
    options = {kind: _method_options(session, kind) for kind in session["payment_method_types"]}
    return {
        "id": name,
        "object": "payment_intent",
        "allowed_payment_method_types": None,
        "amount": session["amount_total"],
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "application": None,
        "application_fee_amount": None,
        "automatic_payment_methods": None,
        "canceled_at": None,
        "cancellation_reason": None,
        "capture_method": data.get("capture_method", "automatic_async"),
        "client_secret": f"{name}_secret_{store.new_id('x')[2:]}",
        "confirmation_method": "automatic",
        "created": store.now(),
        "currency": session["currency"],
        "customer": session["customer"],
        "customer_account": None,
        "description": data.get("description"),
        "excluded_payment_method_types": None,
        "last_payment_error": None,
        "latest_charge": None,
        "livemode": False,
        "managed_payments": None,
        "metadata": data.get("metadata", {}),
        "next_action": None,
        "on_behalf_of": None,
        "payment_method": None,
        "payment_method_configuration_details": None,
        "payment_method_options": options,
        "payment_method_types": session["payment_method_types"],
        "processing": None,
        "receipt_email": data.get("receipt_email"),
        "review": None,
        "setup_future_usage": data.get("setup_future_usage"),
        "shipping": data.get("shipping"),
        "statement_descriptor": data.get("statement_descriptor"),
        "statement_descriptor_suffix": data.get("statement_descriptor_suffix"),
        "status": "requires_payment_method",
        "transfer_data": None,
        "transfer_group": data.get("transfer_group"),
        "_session": session["id"],
    }


def _method_options(session: Object, kind: str) -> Object:
    given = (session["payment_method_options"] or {}).get(kind, {})
    if kind != "card":
        return {name: given[name] for name in ("setup_future_usage",) if name in given}
    return {
        "installments": None,
        "mandate_options": None,
        "network": None,
        "request_three_d_secure": given.get("request_three_d_secure", "automatic"),
        **({"setup_future_usage": given["setup_future_usage"]} if "setup_future_usage" in given else {}),
    }


def card_method(box: Box, card: Card, payer: Object, month: int, year: int) -> Object:
    """A card as a payment method."""
    return {
        **_method(box, "card", payer),
        "card": {
            "brand": card.brand,
            "checks": {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"},
            "country": card.country,
            "display_brand": card.brand,
            "exp_month": month,
            "exp_year": year,
            "fingerprint": card.fingerprint,
            "funding": card.funding,
            "generated_from": None,
            "last4": card.last4,
            "networks": {"available": [card.brand], "preferred": None},
            "regulated_status": "unregulated",
            "three_d_secure_usage": {"supported": True},
            "wallet": None,
        },
        "_number": card.number,
    }


def account_method(box: Box, account: Account, payer: Object) -> Object:
    """A bank account to be debited as a payment method."""
    return {
        **_method(box, "sepa_debit", payer),
        "sepa_debit": {
            "bank_code": account.iban[4:12],
            "branch_code": "",
            "country": account.country,
            "fingerprint": account.iban[-16:],
            "generated_from": {"charge": None, "setup_attempt": None},
            "last4": account.iban[-4:],
        },
        "_number": account.iban,
    }


def redirect_method(box: Box, kind: str, payer: Object) -> Object:
    """A local method that is confirmed on a page of the buyer's bank."""
    details: Object = {"bank": None, "bic": None} if kind == "ideal" else {}
    return {**_method(box, kind, payer), kind: details, "_number": ""}


def _method(box: Box, kind: str, payer: Object) -> Object:
    return {
        "id": box.store.new_id("pm"),
        "object": "payment_method",
        "allow_redisplay": "unspecified",
        "billing_details": payer,
        "created": box.store.now(),
        "customer": None,
        "customer_account": None,
        "livemode": False,
        "metadata": {},
        "type": kind,
    }


def charge(box: Box, paid: Object, method: Object, *, three_d_secure: Object | None = None) -> Object:
    """A try to take an intent's money from a payment method, before its outcome."""
    name = box.store.new_id("ch")
    return {
        "id": name,
        "object": "charge",
        "amount": paid["amount"],
        "amount_captured": 0,
        "amount_refunded": 0,
        "application": None,
        "application_fee": None,
        "application_fee_amount": None,
        "balance_transaction": None,
        "billing_details": method["billing_details"],
        "calculated_statement_descriptor": "SANDBOX",
        "captured": False,
        "created": box.store.now(),
        "currency": paid["currency"],
        "customer": paid["customer"],
        "description": paid["description"],
        "disputed": False,
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "fraud_details": {},
        "livemode": False,
        "metadata": paid["metadata"],
        "on_behalf_of": None,
        "outcome": None,
        "paid": False,
        "payment_intent": paid["id"],
        "payment_method": method["id"],
        "payment_method_details": _charge_details(box, paid, method, three_d_secure),
        "radar_options": {},
        "receipt_email": paid["receipt_email"],
        "receipt_number": None,
        "receipt_url": f"{box.address}/receipts/{name}",
        "refunded": False,
        "review": None,
        "shipping": paid["shipping"],
        "source_transfer": None,
        "statement_descriptor": paid["statement_descriptor"],
        "statement_descriptor_suffix": paid["statement_descriptor_suffix"],
        "status": "pending",
        "transfer_data": None,
        "transfer_group": paid["transfer_group"],
    }


def _charge_details(box: Box, paid: Object, method: Object, three_d_secure: Object | None) -> Object:
    kind = method["type"]
    if kind == "sepa_debit":
        known = {name: value for name, value in method["sepa_debit"].items() if name != "generated_from"}
        return {"type": kind, kind: {**known, "mandate": box.store.new_id("mandate")}}
    if kind != "card":
        return {"type": kind, kind: {}}
    card = method["card"]
    return {
        "type": "card",
        "card": {
            "amount_authorized": paid["amount"],
            "authorization_code": None,
            **{name: card[name] for name in ("brand", "checks", "country", "exp_month", "exp_year", "fingerprint")},
            "extended_authorization": {"status": "disabled"},
            "funding": card["funding"],
            "incremental_authorization": {"status": "unavailable"},
            "installments": None,
            "last4": card["last4"],
            "mandate": None,
            "multicapture": {"status": "unavailable"},
            "network": card["brand"],
            "network_token": {"used": False},
            "network_transaction_id": None,
            "overcapture": {"maximum_amount_capturable": paid["amount"], "status": "unavailable"},
            "regulated_status": "unregulated",
            "three_d_secure": three_d_secure,
            "transaction_link_id": None,
            "wallet": None,
        },
    }


def outcome(**different: Any) -> Object:
    """What the network said to a charge: yes, unless told otherwise."""
    return {
        "advice_code": None,
        "network_advice_code": None,
        "network_decline_code": None,
        "network_status": "approved_by_network",
        "reason": None,
        "risk_level": "normal",
        "risk_score": 12,
        "seller_message": "Payment complete.",
        "type": "authorized",
        **different,
    }


def customer(box: Box, given: Object) -> Object:
    """A customer."""
    name = box.store.new_id("cus", 14)
    return {
        "id": name,
        "object": "customer",
        "address": given.get("address"),
        "balance": 0,
        "created": box.store.now(),
        "currency": None,
        "customer_account": None,
        "default_source": None,
        "delinquent": False,
        "description": given.get("description"),
        "discount": None,
        "email": given.get("email"),
        "invoice_prefix": name[-8:].upper(),
        "invoice_settings": {
            "custom_fields": None, "default_payment_method": None, "footer": None, "rendering_options": None,
        },
        "livemode": False,
        "metadata": given.get("metadata", {}),
        "name": given.get("name"),
        "next_invoice_sequence": 1,
        "phone": given.get("phone"),
        "preferred_locales": given.get("preferred_locales", []),
        "shipping": given.get("shipping"),
        "tax_exempt": given.get("tax_exempt", "none"),
        "test_clock": None,
    }  # fmt: skip


def balance(box: Box, kind: str, source: str, amount: int, currency: str, *, fee: int = 0, says: str = "") -> Object:
    """A movement on our balance at Stripe."""
    fees = [
        {
            "amount": fee,
            "application": None,
            "currency": currency,
            "description": "Stripe processing fees",
            "type": "stripe_fee",
        }
    ]
    categories = {"payment": "charge", "adjustment": "dispute", "refund_failure": "refund_failure"}
    return {
        "id": box.store.new_id("txn"),
        "object": "balance_transaction",
        "amount": amount,
        "available_on": box.store.now() + (0 if amount < 0 else 2 * 86400),
        "balance_type": "payments",
        "created": box.store.now(),
        "currency": currency,
        "description": says or None,
        "exchange_rate": None,
        "fee": fee,
        "fee_details": fees if fee else [],
        "net": amount - fee,
        "reporting_category": categories.get(kind, kind),
        "source": source,
        "status": "pending" if amount > 0 else "available",
        "type": kind,
    }
