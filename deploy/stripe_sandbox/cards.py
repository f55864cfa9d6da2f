"""Stripe's documented test cards and test bank accounts, and what becomes of a payment with each."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True)
class Decline:
    """Why a bank said no."""

    code: str
    reason: str
    message: str
    advice: str = "try_again_later"


@dataclass(frozen=True)
class Card:
    """One test card."""

    number: str
    brand: str = "visa"
    country: str = "US"
    funding: str = "credit"
    decline: Decline | None = None
    asks: str = ""
    dispute: str = ""
    refund: str = "succeeded"
    says: str = ""

    @property
    def last4(self) -> str:
        """What people know it by."""
        return self.number[-4:]

    @property
    def fingerprint(self) -> str:
        """The same for the same number."""
        return hashlib.sha256(self.number.encode()).hexdigest()[:16]


DECLINED = Decline("card_declined", "generic_decline", "Your card has been declined.")
INSUFFICIENT = Decline("card_declined", "insufficient_funds", "Your card has insufficient funds. Try a different card.")
LOST = Decline("card_declined", "lost_card", "Your card has been declined.", "do_not_try_again")
STOLEN = Decline("card_declined", "stolen_card", "Your card has been declined.", "do_not_try_again")
EXPIRED = Decline("expired_card", "expired_card", "Your card has expired. Try a different card.", "do_not_try_again")
WRONG_CVC = Decline("incorrect_cvc", "incorrect_cvc", "Your card's security code is incorrect.", "confirm_card_data")
ERROR = Decline("processing_error", "processing_error", "An error occurred while processing your card. Try again.")
VELOCITY = Decline("card_declined", "card_velocity_exceeded", "Your card has been declined.")
FRAUD = Decline("card_declined", "fraudulent", "Your card has been declined.", "do_not_try_again")
# `asks`: 'always' for 3-D Secure on every payment, 'once' where a saved card is exempt, 'decline' where it fails afterwards.
ALL = (
    Card("4242424242424242", says="Succeeds"),
    Card("4000056655665556", funding="debit", says="Succeeds (debit)"),
    Card("5555555555554444", "mastercard", says="Succeeds (Mastercard)"),
    Card("2223003122003222", "mastercard", says="Succeeds (Mastercard, new range)"),
    Card("5200828282828210", "mastercard", funding="debit", says="Succeeds (Mastercard debit)"),
    Card("378282246310005", "amex", says="Succeeds (American Express)"),
    Card("6011111111111117", "discover", says="Succeeds (Discover)"),
    Card("3056930009020004", "diners", says="Succeeds (Diners)"),
    Card("3566002020360505", "jcb", country="JP", says="Succeeds (JCB)"),
    Card("4000008260000000", country="GB", says="Succeeds (British)"),
    Card("4000002760000016", country="DE", says="Succeeds (German)"),
    Card("4000000000000002", decline=DECLINED, says="Is declined"),
    Card("4000000000009995", decline=INSUFFICIENT, says="Has insufficient funds"),
    Card("4000000000009987", decline=LOST, says="Is declined: lost"),
    Card("4000000000009979", decline=STOLEN, says="Is declined: stolen"),
    Card("4000000000000069", decline=EXPIRED, says="Has expired"),
    Card("4000000000000127", decline=WRONG_CVC, says="Has another security code"),
    Card("4000000000000119", decline=ERROR, says="Meets a processing error"),
    Card("4000000000006975", decline=VELOCITY, says="Is declined: too often"),
    Card("4100000000000019", decline=FRAUD, says="Is blocked as fraudulent"),
    Card("4000002500003155", asks="once", says="Asks for 3-D Secure"),
    Card("4000002760003184", asks="always", country="DE", says="Asks for 3-D Secure every time"),
    Card("4000000000003220", asks="always", says="Asks for 3-D Secure 2"),
    Card("4000008400001629", asks="decline", says="Asks for 3-D Secure, then is declined"),
    Card("4000000000000259", dispute="fraudulent", says="Succeeds, is disputed as fraudulent"),
    Card("4000000000002685", dispute="product_not_received", says="Succeeds, is disputed as not received"),
    Card("4000000000001976", dispute="inquiry", says="Succeeds, is asked about"),
    Card("4000000000007726", refund="pending", says="Succeeds, is refunded later"),
    Card("4000000000005126", refund="failed", says="Succeeds, its refund fails later"),
)  # fmt: skip
BY_NUMBER = {card.number: card for card in ALL}
QUICK = ("4242424242424242", "4000000000000002", "4000000000009995", "4000002500003155", "4000000000003220")


@dataclass(frozen=True)
class Account:
    """One test bank account for SEPA direct debit: whether it pays, and after how long."""

    iban: str
    seconds: int
    pays: bool
    says: str
    is_disputed: bool = False

    @property
    def country(self) -> str:
        """The bank's country."""
        return self.iban[:2]


ACCOUNTS = (
    Account("DE89370400440532013000", 2, True, "Pays"),
    Account("DE08370400440532013003", 180, True, "Pays after three minutes"),
    Account("DE62370400440532013001", 2, False, "Fails"),
    Account("DE78370400440532013004", 180, False, "Fails after three minutes"),
    Account("DE35370400440532013002", 2, True, "Pays, is disputed at once", is_disputed=True),
    Account("AT611904300234573201", 2, True, "Pays (Austria)"),
    Account("AT321904300235473204", 180, True, "Pays after three minutes (Austria)"),
    Account("AT861904300235473202", 2, False, "Fails (Austria)"),
    Account("AT051904300235473205", 180, False, "Fails after three minutes (Austria)"),
)
BY_IBAN = {account.iban: account for account in ACCOUNTS}


def digits(text: str) -> str:
    """A number as it was meant, without the spaces and dashes in between."""
    return "".join(letter for letter in text if letter not in " -\u00a0")


def is_plausible(number: str) -> bool:
    """Whether a card's number has a length and a check digit that fit (Luhn)."""
    if not (number.isdecimal() and number.isascii() and 13 <= len(number) <= 19):
        return False
    total = 0
    for index, letter in enumerate(reversed(number)):
        value = int(letter) * (2 if index % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
