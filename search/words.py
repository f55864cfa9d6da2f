"""How words are spelt in the text index and in questions: one spelling for both, the same on every database."""

from __future__ import annotations

import re
import unicodedata

MAX_WORDS = 16
# No word of any language is longer; what is, comes from data that went wrong, and PostgreSQL refuses it at 2 kB.
LONGEST_WORD = 64
_WORD = re.compile(r"[^\W_]+")
_CHUNK = re.compile(r"\S+")
# Signs that would fall apart into letters of the word before: "Core™2" is core 2.
_SIGNS = str.maketrans("™℠", "  ")


def fold(text: str) -> str:
    """Lower case without accents: Crème becomes creme."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.translate(_SIGNS)).casefold()
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def stem(word: str) -> str:
    """Take off an English plural. Words with a digit in them are part numbers and stay as they are.

    Crude on purpose: what matters is that both sides of a comparison are cut alike.
    """
    if len(word) < 4 or not word.isalpha() or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes", "zes")):
        return word[:-2]
    return word[:-1]


def words(text: str) -> list[str]:
    """The words of a text in their order, folded and stemmed."""
    return [stem(word[:LONGEST_WORD]) for word in _WORD.findall(fold(text))]


def typed(text: str) -> tuple[list[str], str]:
    """The words of a text that is still being typed, and its last word as far as it goes, without any stemming."""
    *done, last = _WORD.findall(fold(text)) or [""]
    return [stem(word[:LONGEST_WORD]) for word in done], last[:LONGEST_WORD]


def numbers(text: str) -> list[str]:
    """The words of part numbers, SKUs and EANs, and each of them once more without its separators and leading zeros.

    "CF-280X" gives cf, 280x and cf280x, so that it is found however a shopper writes it.
    """
    found: list[str] = []
    for chunk in _CHUNK.findall(fold(text)):
        parts = [part[:LONGEST_WORD] for part in _WORD.findall(chunk)]
        whole = "".join(parts)[:LONGEST_WORD]
        found += parts
        if len(parts) > 1:
            found.append(whole)
        if whole.isdigit() and whole.startswith("0"):
            found.append(whole.lstrip("0"))
    return [word for word in found if word]


def joined(text: str) -> str:
    """The whole question as one part number, or nothing where it cannot be one (no digit, too long, several sentences)."""
    parts = _WORD.findall(fold(text))
    whole = "".join(parts)
    if len(parts) < 2 or len(whole) > 40 or not any(char.isdigit() for char in whole):
        return ""
    return whole
