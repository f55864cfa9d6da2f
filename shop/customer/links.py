"""Links that open something without signing in, because they cannot be guessed."""

from __future__ import annotations

from django.core.signing import BadSignature, Signer
from django.urls import reverse

_ORDERS = Signer(salt="shop.customer.order")
_LISTS = Signer(salt="shop.customer.wishlist")


def order_path(number: str) -> str:
    """The address under which a guest sees the order `number`; it stands in mails."""
    return reverse("customer:anon-order", kwargs={"order_number": number, "hash": order_signature(number)})


def again_path(number: str, user_id: int | None) -> str:
    """Where a form is sent to that buys the order `number` again: of the account `user_id`, or of a guest."""
    if user_id is not None:
        return reverse("customer:order-again", kwargs={"order_number": number})
    return reverse("customer:anon-order-again", kwargs={"order_number": number, "hash": order_signature(number)})


def return_path(number: str, return_number: str) -> str:
    """The address under which a guest sees a return of the order `number`; it stands in mails."""
    values = {"order_number": number, "hash": order_signature(number), "number": return_number}
    return reverse("customer:anon-return", kwargs=values)


def order_signature(number: str) -> str:
    """What shows that whoever asks for the order `number` was given a link to it."""
    return _ORDERS.signature(number)


def is_order_link(number: str, signature: str) -> bool:
    """Whether `signature` is the one of `number`. An earlier SECRET_KEY among SECRET_KEY_FALLBACKS counts as well."""
    return _matches(_ORDERS, number, signature)


def wish_list_path(key: str) -> str:
    """The address under which others see a wish list that is shared."""
    return reverse("customer:wishlists-shared", kwargs={"key": key, "signature": _LISTS.signature(key)})


def is_wish_list_link(key: str, signature: str) -> bool:
    """Whether `signature` is the one of the list `key`."""
    return _matches(_LISTS, key, signature)


def _matches(signer: Signer, value: str, signature: str) -> bool:
    try:
        return signer.unsign(f"{value}{signer.sep}{signature}") == value
    except BadSignature:
        return False
