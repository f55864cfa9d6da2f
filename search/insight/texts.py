"""Which queries are kept, and how they are written down."""

from __future__ import annotations

import re

from search.words import fold
from shop.giftcards import codes

LONGEST = 100
# No word of a language and no part number is as long; a password or a token may be.
LONGEST_WORD = 40
# From so many digits on a number may be somebody's: a telephone, a card, an account.
MOST_DIGITS = 6
_WORD = re.compile(r"[^\W_]+")
_MAIL = re.compile(r"\S@\S")
_WEB = re.compile(r"://|\bwww\.")
_IBAN = re.compile(r"[a-z]{2}\d{2}[a-z0-9]{11,30}")


def kept(text: str) -> str:
    """How `text` is written down: folded, one space between words. Empty where nothing of it may be kept.

    Left out are texts without a letter or digit, ones of more than LONGEST characters (something that was pasted), and
    whatever looks like a person's: see `looks_personal`.
    """
    # Looked at before it is folded, so that 10,000 characters cost nothing.
    if len(text) > 2 * LONGEST:
        return ""
    printable = "".join(char if char.isprintable() else " " for char in text)
    folded = " ".join(fold(printable).split())
    if len(folded) > LONGEST or not _WORD.search(folded) or looks_personal(folded):
        return ""
    return folded


def looks_personal(text: str) -> bool:
    """Whether a folded text looks like an e-mail address, a telephone, card or account number, an address on the web, a token,
    or a gift card's code.

    Digits that stand together, whatever separates them, count as one number, so that an EAN is left out too. Numbers
    with letters in their words are part numbers and stay: c13t29914012.
    """
    if _MAIL.search(text) or _WEB.search(text) or codes.looks_like_one(text):
        return True
    digits = 0
    for word in _WORD.findall(text):
        if len(word) > LONGEST_WORD or _IBAN.fullmatch(word):
            return True
        digits = digits + len(word) if word.isdigit() else 0
        if digits > MOST_DIGITS:
            return True
    return False
