"""The rows of a new order. Called by `operations.place_order` inside its transaction, when all is checked and locked."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib.sites.models import Site
from django.db import IntegrityError, transaction
from django.utils import timezone
from oscar.apps.address.models import Country

from shop.basket.quotes import Quote, QuoteLine
from shop.basket.selectors import base_title
from shop.partner.models import Partner
from shop.prepared import Prepared

from . import numbers, uses
from .models import BillingAddress, Line, Order, OrderDiscount, OrderLineDiscount, OrderStatusChange, ShippingAddress

ADDRESS_FIELDS = ("first_name", "last_name", "line1", "line2", "line3", "line4", "state", "postcode")
NUMBER_TRIES = 5
COUNTRIES = Prepared(lambda codes: Country.objects.filter(pk__in=codes), lists=("codes",))
PARTNERS = Prepared(lambda ids: Partner.objects.filter(pk__in=ids), lists=("ids",))


def write_order(
    checkout: Any,
    quote: Quote,
    lines: Sequence[Any],
    user: Any,
    *,
    by_gift_card: Decimal = Decimal(0),
) -> tuple[Order, list[Line]]:
    """Write an order with its lines, discounts, addresses and first log row, and count vouchers and offers.

    The lines say what they are promised; the caller reserves it, and takes `by_gift_card` from the cards. Raises ValueError for a quote without a delivery.
    """
    shipping = quote.shipping
    if shipping is None:
        raise ValueError(f"checkout {checkout.token}: the quote has no delivery; add_shipping() comes first")
    delivery = ShippingAddress(
        **_address(checkout.shipping_address),
        phone_number=checkout.shipping_address.get("phone", ""),
    )
    # Saving reads it, where it is not there.
    delivery.country = _country(delivery.country_id)
    delivery.save()
    billing = BillingAddress(**_address(checkout.billing_address or checkout.shipping_address))
    same = billing.country_id == delivery.country_id
    billing.country = delivery.country if same else _country(billing.country_id)
    billing.save()
    # What costs nothing needs no payment.
    status = settings.OSCAR_INITIAL_ORDER_STATUS if quote.total_incl > 0 else "paid"
    order = Order(
        basket_id=checkout.basket_id,
        user=user,
        site=Site.objects.get_current(),
        guest_email="" if user else checkout.email,
        shipping_address=delivery,
        billing_address=billing,
        currency=quote.currency,
        total_incl_tax=quote.total_incl,
        total_excl_tax=quote.total_excl,
        shipping_incl_tax=shipping.incl,
        shipping_excl_tax=shipping.excl,
        shipping_tax_code="standard",
        shipping_method=shipping.name,
        shipping_code=shipping.code,
        status=status,
        date_placed=timezone.now(),
        language=checkout.language,
        payment_method=checkout.payment_code if quote.total_incl > by_gift_card else "",
        gift_card_amount=by_gift_card,
    )
    _save_with_number(order)
    rows = _write_lines(order, quote, lines)
    _write_discounts(order, quote, rows)
    uses.count(order, quote.discounts, user=user)
    OrderStatusChange.objects.create(order=order, old_status="", new_status=status, by=user, why="placed")
    return order, list(rows.values())


def _address(data: dict[str, str]) -> dict[str, str]:
    return {**{name: data.get(name, "") for name in ADDRESS_FIELDS}, "country_id": data["country"]}


def _country(code: str) -> Country:
    found: list[Country] = COUNTRIES.run(codes=[code])
    if not found:
        raise Country.DoesNotExist(f"There is no country {code!r}.")
    return found[0]


def _save_with_number(order: Order) -> None:
    """Give the order a number that nobody has; the database's unique constraint decides."""
    for attempt in range(1, NUMBER_TRIES + 1):
        order.number = numbers.new_number()
        try:
            with transaction.atomic():
                order.save(force_insert=True)
        except IntegrityError:
            if attempt == NUMBER_TRIES or not Order.objects.filter(number=order.number).exists():
                raise
            order.pk = None
        else:
            return


def _write_lines(order: Order, quote: Quote, lines: Sequence[Any]) -> dict[int, Line]:
    """Lines in the order of the basket. Returns them by the basket line's id."""
    by_id = {line.pk: line for line in lines}
    partners = {row.pk: row for row in PARTNERS.run(ids={line.stockrecord.partner_id for line in lines})}
    rows = {
        each.line_id: _line(order, each, by_id[each.line_id], partners[by_id[each.line_id].stockrecord.partner_id])
        for each in quote.lines
    }
    Line.objects.bulk_create(rows.values())
    return rows


def _line(order: Order, quoted: QuoteLine, line: Any, partner: Any) -> Line:
    return Line(
        order=order,
        partner=partner,
        partner_name=partner.name,
        partner_sku=line.stockrecord.partner_sku,
        stockrecord_id=line.stockrecord_id,
        product_id=line.product_id,
        title=base_title(line.product)[:255],
        option_text=line.options_now[:255],
        upc=line.product.upc,
        quantity=quoted.quantity,
        line_price_incl_tax=quoted.incl,
        line_price_excl_tax=quoted.excl,
        line_price_before_discounts_incl_tax=quoted.before,
        line_price_before_discounts_excl_tax=quoted.before_excl,
        unit_price_incl_tax=quoted.unit_incl,
        unit_price_excl_tax=quoted.unit_excl,
        tax_code=quoted.tax_class,
        tax_rate=quoted.tax_rate,
        status=settings.OSCAR_INITIAL_LINE_STATUS,
        # What is not counted is not reserved, and so is never given back.
        num_allocated=0 if quoted.available is None else quoted.quantity,
        source=line.source,
    )


def _write_discounts(order: Order, quote: Quote, rows: dict[int, Line]) -> None:
    discounts = {
        each.offer_id: OrderDiscount(
            order=order,
            category=OrderDiscount.SHIPPING
            if each.is_shipping
            else (OrderDiscount.BASKET if each.amount else OrderDiscount.DEFERRED),
            offer_id=each.offer_id,
            offer_name=each.name,
            voucher_id=each.voucher_id,
            voucher_code=each.voucher_code,
            frequency=each.frequency,
            amount=each.amount,
        )
        for each in quote.discounts
    }
    if not discounts:
        return
    OrderDiscount.objects.bulk_create(discounts.values())
    OrderLineDiscount.objects.bulk_create(
        OrderLineDiscount(line=rows[line.line_id], order_discount=discounts[offer_id], is_incl_tax=True, amount=amount)
        for line in quote.lines
        for offer_id, amount in line.discounts
    )
