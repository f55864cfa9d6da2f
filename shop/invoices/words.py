"""Text and amounts as a document keeps them: nothing in it can be mistaken for a command, a line of its own or nothing at all."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from decimal import Decimal

from babel.numbers import get_currency_precision

# Controls, halves of letters, and what turns the direction of writing round.
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
LONGEST = 600


def clean(text: object) -> str:
    """One line of text in composed letters, without anything that is not seen."""
    composed = unicodedata.normalize("NFC", str(text or ""))
    # What separates stays a space: two words must not become one.
    spaced = "".join(
        " " if each.isspace() else each
        for each in composed
        if each.isspace() or unicodedata.category(each) not in UNSEEN
    )
    return " ".join(spaced.split())[:LONGEST]


def clean_lines(lines: Iterable[object]) -> list[str]:
    """Each line cleaned, empty ones left out."""
    return [line for line in map(clean, lines) if line]


def text_of(amount: Decimal, currency: str) -> str:
    """An amount as JSON keeps it, with the places of its currency, and more only where it has more."""
    least = Decimal(1).scaleb(-get_currency_precision(currency))
    exact = amount.quantize(least)
    return str(exact if exact == amount else amount.normalize())


def rate_of(text: str | Decimal) -> str:
    """A tax rate as JSON keeps it: 0.2, never 0.2000 or 2E-1."""
    return f"{Decimal(text).normalize():f}"
