"""Amounts as the payment provider counts them: whole numbers of a currency's smallest unit.

Source: Stripe's documentation, "Supported currencies": zero-decimal, three-decimal and special currencies.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

# No smaller unit at all.
WHOLE = frozenset(
    ["BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"],
)
# A thousandth, of which card networks take tens only.
THOUSANDTHS = frozenset(["BHD", "JOD", "KWD", "OMR", "TND"])
# Written with two places for the sake of old clients, and charged in whole ones.
WHOLE_IN_HUNDREDTHS = frozenset(["ISK", "UGX"])

# The least that can be charged, where it is not fifty of the smallest coin.
# Source: Stripe's documentation, "Minimum and maximum charge amounts".
LEAST = {
    "AED": "2", "BGN": "1", "CZK": "15", "DKK": "2.50", "GBP": "0.30", "HKD": "4", "HUF": "175", "MXN": "10", "MYR": "2",
    "NOK": "3", "PLN": "2", "RON": "2", "SEK": "3", "THB": "10",
}  # fmt: skip
# What the database keeps of an amount, whatever its currency.
KEPT = Decimal("0.01")


class AmountError(ValueError):
    """An amount that cannot be charged in its currency."""


def to_minor(amount: Decimal, currency: str) -> int:
    """An amount in the currency's smallest unit. Raises AmountError for one that has no whole number of them."""
    code = currency.upper()
    if not is_payable(amount, code):
        raise AmountError(
            f"{amount} {code} cannot be charged: {code} is charged in steps of {smallest(code)}. Round it to them."
        )
    return int(amount * _factor(code))


def smallest(currency: str) -> Decimal:
    """The least amount that can be charged in a currency; all others are whole numbers of it."""
    code = currency.upper()
    units = 100 if code in WHOLE_IN_HUNDREDTHS else 10 if code in THOUSANDTHS else 1
    return Decimal(units) / _factor(code)


def least(currency: str) -> Decimal:
    """The smallest payment that the provider takes in a currency."""
    named = LEAST.get(currency.upper())
    return Decimal(named) if named else 50 * smallest(currency)


def rounded(amount: Decimal, currency: str, rounding: str = ROUND_HALF_UP) -> Decimal:
    """An amount as it can be paid: in whole pennies, or in whole yen. All rounding of money is this."""
    # A step is always a power of ten.
    return amount.quantize(smallest(currency), rounding)


def is_payable(amount: Decimal, currency: str) -> bool:
    """Whether an amount is a whole number of the smallest that can be paid."""
    return not amount % smallest(currency)


def as_kept(amount: Decimal) -> Decimal:
    """A sum as a column of money keeps it: SQLite adds in floats, and what cancels out leaves a trace of a trace."""
    return amount.quantize(KEPT)


def from_minor(units: int, currency: str) -> Decimal:
    """The amount that so many of the currency's smallest unit are."""
    return units * (Decimal(1) / _factor(currency.upper()))


def _factor(code: str) -> int:
    if code in WHOLE:
        return 1
    return 1000 if code in THOUSANDTHS else 100
