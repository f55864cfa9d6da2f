"""Orders as pages, mails and the account show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Count, Q, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from shop.catalogue.cards import Picture
from shop.catalogue.models import TaxClass
from shop.catalogue.selectors.cards import primary_pictures, product_address
from shop.customer.links import order_signature
from shop.giftcards.models import GiftCard
from shop.payment import methods as payment
from shop.payment.methods import Instructions, Payable
from shop.payment.ways import Way, other_ways
from shop.prepared import Prepared
from themes.formats import country_name, day

from .cancelling import may_cancel
from .models import Line, Order, OrderDiscount, Shipment, ShipmentLine
from .steps import Step, status_label, steps_of, was_not_paid, was_paid


@dataclass(frozen=True, slots=True)
class OrderLineView:
    """One line; `url` is empty where the product is no longer there."""

    id: int
    product_id: int | None
    title: str
    option_text: str
    sku: str
    url: str
    picture: Picture | None
    quantity: int
    unit_price: Decimal
    line_price: Decimal
    line_tax: Decimal
    tax_rate: Decimal
    currency: str
    status: str
    # Of `quantity`: how many have left, and how many never will.
    dispatched: int = 0
    cancelled: int = 0
    # Whether it goes in a parcel; a course does not, and a gift card goes by e-mail.
    is_sent: bool = True
    is_gift_card: bool = False

    @property
    def left_open(self) -> int:
        """How many are still to leave."""
        return self.quantity - self.dispatched - self.cancelled


class Packed(NamedTuple):
    """So many of a line in a shipment."""

    line: OrderLineView
    quantity: int


@dataclass(frozen=True, slots=True)
class ShipmentView:
    """What left together. `carrier`, `number` and `url` are empty where nobody wrote them down."""

    id: int
    sent_at: datetime
    carrier: str
    number: str
    url: str
    packed: tuple[Packed, ...]


class BoughtCard(NamedTuple):
    """A gift card that an order buys."""

    who: str
    amount: Decimal
    currency: str
    fate: str


class Unpaid(NamedTuple):
    """What waits for its payment."""

    orders: int
    units: int


def unpaid_of(email: str) -> Unpaid:
    """How many orders, and things reserved by them, wait for a payment of this address, as a guest or with an account."""
    found = Order.objects.filter(
        Q(guest_email__iexact=email) | Q(user__email__iexact=email), status=settings.OSCAR_INITIAL_ORDER_STATUS
    ).aggregate(orders=Count("pk", distinct=True), units=Sum("lines__num_allocated"))
    return Unpaid(found["orders"], found["units"] or 0)


# What every page and mail of an order asks. What is long and not shown stays unread.
LINES = Prepared(
    lambda orders: (
        Line.objects.filter(order__in=orders)
        .select_related("product__product_class", "product__parent__product_class")
        .defer(
            *(
                f"{product}__{name}"
                for product in ("product", "product__parent")
                for name in ("description", "specification", "gtins", "tags")
            )
        )
        .order_by("pk")
    ),
    lists=("orders",),
)
DISCOUNTS = Prepared(
    lambda orders: OrderDiscount.objects.filter(order__in=orders, amount__gt=0).order_by("pk"), lists=("orders",)
)
PACKED = Prepared(
    lambda orders: (
        ShipmentLine.objects.filter(shipment__order__in=orders).select_related("shipment").order_by("shipment", "pk")
    ),
    lists=("orders",),
)


class Discount(NamedTuple):
    """What an offer or a voucher took off."""

    name: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class OrderView:
    """All that is shown of an order. Money is as it was when the order was placed."""

    id: int
    number: str
    status: str
    status_label: str
    placed_at: datetime
    email: str
    currency: str
    lines: tuple[OrderLineView, ...]
    goods: Decimal
    discounts: tuple[Discount, ...]
    shipping_name: str
    shipping: Decimal
    tax: Decimal
    total: Decimal
    # What gift cards have paid of the total: one for each card; and what is left to pay, or was.
    gift_cards: tuple[Discount, ...]
    due: Decimal
    due_was_paid: bool
    # Gift cards that it buys: for whom, and what became of them.
    bought_cards: tuple[BoughtCard, ...]
    shipping_address: tuple[str, ...]
    billing_address: tuple[str, ...]
    payment_code: str
    payment_name: str
    instructions: Instructions | None
    # How else it could be paid, and where that is chosen.
    other_ways: tuple[Way, ...]
    ways_url: str
    steps: tuple[Step, ...]
    can_cancel: bool
    # Cancelled by the clock: nobody paid in time.
    was_not_paid: bool = False
    shipments: tuple[ShipmentView, ...] = ()

    @property
    def is_sent(self) -> bool:
        """Whether anything of it goes in a parcel."""
        return not self.lines or any(line.is_sent for line in self.lines)

    @property
    def is_gift_only(self) -> bool:
        """Whether it buys gift cards and nothing else."""
        return bool(self.lines) and all(line.is_gift_card for line in self.lines)

    @property
    def parcels(self) -> tuple[ShipmentView, ...]:
        """Its shipments, without those by which only gift cards left: their mails tell of them."""
        kept = [(each, tuple(one for one in each.packed if not one.line.is_gift_card)) for each in self.shipments]
        return tuple(replace(each, packed=packed) for each, packed in kept if packed)

    @property
    def has_left_in_part(self) -> bool:
        """Whether something of it has left, so that only the rest can be cancelled, or was."""
        return self.status in ("partly-dispatched", "cancelled") and any(line.dispatched for line in self.lines)

    @property
    def left_open(self) -> int:
        """How many things are still to leave."""
        return sum(line.left_open for line in self.lines)

    @property
    def count(self) -> int:
        """How many things."""
        return sum(line.quantity for line in self.lines)


def order_view(order: Order) -> OrderView:
    """An order as it is shown: six queries for any number of lines and shipments."""
    lines = LINES.run(orders=[order.pk])
    pictures = primary_pictures({line.product_id: line.product for line in lines if line.product})
    prefix = product_address("")
    discounts = DISCOUNTS.run(orders=[order.pk])
    instructions = instructions_of(order)
    views = tuple(_line(line, order, pictures, prefix) for line in lines)
    return OrderView(
        id=order.pk,
        number=order.number,
        status=order.status,
        status_label=status_label(order, lines),
        placed_at=order.date_placed,
        email=order.email,
        currency=order.currency,
        lines=views,
        goods=sum((line.line_price for line in views), Decimal(0)),
        discounts=tuple(
            Discount(
                each.offer_name if not each.voucher_code else f"{each.offer_name} ({each.voucher_code})", each.amount
            )
            for each in discounts
            if each.category == OrderDiscount.BASKET
        ),
        shipping_name=order.shipping_method,
        shipping=order.shipping_incl_tax,
        tax=order.total_incl_tax - order.total_excl_tax,
        total=order.total_incl_tax,
        gift_cards=_gift_cards(order),
        due=order.due,
        due_was_paid=bool(order.gift_card_amount) and was_paid(order),
        bought_cards=_bought_cards(lines),
        shipping_address=_address(order.shipping_address),
        billing_address=_address(order.billing_address),
        payment_code=order.payment_method,
        payment_name=_payment_name(order),
        instructions=instructions,
        other_ways=() if instructions is not None and instructions.is_under_way else other_ways(order),
        ways_url=reverse("checkout:pay", args=[order.number, order_signature(order.number)]),
        steps=steps_of(order.status, views),
        can_cancel=may_cancel(order, lines),
        was_not_paid=was_not_paid(order),
        shipments=_shipments(order, views),
    )


def shipments_of(order: Order) -> tuple[ShipmentView, ...]:
    """What left of an order, in the order in which it did."""
    return order_view(order).shipments


def _shipments(order: Order, lines: Sequence[OrderLineView]) -> tuple[ShipmentView, ...]:
    """In the order in which they left; one query."""
    by_id = {line.id: line for line in lines}
    packed: dict[Shipment, list[Packed]] = {}
    for row in PACKED.run(orders=[order.pk]):
        packed.setdefault(row.shipment, []).append(Packed(by_id[row.line_id], row.quantity))
    return tuple(
        ShipmentView(
            id=each.pk,
            sent_at=each.created_at,
            carrier=str(settings.SHOP_CARRIERS.get(each.carrier, (each.carrier,))[0]),
            number=each.tracking_number,
            url=each.tracking_url,
            packed=tuple(things),
        )
        for each, things in packed.items()
    )


def instructions_of(order: Order) -> Instructions | None:
    """What is to be done to pay, while nothing is paid."""
    if order.status != settings.OSCAR_INITIAL_ORDER_STATUS:
        return None
    try:
        method = payment.method(order.payment_method)
    except KeyError:
        return None
    country = order.shipping_address.country_id if order.shipping_address else ""
    payable = Payable(
        order.number,
        order.due,
        order.currency,
        order.email,
        country,
        placed_at=order.date_placed,
        way_chosen_at=order.way_chosen_at,
    )
    return method.instructions(payable)


def _bought_cards(lines: Sequence[Line]) -> tuple[BoughtCard, ...]:
    """One query, and none for an order without gift cards."""
    ids = [line.pk for line in lines if line.tax_code == TaxClass.GIFT_CARD]
    if not ids:
        return ()
    cards = GiftCard.objects.filter(line__in=ids).order_by("pk")
    return tuple(
        BoughtCard(card.recipient_name or card.recipient_email, card.amount, card.currency, _fate(card))
        for card in cards
    )


def _fate(card: GiftCard) -> str:
    """Where a gift card is, for who bought it."""
    if card.state == "ordered":
        return _("is sent once the order is paid")
    if card.state == "cancelled":
        return _("taken back")
    if card.sent_at is None and card.send_on:
        return _("will be sent on %(day)s") % {"day": day(card.send_on)}
    return _("sent")


def _gift_cards(order: Order) -> tuple[Discount, ...]:
    """One query, and none where no card was used."""
    if not order.gift_card_amount:
        return ()
    entries = order.gift_card_entries.filter(kind="spent").select_related("card").order_by("pk")
    first: dict[int, Any] = {}
    for entry in entries:
        # An order that lived again took from its cards once more.
        first.setdefault(entry.card_id, entry)
    return tuple(Discount(_("Gift card %(card)s") % {"card": each.card}, -each.amount) for each in first.values())


def _payment_name(order: Order) -> str:
    try:
        return str(payment.method(order.payment_method).name)
    except KeyError:
        return ""


def _line(line: Any, order: Order, pictures: dict[int, Picture], prefix: str) -> OrderLineView:
    product, is_card = line.product, line.tax_code == TaxClass.GIFT_CARD
    url, title, image = "", line.title, None
    if product is not None:
        image = pictures.get(product.pk) or pictures.get(product.parent_id)
        if product.is_public and (product.parent is None or product.parent.is_public):
            slug = product.parent.slug if product.is_child else product.slug
            url = f"{prefix}{slug}/?variant={product.pk}" if product.is_child else f"{prefix}{slug}/"
    return OrderLineView(
        id=line.pk,
        product_id=line.product_id,
        title=title,
        option_text=line.option_text,
        sku=line.partner_sku,
        url=url,
        picture=image,
        quantity=line.quantity,
        unit_price=line.unit_price_incl_tax,
        line_price=line.line_price_before_discounts_incl_tax,
        line_tax=line.line_price_incl_tax - line.line_price_excl_tax,
        tax_rate=line.tax_rate,
        currency=order.currency,
        status=line.status,
        dispatched=line.dispatched,
        cancelled=line.cancelled,
        is_sent=not is_card and (product is None or product.get_product_class().requires_shipping),
        is_gift_card=is_card,
    )


def _address(address: Any) -> tuple[str, ...]:
    """As it is written on a parcel, with the country in the reader's language."""
    if address is None:
        return ()
    parts = [part for part in address.active_address_fields() if part]
    if address.country_id and parts and parts[-1] == address.country.printable_name:
        parts[-1] = country_name(address.country_id)
    return tuple(parts)
