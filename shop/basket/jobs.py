"""What runs by the clock: baskets and checkouts that nobody can come back to are not kept."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils import timezone

from shop.checkout.models import Checkout
from shop.order.models import Order
from shop.outbox.periodic import every

from .models import Basket, Line

# Deleted in parts, so that no visitor waits behind a long write.
AT_ONCE = 500


@every(3600, "baskets_forget")
def forget_old() -> int:
    """Delete old baskets without an owner and checkouts that led to no order; returns how many baskets.

    Old is what was not touched for longer than the basket's cookie lasts. What was ordered stays with its order, and
    what somebody keeps in an account stays there.
    """
    limit = timezone.now() - timedelta(seconds=settings.OSCAR_BASKET_COOKIE_LIFETIME) - timedelta(days=1)
    # An unfinished checkout holds an address and goes even where the basket is somebody's.
    Checkout.objects.filter(order=None, updated_at__lt=limit).delete()
    ordered = Order.objects.filter(basket=OuterRef("pk"))
    touched = Line.objects.filter(basket=OuterRef("pk"), date_updated__gte=limit)
    ours = Basket.objects.filter(owner=None, status__in=(Basket.OPEN, Basket.SAVED, Basket.MERGED))
    old = ours.filter(date_created__lt=limit).exclude(Exists(touched)).exclude(Exists(ordered))
    count = 0
    while ids := list(old.order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        Basket.objects.filter(pk__in=ids).delete()
        count += len(ids)
    return count
