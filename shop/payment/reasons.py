"""Why money did not come or go, in words: Stripe's documented codes, and a sentence of ours for each.

Sources: Stripe's documentation of decline codes, of error codes, of failed refunds and of disputes. What Stripe asks shops to keep
to themselves (a card that is reported stolen, say) a buyer reads nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

NO_REASON = _("Your bank has refused it and does not say why. Pay another way, or ask your bank.")
# Reason -> what the buyer reads. All other reasons are the bank's own affair: NO_REASON.
TO_BUYERS: Mapping[str, Any] = {
    "money": _("There is not enough money on the card or account. Pay another way."),
    "limit": _("The card or account has reached its limit. Pay another way, or ask your bank."),
    "expired": _("The card has expired. Pay with another one."),
    "cvc": _("The card’s security code was wrong. Try again."),
    "number": _("The card’s number was wrong. Try again."),
    "date": _("The card’s expiry date was wrong. Try again."),
    "postcode": _("The postcode was not the card’s. Try again."),
    "pin": _("The PIN was wrong, or is needed. Pay another way."),
    "proof": _("Your bank wanted to be sure that it was you, and was not. Try again, and confirm it with your bank."),
    "trouble": _("The bank could not be reached. Try again in a few minutes."),
    "currency": _("The card or account does not pay in this currency. Pay another way."),
    "kind": _("The card or account does not pay for this kind of thing. Pay another way, or ask your bank."),
    "closed": _("The account is closed, or not known to the bank. Pay another way."),
    "mandate": _("Your bank was not allowed to debit the account. Pay another way, or ask your bank."),
    "twice": _("It looked like a payment that you had made already. Look at your account before you pay again."),
}
# Reason -> what staff reads.
TO_STAFF: Mapping[str, Any] = {
    "money": _("not enough money on the card or account"),
    "limit": _("the card or account has reached its limit"),
    "expired": _("the card has expired"),
    "cvc": _("a wrong security code"),
    "number": _("a wrong card number"),
    "date": _("a wrong expiry date"),
    "postcode": _("a postcode that is not the card’s"),
    "pin": _("a wrong PIN, or none where one is needed"),
    "proof": _("3-D Secure was not passed"),
    "trouble": _("the bank could not be reached, or made a mistake"),
    "currency": _("the card or account does not pay in this currency"),
    "kind": _("the card or account does not pay for this kind of thing"),
    "closed": _("the account is closed, or not known to the bank"),
    "mandate": _("the bank was not allowed to debit the account"),
    "twice": _("the same was paid shortly before"),
    "unknown": _("the bank gives no reason"),
    "lost": _("the card is reported lost"),
    "stolen": _("the card is reported stolen"),
    "fraud": _("the bank or Stripe takes it for fraud"),
    "stopped": _("the customer has told the bank to stop it"),
    "test": _("a test card, and real money"),
    "lost-or-stolen": _("the card is reported lost or stolen"),
    "gone": _("the card has expired or was cancelled"),
    "disputed": _("the customer’s bank has asked for the same money back"),
    "ours": _("the shop has called it off"),
    "balance": _("there is not enough money on the shop’s balance at Stripe"),
    "refunded": _("it was refunded already"),
    "not-received": _("the customer says that it did not arrive"),
    "not-as-said": _("the customer says that it is broken or not what was promised"),
    "no-credit": _("the customer says that it was sent back or cancelled and not refunded"),
    "duplicate": _("the customer says that it was paid twice"),
    "unrecognised": _("the customer does not know the payment"),
    "subscription": _("the customer says that it was cancelled before"),
    "rules": _("it breaks a rule of the card network"),
    "customer": _("the customer has asked the bank"),
    "cheque": _("a cheque came back"),
    "details": _("the account’s details were wrong"),
}
# Stripe's code -> reason. Of declined payments, of failed debits, of API errors about payments and refunds, of failed refunds,
# and of disputes: what is called the same in several of them means the same.
CODES: Mapping[str, str] = {
    code: reason
    for reason, codes in {
        "money": "insufficient_funds",
        "limit": "card_velocity_exceeded withdrawal_count_limit_exceeded pin_try_exceeded",
        "expired": "expired_card",
        "cvc": "incorrect_cvc invalid_cvc",
        "number": "incorrect_number invalid_number",
        "date": "invalid_expiry_month invalid_expiry_year",
        "postcode": "incorrect_zip postal_code_invalid incorrect_address",
        "pin": "incorrect_pin invalid_pin offline_pin_required online_or_offline_pin_required",
        "proof": "authentication_required approve_with_id authentication_not_handled mobile_device_authentication_required "
        "payment_intent_authentication_failure setup_intent_authentication_failure",
        "trouble": "processing_error issuer_not_available reenter_transaction try_again_later bank_cannot_process "
        "generic_could_not_process payment_method_provider_timeout payment_intent_payment_attempt_expired",
        "currency": "currency_not_supported invalid_currency payment_method_currency_mismatch",
        "kind": "card_not_supported not_permitted restricted_card service_not_allowed transaction_not_allowed invalid_amount "
        "bank_account_restricted payment_method_not_available payment_method_provider_decline",
        "closed": "invalid_account new_account_information_available account_closed no_account bank_ownership_changed "
        "account_number_invalid bank_account_unusable recipient_deceased",
        "mandate": "debit_not_authorized mandate_invalid payment_method_bank_account_blocked refer_to_customer",
        "twice": "duplicate_transaction",
        "unknown": "card_declined generic_decline do_not_honor call_issuer do_not_try_again no_action_taken security_violation "
        "processor_generic_decline declined unknown general payment_method_customer_decline",
        "lost": "lost_card",
        "stolen": "stolen_card pickup_card",
        "fraud": "fraudulent merchant_blacklist highest_risk_level elevated_risk_level",
        "stopped": "revocation_of_all_authorizations revocation_of_authorization stop_payment_order",
        "test": "testmode_decline live_mode_test_card testmode_charges_only",
        "lost-or-stolen": "lost_or_stolen_card",
        "gone": "expired_or_canceled_card",
        "disputed": "charge_for_pending_refund_disputed charge_disputed refund_disputed_payment",
        "ours": "merchant_request",
        "balance": "balance_insufficient insufficient_balance",
        "refunded": "charge_already_refunded",
        "not-received": "product_not_received",
        "not-as-said": "product_unacceptable",
        "no-credit": "credit_not_processed",
        "duplicate": "duplicate",
        "unrecognised": "unrecognized",
        "subscription": "subscription_canceled",
        "rules": "noncompliant",
        "customer": "customer_initiated",
        "cheque": "check_returned",
        "details": "incorrect_account_details incorrect_account_holder_name invalid_account_number_length",
    }.items()
    for code in codes.split()
}
# How far a dispute is.
DISPUTES: Mapping[str, Any] = {
    "warning_needs_response": _("the bank asks; evidence is wanted"),
    "warning_under_review": _("the bank asks; it looks at the evidence"),
    "warning_closed": _("the bank asked, and nothing came of it"),
    "needs_response": _("evidence is wanted"),
    "under_review": _("the bank looks at the evidence"),
    "appeal_needs_response": _("lost at first; evidence for an appeal is wanted"),
    "appeal_under_review": _("lost at first; the bank looks at the appeal"),
    "won": _("won"),
    "lost": _("lost"),
    "prevented": _("prevented"),
}


def is_known(code: str) -> bool:
    """Whether there is a sentence for a code."""
    return code in CODES


def to_buyer(code: str) -> str:
    """Why a payment failed, for whoever pays; nothing for no code. In the active language."""
    return str(TO_BUYERS.get(CODES.get(code, ""), NO_REASON)) if code else ""


def to_staff(code: str) -> str:
    """Why a payment, a refund or a dispute is as it is; what Stripe says where it is none of the documented codes."""
    if code in CODES:
        return str(TO_STAFF[CODES[code]])
    return gettext("Stripe says: %(words)s") % {"words": code.replace("_", " ")} if code else ""


def of_dispute(status: str) -> str:
    """How far a dispute is; Stripe's own word where it is none of the documented ones."""
    return str(DISPUTES.get(status) or status.replace("_", " "))
