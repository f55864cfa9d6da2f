"""What the dashboard's first page shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Count, Q, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from oscar.core.loading import get_model

from shop.dashboard.catalogue.selectors import narrowed
from shop.dashboard.orders.selectors import owed_by_bank
from shop.dashboard.payments.selectors import waiting
from shop.ledger.models import Proof
from shop.order.models import TO_DISPATCH, Order
from shop.outbox.models import OutboxEntry
from shop.returns.selectors import waiting as returns_waiting
from themes.formats import money, number

NEWEST_ORDERS = 8
FAILURES = 5


@dataclass(frozen=True, slots=True)
class Figure:
    """One number, what it counts, and where to go. `urgent` where somebody should do something."""

    label: str
    value: str
    url: str = ""
    note: str = ""
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Today:
    """All that the first page shows. Empty where the person may not see it."""

    figures: tuple[Figure, ...] = ()
    orders: tuple[Any, ...] = ()
    failures: tuple[Any, ...] = ()
    # The last proof of the books, where it found something.
    proof: Proof | None = None


def today(user: Any) -> Today:
    """What waits, for this member of staff. Twelve queries at most, whatever the shop has."""
    figures: list[Figure] = []
    orders: tuple[Any, ...] = ()
    failures: tuple[Any, ...] = ()
    proof: Proof | None = None
    if user.has_perm("order.view_order"):
        figures += [*_order_figures(), *_owed_figure()]
        newest = Order.objects.select_related("user", "shipping_address").annotate(line_count=Count("lines"))
        orders = tuple(newest.order_by("-date_placed", "-pk")[:NEWEST_ORDERS])
    if user.has_perm("returns.view_return") and (count := returns_waiting()):
        url = f"{reverse('dashboard:return-list')}?state=waiting"
        figures.append(Figure(_("Returns that wait for us"), number(count), url, urgent=True))
    if user.has_perm("payment.view_payment"):
        figures += _payment_figures(user)
    if user.has_perm("partner.view_stockrecord") and user.has_perm("catalogue.view_product"):
        figures.append(_stock_figure())
    if user.has_perm("reviews.view_productreview"):
        figures.append(_review_figure())
    if user.has_perm("partner.change_stockrecord") or user.has_perm("order.change_order"):
        parked = OutboxEntry.objects.exclude(parked_at=None).order_by("-parked_at")
        count = parked.count()
        note = _("Given up after two days of tries; ask whoever runs the site.") if count else ""
        figures.append(Figure(_("Work that failed"), number(count), note=note, urgent=bool(count)))
        failures = tuple(parked.only("topic", "last_error", "parked_at")[:FAILURES]) if count else ()
        proof = Proof.objects.order_by("-at").first()
        if proof and proof.count:
            note = _("Orders, payments or stock; ask whoever runs the site.")
            figures.append(Figure(_("Not as the books say"), number(proof.count), note=note, urgent=True))
    return Today(
        figures=tuple(figures), orders=orders, failures=failures, proof=proof if proof and proof.count else None
    )


def _order_figures() -> list[Figure]:
    day = timezone.now() - timedelta(hours=24)
    row = Order.objects.aggregate(
        unpaid=Count("pk", filter=Q(status=settings.OSCAR_INITIAL_ORDER_STATUS)),
        ready=Count("pk", filter=Q(status__in=TO_DISPATCH)),
        late=Count("pk", filter=Q(status__in=TO_DISPATCH, date_placed__lt=timezone.now() - timedelta(days=2))),
        placed=Count("pk", filter=Q(date_placed__gte=day)),
        taken=Sum("total_incl_tax", filter=Q(date_placed__gte=day) & ~Q(status="cancelled")),
    )
    orders = reverse("dashboard:order-list")
    late = _("%(count)s for more than two days") % {"count": number(row["late"])} if row["late"] else ""
    taken = money(row["taken"] or Decimal(0), settings.SHOP_CURRENCY)
    return [
        Figure(_("To dispatch"), number(row["ready"]), f"{orders}?status=to-dispatch", late, urgent=bool(row["late"])),
        Figure(_("Awaiting payment"), number(row["unpaid"]), f"{orders}?status=awaiting-payment"),
        Figure(
            _("Orders in 24 hours"),
            number(row["placed"]),
            f"{orders}?since={timezone.localdate(day)}",
            _("%(money)s in all") % {"money": taken},
        ),
    ]


def _owed_figure() -> list[Figure]:
    """Money that the shop does not send by itself: a buyer may cancel at night, and nobody else says so."""
    numbers = owed_by_bank()
    if not numbers:
        return []
    url = reverse("dashboard:order-detail", args=[numbers[0]])
    note = _("The oldest is order %(number)s.") % {"number": numbers[0]}
    return [Figure(_("Cancelled, and owed back by bank"), number(len(numbers)), url, note, urgent=True)]


def _payment_figures(user: Any) -> list[Figure]:
    """Only where somebody has to look: most days there is nothing."""
    found = waiting()
    figures = []
    if found.payments:
        url = f"{reverse('dashboard:payment-list')}?state=needs"
        figures.append(Figure(_("Payments that need somebody"), number(found.payments), url, urgent=True))
    if found.messages and user.has_perm("payment.view_webhookevent"):
        url = f"{reverse('dashboard:payment-message-list')}?state=failed"
        figures.append(Figure(_("Messages that failed"), number(found.messages), url, urgent=True))
    return figures


def _stock_figure() -> Figure:
    products = get_model("catalogue", "Product").objects.filter(parent=None, is_public=True)
    low = narrowed(products, text="", stock="low", public="", kind=None).count()
    url = f"{reverse('dashboard:catalogue-product-list')}?stock=low&public=yes"
    return Figure(_("Low or sold out"), number(low), url, urgent=bool(low))


def _review_figure() -> Figure:
    review = get_model("reviews", "ProductReview")
    waiting = review.objects.filter(status=review.FOR_MODERATION).count()
    url = f"{reverse('dashboard:reviews-list')}?status={review.FOR_MODERATION}"
    return Figure(_("Reviews to read"), number(waiting), url, urgent=bool(waiting))
