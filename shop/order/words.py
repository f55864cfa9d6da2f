"""What parts of an order are called."""

from __future__ import annotations

from django.utils.translation import gettext as _

from .models import Order


def delivery_name(order: Order) -> str:
    """What its delivery is called among its goods, where the method's name alone, such as Standard, says nothing."""
    if not order.shipping_method:
        return _("Delivery")
    return _("Delivery, %(method)s") % {"method": order.shipping_method}
