"""Turning a cell's text into a value. Each function raises ValueError with a sentence that names the value and the cure."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from html import escape

import nh3
from django.conf import settings
from django.utils.text import slugify

from shop.partner.pricing import rounded, smallest_coin

MAX_PRICE = Decimal("9999999999.99")
MAX_STOCK = 2_147_483_647
# Spreadsheets of half of Europe write 12,50. Three digits after a comma may be thousands, and are asked about.
DECIMAL_COMMA = re.compile(r"-?\d+,\d{1,2}")
CODE = re.compile(r"[^0-9a-z_]+")


def clean_text(text: str, *, name: str, limit: int) -> str:
    """Strip, and refuse bytes that were not UTF-8, halves of characters, control characters, and more than `limit` characters."""
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        try:
            shown = text.encode("utf-8", "surrogateescape").decode("latin-1")
        except UnicodeEncodeError:
            # JSON can name half of a character by its number.
            shown = text.encode("utf-8", "replace").decode("utf-8")
            raise ValueError(f"{name} {shown[:60]!r} holds half a character: write it whole") from None
        raise ValueError(f"{name} {shown[:60]!r} is not UTF-8: save the file as UTF-8")
    text = text.replace("\x00", "").strip()
    if len(text) > limit:
        raise ValueError(f"{name} has {len(text)} characters, at most {limit} fit")
    return text


def parse_price(text: str, *, name: str = "price") -> Decimal:
    """A price such as 12, 12.50 or 12,50; zero or more, in whole pennies, or in whole yen."""
    plain = text.strip()
    if DECIMAL_COMMA.fullmatch(plain):
        plain = plain.replace(",", ".")
    try:
        value = Decimal(plain)
    except InvalidOperation:
        raise ValueError(f"{name} {text[:60]!r} is not a number: write it as 12.50") from None
    if not value.is_finite():
        raise ValueError(f"{name} {text[:60]!r} is not a number: write it as 12.50")
    if value < 0:
        raise ValueError(f"{name} {text} is below zero")
    if value > MAX_PRICE:
        raise ValueError(f"{name} {text} is above {MAX_PRICE}")
    if (amount := rounded(value)) != value:
        raise ValueError(
            f"{name} {text} cannot be paid: {settings.SHOP_CURRENCY} is paid in steps of {smallest_coin()}"
        )
    return amount


def parse_whole(text: str, *, name: str) -> int:
    """A whole number from zero up to what a database column holds; "3.0" counts as 3."""
    try:
        value = Decimal(text.strip())
        # 1E+99999999 is short to write; as a whole number it has so many digits.
        whole = int(value) if value.adjusted() < len(str(MAX_STOCK)) else MAX_STOCK + 1
    except (InvalidOperation, ValueError, OverflowError):
        raise ValueError(f"{name} {text[:60]!r} is not a whole number") from None
    if whole != value and whole <= MAX_STOCK:
        raise ValueError(f"{name} {text} is not a whole number")
    if not 0 <= whole <= MAX_STOCK:
        raise ValueError(f"{name} {text} is not between 0 and {MAX_STOCK}")
    return whole


def parse_day(text: str, *, name: str) -> date:
    """A day as 2026-02-20."""
    try:
        return date.fromisoformat(text.strip()[:10])
    except ValueError:
        raise ValueError(f"{name} {text[:60]!r} is not a day: write it as 2026-02-20") from None


def parse_yes(text: str, *, name: str) -> bool:
    """yes/no, true/false, 1/0, in any case."""
    known = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
    try:
        return known[text.strip().lower()]
    except KeyError:
        raise ValueError(f"{name} {text[:60]!r} is neither yes nor no") from None


def attribute_code(name: str) -> str:
    """A name as Oscar wants an attribute's code: letters, digits and underscores, a letter first, at most 128."""
    code = CODE.sub("_", name.strip().lower()).strip("_")[:120] or "attribute"
    return code if code[0].isalpha() else f"a_{code}"


def attribute_name(code: str) -> str:
    """A code as a person reads it: product_colour becomes Product colour."""
    words = " ".join(part for part in code.removeprefix("a_").split("_") if part)
    return (words[:1].upper() + words[1:])[:128]


def slug_from(*parts: str) -> str:
    """An address's word from text; never empty, at most 255 characters."""
    return slugify("-".join(part for part in parts if part))[:255].strip("-") or "product"


def html_from_plain(text: str) -> str:
    """Plain text as paragraphs."""
    return "".join(f"<p>{escape(part.strip())}</p>" for part in re.split(r"\n\s*\n", text) if part.strip())


def clean_html(text: str) -> str:
    """Somebody else's markup without scripts, handlers, styles and frames."""
    return nh3.clean(text).strip()
