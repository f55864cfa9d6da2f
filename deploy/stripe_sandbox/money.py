"""Amounts are whole numbers of a currency's smallest unit; which unit that is, and what is too little, stands here."""

from __future__ import annotations

from .errors import StripeError

ZERO_DECIMAL = frozenset("bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf".split())
THREE_DECIMAL = frozenset("bhd jod kwd omr tnd".split())
# Written with two decimals for old times' sake, although the currency has none: always whole hundreds.
WHOLE_HUNDREDS = frozenset({"isk", "ugx"})
TWO_DECIMAL = frozenset(
    "aed ars aud brl cad chf cop crc czk dkk egp eur gbp gel hkd huf idr ils inr kes kzt mad mur mxn myr ngn nok nzd pen "
    "php pkr pln qar ron rsd sar sek sgd thb try twd tzs uah usd uyu zar".split()
)
CURRENCIES = ZERO_DECIMAL | THREE_DECIMAL | WHOLE_HUNDREDS | TWO_DECIMAL
LEAST = {
    "aed": 200, "aud": 50, "brl": 50, "cad": 50, "chf": 50, "czk": 1500, "dkk": 250, "eur": 50, "gbp": 30, "hkd": 400,
    "huf": 17500, "inr": 50, "jpy": 50, "mxn": 1000, "myr": 200, "nok": 300, "nzd": 50, "pln": 200, "ron": 200, "sek": 300,
    "sgd": 50, "thb": 1000, "usd": 50,
}  # fmt: skip
MOST = 99_999_999
SIGNS = {"gbp": "£", "eur": "€", "usd": "$", "jpy": "¥"}


def currency_of(text: str, param: str) -> str:
    """The currency in lower case. Raises StripeError where there is none of that name."""
    code = text.lower()
    if code not in CURRENCIES:
        raise StripeError(
            f"Invalid currency: {code}. Stripe's sandbox here knows {', '.join(sorted(CURRENCIES))}", param=param
        )
    return code


def check_unit(amount: int, currency: str, param: str) -> None:
    """Raise StripeError for an amount that the currency has no coin for."""
    if currency in THREE_DECIMAL and amount % 10:
        raise StripeError(f"Invalid amount {amount}: in {currency} the last digit must be 0.", param=param)
    if currency in WHOLE_HUNDREDS and amount % 100:
        raise StripeError(f"Invalid amount {amount}: in {currency} the last two digits must be 00.", param=param)


def check_total(amount: int, currency: str, what: str, param: str) -> None:
    """Raise StripeError where a total is too small or too large to be charged. Nothing at all is fine."""
    if amount and amount < LEAST.get(currency, 0):
        raise StripeError(
            f"{what} must add up to at least {written(LEAST[currency], currency)}", code="amount_too_small", param=param
        )
    if amount > MOST:
        raise StripeError(
            f"{what} must be no more than {written(MOST, currency)}", code="amount_too_large", param=param
        )


def decimals(currency: str) -> int:
    """How many decimals the smallest unit stands for."""
    if currency in ZERO_DECIMAL:
        return 0
    return 3 if currency in THREE_DECIMAL else 2


def written(amount: int, currency: str) -> str:
    """The amount as people read it: £12.50, ¥1,200, CHF 12.50."""
    places = decimals(currency)
    sign = SIGNS.get(currency, f"{currency.upper()} ")
    return f"{sign}{amount / 10**places:,.{places}f}"
