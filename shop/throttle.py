"""How often something may be tried: sign-ins, registrations, mails with links, forms, voucher codes.

Counters live in the cache, in fixed windows. An attempt is counted before it is made, so that many at once get no
further than one after another.
"""

from __future__ import annotations

import hashlib
import ipaddress
import time
from contextlib import suppress
from dataclasses import dataclass

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import ngettext


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `attempts` within `seconds`."""

    name: str
    attempts: int
    seconds: int


SIGN_IN_ACCOUNT = Limit("sign-in-account", 10, 15 * 60)
# Higher: a whole office may sit behind one address.
SIGN_IN_ADDRESS = Limit("sign-in-address", 50, 15 * 60)
REGISTER_ADDRESS = Limit("register-address", 20, 60 * 60)
MAIL_ACCOUNT = Limit("mail-account", 3, 60 * 60)
MAIL_ADDRESS = Limit("mail-address", 20, 60 * 60)
# Of changes of an address: what one account asks for, and what one address gets from all accounts.
EMAIL_CHANGE_ACCOUNT = Limit("email-change-account", 5, 60 * 60)
EMAIL_CHANGE_ADDRESS = Limit("email-change-address", 3, 60 * 60)
# Messages and addresses from one place: enough for a person who forgot something, too few for a machine.
CONTACT_ADDRESS = Limit("contact-address", 5, 60 * 60)
NEWSLETTER_ADDRESS = Limit("newsletter-address", 10, 60 * 60)
# Of wrong codes: nobody mistypes so many, and codes can be guessed.
VOUCHER_ADDRESS = Limit("voucher-address", 20, 60 * 60)
# The same for gift cards, in the checkout and where a balance is asked for.
GIFT_CARD_ADDRESS = Limit("gift-card-address", 20, 60 * 60)
# Of orders: several people may sit behind one address, but nobody may reserve all there is from it.
ORDER_ADDRESS = Limit("order-address", 30, 60 * 60)
ORDER_EMAIL = Limit("order-email", 10, 60 * 60)
ORDER_UNITS_ADDRESS = Limit("order-units-address", 1000, 24 * 60 * 60)
# Of payment pages for one order: each is a question to the payment provider.
PAY = Limit("pay", 30, 60 * 60)
PASSWORD_CHECK = Limit("password-check", 10, 15 * 60)
# Of passwords of single pages.
PAGE_PASSWORD_ADDRESS = Limit("page-password-address", 20, 15 * 60)


def take(limit: Limit, who: str, *, amount: int = 1) -> int:
    """Count one attempt of `who`, or `amount` of them. Returns 0 where it may be made, else the seconds until it may be tried again."""
    now = time.time()
    key = _key(limit, who, now)
    cache.add(key, 0, limit.seconds)
    try:
        count = cache.incr(key, amount)
    except ValueError:  # thrown out between the two calls
        cache.set(key, amount, limit.seconds)
        count = amount
    return 0 if count <= limit.attempts else int(limit.seconds - now % limit.seconds) + 1


def give_back(limit: Limit, who: str, *, amount: int = 1) -> None:
    """Do not count the attempt that was taken last; those before it stay counted."""
    with suppress(ValueError):  # its window is over
        cache.decr(_key(limit, who, time.time()), amount)


def forget(limit: Limit, who: str) -> None:
    """Forget all attempts of `who`, who has proved who it is."""
    cache.delete(_key(limit, who, time.time()))


def wait_text(seconds: int) -> str:
    """How long to wait, in words for a page."""
    minutes = max(1, -(-seconds // 60))
    return ngettext(
        "That was tried too often. Wait %(count)d minute and try again.",
        "That was tried too often. Wait %(count)d minutes and try again.",
        minutes,
    ) % {"count": minutes}


def client_address(request: HttpRequest) -> str:
    """Where a request comes from. Behind a proxy on this machine or its network, what the proxy says about it.

    Only the last entry of X-Forwarded-For counts, which the proxy itself wrote. Of IPv6 it is the network of 64 bits: each
    line has one at the least, and whoever has it could take another address for every try.
    """
    address = request.META.get("REMOTE_ADDR", "")
    forwarded = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    if forwarded and _is_inside(address):
        return _place(forwarded) or _place(address) or address
    return _place(address) or address


def _place(address: str) -> str:
    """An address as it counts; nothing where it is none."""
    try:
        held = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(held, ipaddress.IPv4Address):
        return str(held)
    return str(held.ipv4_mapped or ipaddress.ip_network((held.packed, 64), strict=False))


def _is_inside(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_private
    except ValueError:
        return True  # a socket file has no address


def _key(limit: Limit, who: str, now: float) -> str:
    # Hashed: what people type here is no business of a cache's operator, and it may be long.
    digest = hashlib.sha256(who.strip().lower().encode()).hexdigest()[:32]
    return f"throttle:{limit.name}:{int(now // limit.seconds)}:{digest}"
