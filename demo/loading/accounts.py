"""The four sign-ins, and the invented customers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction

from demo.people import MARKETER, MERCHANDISER, PASSWORD, SHOPPER, SUPPORT
from shop.accounts import roles
from shop.accounts.models import User
from shop.catalogue.models import Product
from shop.customer.operations import make_wish_list, save_address, wish

from .data import Row

STAFF = (
    (MARKETER, "Mara", "Lind", roles.MARKETER),
    (MERCHANDISER, "Tobias", "Okafor", roles.MERCHANDISER),
    (SUPPORT, "Priya", "Nair", roles.SUPPORT),
)
SHOPPER_ADDRESSES: tuple[dict[str, str], ...] = (
    {
        "first_name": "Sam", "last_name": "Shopper", "line1": "14 Tanner’s Row", "line4": "Leeds",
        "postcode": "LS1 4DY", "country": "GB",
    },
    {
        "first_name": "Sam", "last_name": "Shopper", "line1": "Lindenstraße 8", "line4": "Berlin",
        "postcode": "10969", "country": "DE",
    },
)  # fmt: skip
WISHES = ("night-teapot", "fold-throw", "milk-jug", "pebble-lamp")


@transaction.atomic
def write_staff() -> None:
    """One of each role, with that role and no more: each sees what its people see."""
    for email, first, last, role in STAFF:
        user = _user(email, first, last)
        roles.assign(user, role)
        # A demo that was loaded before may have given another one.
        user.groups.set(user.groups.filter(name=role))


@transaction.atomic
def write_shopper(products: Mapping[str, Product]) -> User:
    """The shopper, with addresses in two countries and a wish list."""
    # Oscar gives users their addresses and wish lists, where no checker can see it.
    user: Any = _user(SHOPPER, "Sam", "Shopper")
    if not user.addresses.exists():
        for place, data in enumerate(SHOPPER_ADDRESSES):
            save_address(user, data, for_delivery=place == 0, for_bill=place == 0)
    if not user.wishlists.exists():
        wishes = make_wish_list(user, "For the new flat")
        for slug in WISHES:
            if slug in products:
                wish(user, products[slug].pk, key=wishes.key)
    return user


def shopper_row() -> Row:
    """The shopper as the invented customers are described, at the first address."""
    home = SHOPPER_ADDRESSES[0]
    return {"email": SHOPPER, "town": home["line4"], **home}


def _user(email: str, first: str, last: str) -> User:
    user: Any = User.objects.filter(email=email).first()
    return user or User.objects.create_user(email, PASSWORD, first_name=first, last_name=last)


@transaction.atomic
def write_customers(rows: list[Row]) -> dict[str, User]:
    """The invented customers who have an account, by e-mail address. Nobody can sign in as one of them."""
    held = set(User.objects.filter(email__in=[row["email"] for row in rows]).values_list("email", flat=True))
    locked = make_password(None)
    User.objects.bulk_create(
        User(email=row["email"], first_name=row["first_name"], last_name=row["last_name"], password=locked)
        for row in rows
        if not row.get("guest") and row["email"] not in held
    )
    return {user.email: user for user in User.objects.filter(email__in=[row["email"] for row in rows])}


def remove_people(rows: list[Row]) -> None:
    """Take out the sign-ins and the customers."""
    emails = [row["email"] for row in rows] + [email for email, *_ in STAFF] + [SHOPPER]
    User.objects.filter(email__in=emails).delete()
