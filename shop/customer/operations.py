"""Every change of what an account holds: addresses, wish lists, and buying an order again."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from oscar.apps.address.models import UserAddress
from oscar.apps.wishlists.models import Line as WishLine
from oscar.apps.wishlists.models import WishList

from shop.accounts.models import User
from shop.basket import operations as baskets
from shop.basket.operations import BasketError
from shop.catalogue.models import Product
from shop.giftcards.buying import details_again
from shop.order.models import Line, Order

MAX_ADDRESSES = 50
MAX_LISTS = 50
MAX_WISHES = 200


class AccountError(Exception):
    """What was asked for cannot be done. `str()` is for the visitor."""


def save_address(
    user: User, data: dict[str, str], *, address: UserAddress | None = None, for_delivery: bool, for_bill: bool
) -> UserAddress:
    """Write an address of `shop.checkout.forms` into the address book. Raises AccountError for one too many or twice."""
    with transaction.atomic():
        _lock(user)
        others = UserAddress.objects.filter(user=user).exclude(pk=address.pk if address else None)
        if address is None and others.count() >= MAX_ADDRESSES:
            raise AccountError(
                _("An address book holds %(limit)d addresses. Remove one that you no longer need first.")
                % {"limit": MAX_ADDRESSES}
            )
        address = address or UserAddress(user=user)
        fields = {name: value for name, value in data.items() if name not in ("country", "phone")}
        for name, value in fields.items():
            setattr(address, name, value)
        address.country_id = data["country"]
        address.phone_number = data.get("phone", "")
        # The first address is the one to use.
        alone = not others.exists()
        address.is_default_for_shipping = for_delivery or alone
        address.is_default_for_billing = for_bill or alone
        if others.filter(hash=address.generate_hash()).exists():
            raise AccountError(_("This address is in your address book already."))
        address.save()
    return address


def make_default(address: UserAddress, purpose: str) -> None:
    """Use an address first for "delivery" or for the "bill"."""
    field = {"delivery": "is_default_for_shipping", "bill": "is_default_for_billing"}[purpose]
    with transaction.atomic():
        _lock(address.user)
        UserAddress.objects.filter(user=address.user_id).exclude(pk=address.pk).update(**{field: False})
        UserAddress.objects.filter(pk=address.pk).update(**{field: True})


def delete_address(address: UserAddress) -> None:
    """Take an address out of the address book."""
    UserAddress.objects.filter(pk=address.pk).delete()


def make_wish_list(user: User, name: str) -> WishList:
    """A new, private list. Raises AccountError for one too many."""
    with transaction.atomic():
        _lock(user)
        if WishList.objects.filter(owner=user).count() >= MAX_LISTS:
            raise AccountError(
                _("You can have %(limit)d wish lists. Delete one that you no longer need first.") % {"limit": MAX_LISTS}
            )
        return WishList.objects.create(owner=user, name=name.strip())


def wish(user: User, product_id: int, *, key: str = "") -> WishList:
    """Put a product on the list `key`, or on the newest, or on a first one that is made now. Twice is once.

    Raises AccountError for a product or a list that there is not, and for a list that is full.
    """
    product = Product.objects.select_related("parent").filter(pk=product_id, is_public=True).first()
    if product is None or (product.parent is not None and not product.parent.is_public):
        raise AccountError(_("That product is not sold here any more."))
    with transaction.atomic():
        _lock(user)
        lists = WishList.objects.filter(owner=user)
        found = (lists.filter(key=key) if key else lists.order_by("-date_created", "-pk")).first()
        if found is None:
            if key:
                raise AccountError(_("That wish list is not there any more."))
            found = WishList.objects.create(owner=user, name=_("My wish list"))
        if not found.lines.filter(product=product).exists():
            if found.lines.count() >= MAX_WISHES:
                raise AccountError(
                    _("A wish list holds %(limit)d things. Begin a new one, or take something off.")
                    % {"limit": MAX_WISHES}
                )
            found.lines.create(product=product, title=product.get_title())
    return found


def rename_wish_list(found: WishList, name: str) -> None:
    """Give a list another name."""
    found.name = name.strip()
    WishList.objects.filter(pk=found.pk).update(name=found.name)


def delete_wish_list(found: WishList) -> None:
    """Delete a list with all that is on it."""
    WishList.objects.filter(pk=found.pk).delete()


def take_off(line: WishLine) -> None:
    """Take a wish off its list."""
    WishLine.objects.filter(pk=line.pk).delete()


def share(found: WishList) -> None:
    """Let everybody who has the link see the list."""
    WishList.objects.filter(pk=found.pk).update(visibility=WishList.SHARED)


def stop_sharing(found: WishList) -> None:
    """Make the list private and its old link worthless: sharing it again makes a new one."""
    WishList.objects.filter(pk=found.pk).update(visibility=WishList.PRIVATE, key=WishList.random_key())


def move_to_basket(line: WishLine, basket: Any) -> None:
    """Put a wish into the basket and take it off its list. Raises BasketError like the basket, and then keeps it."""
    if line.product_id is None:
        raise BasketError(_("%(name)s is no longer sold.") % {"name": line.title})
    with baskets.opened(basket):
        baskets.add(basket, line.product_id, source="wish list")
        line.delete()


def buy_again(order: Order, basket: Any) -> tuple[int, list[str]]:
    """Put everything of an order into the basket that can be had. Returns how many things, and why others are not in.

    Of what there is too little, as many as there are; a gift card for whom it was; where the rest was cancelled, that.
    """
    added, problems = 0, []
    lines = list(Line.objects.filter(order=order).select_related("product").order_by("pk"))
    is_rest = order.status == "cancelled" and any(line.dispatched for line in lines)
    for line in lines:
        wanted = line.cancelled if is_rest else line.quantity
        if not wanted:
            continue
        if line.product is None:
            problems.append(_("%(name)s is no longer sold.") % {"name": line.title})
            continue
        gift = details_again(line) if line.product.is_gift_card else None
        put = partial(baskets.add, basket, line.product_id, source="order again", gift=gift)
        try:
            put(quantity=wanted)
            added += wanted
        except BasketError as error:
            # A product that is hidden has a message without its name; several of them would say the same.
            gone = _("%(name)s is no longer sold.") % {"name": line.title}
            problems.append(gone if error.status == 404 else str(error))
            rest = baskets.room_for(basket, line.product, wanted)
            with suppress(BasketError):
                if 0 < rest < wanted:
                    put(quantity=rest)
                    added += rest
    return added, problems


def _lock(user: User) -> None:
    """Two forms of one account wait for each other."""
    User.objects.select_for_update().get(pk=user.pk)
