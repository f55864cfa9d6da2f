"""Stripe's codes in words: each documented one has its own, in both languages, and no buyer reads what the bank keeps to itself."""

from __future__ import annotations

import inspect
import re

import pytest
import stripe
from django.utils.translation import override

from shop.payment import reasons

# What Stripe's documentation of decline codes lists.
DECLINES = [
    "authentication_required",
    "approve_with_id",
    "call_issuer",
    "card_not_supported",
    "card_velocity_exceeded",
    "currency_not_supported",
    "do_not_honor",
    "do_not_try_again",
    "duplicate_transaction",
    "expired_card",
    "fraudulent",
    "generic_decline",
    "incorrect_number",
    "incorrect_cvc",
    "incorrect_pin",
    "incorrect_zip",
    "insufficient_funds",
    "invalid_account",
    "invalid_amount",
    "invalid_cvc",
    "invalid_expiry_month",
    "invalid_expiry_year",
    "invalid_number",
    "invalid_pin",
    "issuer_not_available",
    "lost_card",
    "merchant_blacklist",
    "mobile_device_authentication_required",
    "new_account_information_available",
    "no_action_taken",
    "not_permitted",
    "offline_pin_required",
    "online_or_offline_pin_required",
    "pickup_card",
    "pin_try_exceeded",
    "processing_error",
    "reenter_transaction",
    "restricted_card",
    "revocation_of_all_authorizations",
    "revocation_of_authorization",
    "security_violation",
    "service_not_allowed",
    "stolen_card",
    "stop_payment_order",
    "testmode_decline",
    "transaction_not_allowed",
    "try_again_later",
    "withdrawal_count_limit_exceeded",
]


def listed(kind: type, after: str) -> list[str]:
    """The codes that Stripe's own client names in the words below a field."""
    source = inspect.getsource(kind)
    # The field itself, not one of a part of it.
    words = source[source.index(f"\n    {after}:") :].split('"""')[1]
    return re.findall(r"`(\w+)`", words)


@pytest.mark.parametrize("code", DECLINES)
def test_every_decline_code_has_words(code: str) -> None:
    assert reasons.is_known(code) and "Stripe says" not in reasons.to_staff(code)


def test_so_has_every_reason_that_the_client_names() -> None:
    failed, disputed = listed(stripe.Refund, "failure_reason"), listed(stripe.Dispute, "reason")
    assert len(failed) == 7 and len(disputed) >= 15
    assert [code for code in failed + disputed if not reasons.is_known(code)] == []
    states = listed(stripe.Dispute, "status")
    assert len(states) >= 8 and [state for state in states if state not in reasons.DISPUTES] == []


def test_every_reason_is_a_sentence_in_both_languages() -> None:
    assert set(reasons.CODES.values()) == set(reasons.TO_STAFF) and set(reasons.TO_BUYERS) < set(reasons.TO_STAFF)
    for words in (*reasons.TO_BUYERS.values(), *reasons.TO_STAFF.values(), *reasons.DISPUTES.values()):
        english = str(words)
        with override("de"):
            assert str(words) != english, english
    with override("de"):
        assert reasons.to_staff("insufficient_funds") == "Karte oder Konto nicht gedeckt"
        assert reasons.to_buyer("expired_card") == "Die Karte ist abgelaufen. Bezahlen Sie mit einer anderen."


@pytest.mark.parametrize(
    "code", ["lost_card", "stolen_card", "pickup_card", "fraudulent", "merchant_blacklist", "new_code"]
)
def test_what_the_bank_keeps_to_itself_no_buyer_reads(code: str) -> None:
    assert reasons.to_buyer(code) == str(reasons.NO_REASON)


def test_what_is_not_documented_is_shown_as_stripe_says_it() -> None:
    assert reasons.to_staff("brand_new_reason") == "Stripe says: brand new reason"
    assert reasons.to_staff("400: No such charge") == "Stripe says: 400: No such charge"
    assert reasons.of_dispute("on_the_moon") == "on the moon"
    assert reasons.to_staff("") == reasons.to_buyer("") == ""
