"""Orders as pages, mails and the account show them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _

from shop.catalogue.cards import Picture
from shop.catalogue.selectors.cards import primary_pictures, product_address
from shop.payment import methods as payment
from shop.payment.methods import Instructions, Payable

from .models import Line, Order, OrderDiscount


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


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an order's way. State: done, current or nothing."""

    label: str
    state: str = ""


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
    shipping_address: tuple[str, ...]
    billing_address: tuple[str, ...]
    payment_name: str
    instructions: Instructions | None
    steps: tuple[Step, ...]
    can_cancel: bool

    @property
    def count(self) -> int:
        """How many things."""
        return sum(line.quantity for line in self.lines)


def order_view(order: Order, *, line_ids: Collection[int] = ()) -> OrderView:
    """An order as it is shown: five queries for any number of lines. `line_ids` limits it to those lines."""
    rows = Line.objects.filter(order=order).select_related("product", "product__parent").order_by("pk")
    if line_ids:
        rows = rows.filter(pk__in=line_ids)
    lines = list(rows)
    pictures = primary_pictures({line.product_id: line.product for line in lines if line.product})
    prefix = product_address("")
    discounts = OrderDiscount.objects.filter(order=order, amount__gt=0).order_by("pk")
    views = tuple(_line(line, order, pictures, prefix) for line in lines)
    return OrderView(
        id=order.pk,
        number=order.number,
        status=order.status,
        status_label=order.status_label,
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
        shipping_address=_address(order.shipping_address),
        billing_address=_address(order.billing_address),
        payment_name=_payment_name(order),
        instructions=instructions_of(order),
        steps=_steps(order.status),
        can_cancel=order.can_cancel,
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
    return method.instructions(Payable(order.number, order.total_incl_tax, order.currency, order.email, country))


def _payment_name(order: Order) -> str:
    try:
        return str(payment.method(order.payment_method).name)
    except KeyError:
        return ""


def _line(line: Any, order: Order, pictures: dict[int, Picture], prefix: str) -> OrderLineView:
    product = line.product
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
    )


def _address(address: Any) -> tuple[str, ...]:
    return () if address is None else tuple(part for part in address.active_address_fields() if part)


def _steps(status: str) -> tuple[Step, ...]:
    if status == "cancelled":
        return (Step(_("Ordered"), "done"), Step(_("Cancelled"), "current"))
    labels = (
        _("Awaiting payment") if status == "awaiting-payment" else _("Paid"),
        _("Being packed"),
        _("On its way"),
        _("With you"),
    )
    current = {"awaiting-payment": 0, "paid": 1, "partly-dispatched": 1, "dispatched": 2, "delivered": 4}.get(status, 0)
    states = ["done"] * current + ["current"] + [""] * len(labels)
    return tuple(Step(label, state) for label, state in zip(labels, states, strict=False))
