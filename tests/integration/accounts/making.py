"""Orders without the way to them, for lists."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from oscar.apps.order.models import ShippingAddress

from shop.order.models import Line, Order
from shop.order.numbers import new_number
from shop.partner.operations import ensure_partner


def make_order(user: Any, *products: Any, status: str = "delivered", guest_email: str = "") -> Order:
    """An order of one each, at ten pounds a piece."""
    total = Decimal(10) * len(products)
    address = ShippingAddress.objects.create(
        first_name="Ada", last_name="Fenwick", line1="14 Tanner’s Row", line4="Leeds", postcode="LS1 4DY",
        country_id="GB", phone_number="+441132345678", notes="Ring twice",
    )  # fmt: skip
    order = Order.objects.create(
        number=new_number(), user=user, guest_email=guest_email, currency="GBP", status=status,
        total_incl_tax=total, total_excl_tax=Decimal(8) * len(products), shipping_incl_tax=0, shipping_excl_tax=0,
        shipping_method="Standard", shipping_address=address,
    )  # fmt: skip
    for product in products:
        Line.objects.create(
            order=order, product=product, title=product.get_title(), quantity=1, partner=ensure_partner(),
            partner_sku="", line_price_incl_tax=10, line_price_excl_tax=8, line_price_before_discounts_incl_tax=10,
            line_price_before_discounts_excl_tax=8, unit_price_incl_tax=10, unit_price_excl_tax=8, num_allocated=0,
            tax_rate=Decimal("0.25"),
        )  # fmt: skip
    return order
