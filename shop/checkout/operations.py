"""Writes to a checkout: what the buyer says, step by step. The order itself is written by shop.order.operations."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from typing import Any

from django.db import IntegrityError, transaction

from shop.accounts.models import User
from shop.accounts.operations import ask_for_new_password, hold_account
from shop.basket.models import Basket
from shop.basket.quotes import Quote
from shop.basket.snapshots import freeze
from shop.customer.operations import AccountError, save_address
from shop.order.models import Order

from .models import Checkout


def start(basket: Any, *, user: Any, email: str, language: str, known: Collection[str] = ()) -> Checkout:
    """The open checkout of a basket, made at the first step, with the buyer's address for the receipt.

    One that was begun by somebody else, neither this user nor a session that has its token among `known`, is thrown
    away with what was typed there, and a new one begins.
    """
    with transaction.atomic():
        hold_account(user.pk)
        # Two first steps at once wait here instead of making two checkouts.
        Basket.objects.select_for_update().get(pk=basket.pk)
        found = Checkout.objects.filter(basket_id=basket.pk, order=None).first()
        if found is not None:
            is_theirs = found.user_id == user.pk if found.user_id is not None else str(found.token) in known
            if not is_theirs:
                found.delete()
                found = None
        checkout = found or Checkout(basket_id=basket.pk)
        before = (checkout.pk, checkout.user_id, checkout.email, checkout.language)
        checkout.user = user if user.is_authenticated else None
        checkout.email = user.email if user.is_authenticated else email
        checkout.language = language
        if before != (checkout.pk, checkout.user_id, checkout.email, checkout.language) or checkout.pk is None:
            checkout.save()
    return checkout


def set_delivery(
    checkout: Checkout,
    *,
    address: dict[str, str],
    billing: dict[str, str],
    shipping_code: str,
    seen: Quote | None,
) -> None:
    """Note where it goes, who gets the bill, how it travels, and what the buyer had been shown then."""
    checkout.shipping_address, checkout.billing_address = address, billing
    checkout.shipping_code = shipping_code
    checkout.quote = freeze(seen) if seen else None
    checkout.save(update_fields=["shipping_address", "billing_address", "shipping_code", "quote", "updated_at"])


def set_payment(checkout: Checkout, code: str) -> None:
    """Note how the buyer wants to pay."""
    Checkout.objects.filter(pk=checkout.pk, order=None).update(payment_code=code)


def remember_address(checkout: Checkout) -> None:
    """Put the delivery's address into the account of a buyer who has one, unless it is there."""
    if checkout.user is None:
        return
    # A full address book is no reason to trouble somebody who has just bought.
    with suppress(AccountError):
        save_address(checkout.user, checkout.shipping_address, for_delivery=False, for_bill=False)


def offer_account(order: Order) -> None:
    """Mail a guest the link that leads to an account with this order, which is made where the address has none.

    The order goes in once the link is followed (`take_in_orders`), which only who reads those mails can do.
    """
    with suppress(IntegrityError), transaction.atomic():
        User.objects.create_user(order.guest_email, None)
    ask_for_new_password(order.guest_email)


def take_in_orders(user: User) -> None:
    """Put what was ordered as a guest into the account whose owner has just proved to read that address's mails."""
    with transaction.atomic():
        hold_account(user.pk)
        orders = list(
            Order.objects.select_for_update().filter(user=None, guest_email__iexact=user.email).order_by("pk")
        )
        Order.objects.filter(pk__in=[order.pk for order in orders]).update(user=user, guest_email="")
        Checkout.objects.filter(order__in=orders, user=None).update(user=user)
