"""The front page of the account."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from .. import selectors
from .common import page

RECENT = 2


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """What happened last, and where things are."""
    orders = [
        (each, [(reverse("customer:order", kwargs={"order_number": each.number}), _("See it"))])
        for each in selectors.summaries(list(selectors.orders_of(request.user)[:RECENT]))
    ]
    first = selectors.addresses_of(request.user).first()
    context = {"orders": orders, "address": selectors.address_view(first) if first else None}
    return page(request, "overview", context, here="summary")
