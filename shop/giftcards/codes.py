"""Codes of gift cards: made from the card's own number and the shop's secret key, and kept nowhere.

The database holds a keyed hash, by which a card is found, and the last four signs, by which people talk about it. Whoever has a
copy of the database alone can spend nothing; whoever has the secret key as well can make a code once more, which is how one is
sent a second time.
"""

from __future__ import annotations

import re
import uuid

from django.conf import settings
from django.utils.crypto import salted_hmac

# Crockford's 32 signs: none that is taken for another, and what people write instead is read as what they mean.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})
# Five bits each: 80 in all.
LENGTH = 16
_BYTES = LENGTH * 5 // 8


def read(text: str) -> str:
    """The code that somebody typed, whatever the case, with or without dashes; nothing where it cannot be one."""
    signs = "".join(sign for sign in text.upper().translate(READ_AS) if not sign.isspace() and sign not in "-–—.")
    return signs if len(signs) == LENGTH and set(signs) <= set(ALPHABET) else ""


def looks_like_one(text: str) -> bool:
    """Whether a text is a code as far as one can see, so that it is to stand in no address, log or list.

    It is written in four groups, or in one. One in four hundred has no digit; nearly all words of sixteen letters have none.
    """
    groups = [len(part) for part in re.split(r"[\s\-–—.]+", text.strip()) if part]
    in_groups = groups in ([LENGTH // 4] * 4, [LENGTH])
    return in_groups and bool(read(text)) and any(sign.isdecimal() for sign in text)


def grouped(code: str) -> str:
    """A code as it is written down: four groups of four."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def secret_keys() -> list[str]:
    """The shop's secret key, and those that it had before and still knows."""
    return [str(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]


def make(card: uuid.UUID, version: int, key: str) -> str:
    """The code of a card under a key. Another version is another code."""
    number = int.from_bytes(_digest("code", f"{card}:{version}", key)[:_BYTES], "big")
    return "".join(ALPHABET[number >> shift & 31] for shift in range((LENGTH - 1) * 5, -1, -5))


def hashed(code: str, key: str) -> str:
    """By what a code is found."""
    return _digest("hash", code, key).hex()


def mark(key: str) -> str:
    """Says under which key a hash was made, and nothing about it."""
    return _digest("mark", "", key).hex()[:8]


def _digest(use: str, value: str, key: str) -> bytes:
    return salted_hmac(f"shop.giftcards.{use}", value, secret=key, algorithm="sha256").digest()
