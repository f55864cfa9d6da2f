"""What the account's pages show. Frozen values, so that no template can start a query."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet
from django.utils import formats as dates
from django.utils import timezone
from oscar.apps.address.models import UserAddress
from oscar.apps.wishlists.models import Line as WishLine
from oscar.apps.wishlists.models import WishList

from shop.catalogue.cards import Picture, ProductCard
from shop.catalogue.selectors import product_cards
from shop.catalogue.selectors.cards import primary_pictures
from shop.markets import Market
from shop.order.cancelling import may_cancel
from shop.order.models import Line, Order
from shop.order.steps import status_label
from themes.formats import country_name, money

# How many pictures of an order a list shows.
PICTURES = 6
TONES = {"awaiting-payment": "low", "paid": "low", "partly-dispatched": "low", "cancelled": "out"}


@dataclass(frozen=True, slots=True)
class OrderSummary:
    """An order in a list, as components/order.html draws it. `tone` colours the state."""

    number: str
    date: str
    state: str
    tone: str
    total: str
    count: int
    pictures: tuple[Picture, ...]
    can_cancel: bool = False


@dataclass(frozen=True, slots=True)
class AddressView:
    """An address of the address book."""

    id: int
    name: str
    lines: tuple[str, ...]
    phone: str
    for_delivery: bool
    for_bill: bool


@dataclass(frozen=True, slots=True)
class WishListSummary:
    """A wish list among others."""

    key: str
    name: str
    count: int
    shared: bool


@dataclass(frozen=True, slots=True)
class Wish:
    """One thing of a wish list; `card` is None where it is no longer sold."""

    id: int
    title: str
    card: ProductCard | None


def orders_of(user: Any) -> QuerySet[Order]:
    """The orders of an account, newest first."""
    return Order.objects.filter(user=user).order_by("-date_placed", "-pk")


def summaries(orders: Sequence[Order]) -> list[OrderSummary]:
    """The orders of one page of a list, with their pictures. Two queries for any number."""
    lines: dict[int, list[Any]] = defaultdict(list)
    rows = Line.objects.filter(order__in=[order.pk for order in orders]).select_related("product").order_by("pk")
    for row in rows:
        lines[row.order_id].append(row)
    products = {row.product_id: row.product for found in lines.values() for row in found if row.product}
    pictures = primary_pictures(products) if products else {}
    return [_summary(order, lines[order.pk], pictures) for order in orders]


def _summary(order: Order, lines: Sequence[Any], pictures: dict[int, Picture]) -> OrderSummary:
    shown: dict[str, Picture] = {}
    for line in lines:
        if line.product is not None:
            picture = pictures.get(line.product_id) or pictures.get(line.product.parent_id)
            if picture:
                shown.setdefault(picture.url, picture)
    return OrderSummary(
        number=order.number,
        date=dates.date_format(timezone.localtime(order.date_placed), "DATE_FORMAT"),
        state=status_label(order, lines),
        tone=TONES.get(order.status, ""),
        total=money(order.total_incl_tax or Decimal(0), order.currency),
        count=sum(line.quantity for line in lines),
        pictures=tuple(shown.values())[:PICTURES],
        can_cancel=may_cancel(order, lines),
    )


def addresses_of(user: Any) -> QuerySet[UserAddress]:
    """The address book: the defaults first, then what was used most."""
    return (
        UserAddress.objects.filter(user=user)
        .select_related("country")
        .order_by("-is_default_for_shipping", "-is_default_for_billing", "-num_orders_as_shipping_address", "pk")
    )


def address_view(address: UserAddress) -> AddressView:
    """One address as it is shown."""
    name, *lines = [part for part in address.active_address_fields() if part] or [""]
    if lines and lines[-1] == address.country.printable_name:
        lines[-1] = country_name(address.country_id)
    return AddressView(
        id=address.pk,
        name=name,
        lines=tuple(lines),
        phone=address.phone_number.as_international if address.phone_number else "",
        for_delivery=address.is_default_for_shipping,
        for_bill=address.is_default_for_billing,
    )


def wish_lists_of(user: Any) -> QuerySet[WishList]:
    """The wish lists of an account with the number of their things, newest first."""
    return WishList.objects.filter(owner=user).annotate(count=Count("lines")).order_by("-date_created", "-pk")


def wish_list_summary(found: Any) -> WishListSummary:
    """One list of `wish_lists_of`."""
    return WishListSummary(found.key, found.name, found.count, shared=found.visibility == WishList.SHARED)


def wishes(lines: Sequence[WishLine], *, market: Market) -> list[Wish]:
    """Things of a wish list with their price and stock now."""
    cards = product_cards([line.product_id for line in lines if line.product_id], market=market)
    return [Wish(line.pk, line.title, cards.get(line.product_id)) for line in lines]
