"""The rows of a new order. Called by `operations.place_order` inside its transaction, when all is checked and locked."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib.sites.models import Site
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from oscar.apps.offer.models import ConditionalOffer
from oscar.apps.voucher.models import Voucher, VoucherApplication

from shop.basket.quotes import Quote, QuoteDiscount, QuoteLine
from shop.basket.selectors import base_title
from shop.partner.models import Partner

from . import numbers
from .models import BillingAddress, Line, Order, OrderDiscount, OrderLineDiscount, OrderStatusChange, ShippingAddress

ADDRESS_FIELDS = ("first_name", "last_name", "line1", "line2", "line3", "line4", "state", "postcode")
NUMBER_TRIES = 5


def write_order(checkout: Any, quote: Quote, lines: Sequence[Any], offers: Sequence[Any], user: Any) -> Order:
    """Write an order with its lines, discounts, addresses and first log row, and count vouchers and offers.

    Raises ValueError for a quote without a delivery.
    """
    shipping = quote.shipping
    if shipping is None:
        raise ValueError(f"checkout {checkout.token}: the quote has no delivery; add_shipping() comes first")
    delivery = ShippingAddress(
        **_address(checkout.shipping_address),
        phone_number=checkout.shipping_address.get("phone", ""),
    )
    delivery.save()
    billing = BillingAddress(**_address(checkout.billing_address or checkout.shipping_address))
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
        payment_method=checkout.payment_code if quote.total_incl > 0 else "",
    )
    _save_with_number(order)
    rows = _write_lines(order, quote, lines)
    _write_discounts(order, quote, rows)
    _count_uses(order, quote.discounts, offers, user)
    OrderStatusChange.objects.create(order=order, old_status="", new_status=status, by=user, why="placed")
    return order


def _address(data: dict[str, str]) -> dict[str, str]:
    return {**{name: data.get(name, "") for name in ADDRESS_FIELDS}, "country_id": data["country"]}


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
    partners = Partner.objects.in_bulk({line.stockrecord.partner_id for line in lines})
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


def _count_uses(order: Order, discounts: Sequence[QuoteDiscount], offers: Sequence[Any], user: Any) -> None:
    """Note how often offers and vouchers were used. Those with a limit are locked by the caller."""
    by_id = {offer.pk: offer for offer in offers}
    vouchers: dict[int, Decimal] = {}
    for each in discounts:
        offer = by_id[each.offer_id]
        used_up = offer.max_global_applications and offer.num_applications + each.frequency >= (
            offer.max_global_applications
        )
        spent = offer.max_discount and offer.total_discount + each.amount >= offer.max_discount
        ConditionalOffer.objects.filter(pk=each.offer_id).update(
            num_applications=F("num_applications") + each.frequency,
            total_discount=F("total_discount") + each.amount,
            num_orders=F("num_orders") + 1,
            **({"status": ConditionalOffer.CONSUMED} if used_up or spent else {}),
        )
        if each.voucher_id is not None:
            vouchers[each.voucher_id] = vouchers.get(each.voucher_id, Decimal(0)) + each.amount
    for voucher_id, amount in vouchers.items():
        VoucherApplication.objects.create(voucher_id=voucher_id, order=order, user=user)
        Voucher.objects.filter(pk=voucher_id).update(
            num_orders=F("num_orders") + 1, total_discount=F("total_discount") + amount
        )
