"""How amounts and numbers read in each language. Kept for each value: a list shows the same few hundred again and again."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from babel import Locale
from babel.numbers import format_currency, format_decimal
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext, pgettext, to_locale

DEFAULT_LANGUAGE = "en-gb"


@lru_cache(maxsize=32)
def _locale(language: str) -> Locale:
    return Locale.parse(to_locale(language))


@lru_cache(maxsize=16384)
def _money(amount: Decimal, currency: str, language: str) -> str:
    locale = _locale(language)
    if amount == amount.to_integral_value():
        # Whole amounts carry no pence; the place of the currency sign stays the language's own.
        whole = locale.currency_formats["standard"].pattern.replace(".00", "")
        return format_currency(amount, currency, whole, locale=locale, currency_digits=False)
    return format_currency(amount, currency, locale=locale)


@lru_cache(maxsize=4096)
def _number(value: float | Decimal, language: str, pattern: str | None) -> str:
    return format_decimal(value, format=pattern, locale=_locale(language))


def money(amount: Decimal, currency: str) -> str:
    """Write an amount as the active language does: £22, £0.85, £1,250; in German 22 £, 1.250 £, 0,85 €.

    `currency` is an ISO 4217 code.
    """
    return _money(Decimal(amount), currency, get_language() or DEFAULT_LANGUAGE)


def per_unit(price: Any) -> str:
    """What a litre, kilogram or metre costs, such as "£65.45 a litre"; `price` has amount, currency and unit."""
    per = {"l": gettext("%(price)s a litre"), "kg": gettext("%(price)s a kilogram"), "m": gettext("%(price)s a metre")}
    return per[price.unit] % {"price": money(price.amount, price.currency)}


def day(value: date) -> str:
    """A day with its weekday and no year: "Wednesday 25 November", in German "Mittwoch, 25. November"."""
    return date_format(value, pgettext("how a day is written, in Django's letters", "l j F"))


def moment(value: datetime) -> str:
    """A day and a time of the shop's own clock, and which that is: "Monday 23 November, 6:40 p.m. (GMT)"."""
    local = localtime(value)
    words = {"day": day(local), "time": date_format(local, "TIME_FORMAT"), "zone": local.tzname()}
    return gettext("%(day)s, %(time)s (%(zone)s)") % words


def country_name(code: str) -> str:
    """A country's name in the active language; the code itself where it is unknown."""
    return str(_locale(get_language() or DEFAULT_LANGUAGE).territories.get(code, code))


def number(value: float | Decimal, pattern: str | None = None) -> str:
    """Write a number as the active language does. `pattern` is babel's, such as `0.0`."""
    return _number(value, get_language() or DEFAULT_LANGUAGE, pattern)
