"""Orders: the list, one order, buying it again, cancelling it, and the link for guests."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from shop.http import see_other
from shop.order.models import BUYER_MAY_CANCEL, Order
from shop.order.selectors import order_view
from shop.order.states import InvalidTransition, change_status

from .. import links, operations, selectors
from .common import page, paged

PAGE = 10


@require_safe
def order_list(request: HttpRequest) -> HttpResponse:
    """Ten orders a page, newest first."""
    found = paged(request, selectors.orders_of(request.user), PAGE)
    orders = [(each, _actions(each)) for each in selectors.summaries(found.items)]
    return page(request, "orders", {"orders": orders, "pages": found.pages, "total": found.total}, here="orders")


def _actions(order: selectors.OrderSummary) -> list[tuple[str, str]]:
    url = reverse("customer:order", kwargs={"order_number": order.number})
    actions = [(url, _("See it"))]
    if order.can_cancel:
        # Where it asks once more.
        actions.append((f"{url}#cancel", _("Cancel it")))
    return actions


@require_safe
def order_detail(request: HttpRequest, order_number: str) -> HttpResponse:
    """One order, as it prints."""
    view = order_view(_mine(request, order_number))
    return page(request, "order", {"order": view, "mine": True}, here="orders")


@require_POST
def again(request: Any, order_number: str) -> HttpResponse:
    """Put everything of the order into the basket once more, and say what could not be."""
    added, problems = operations.buy_again(_mine(request, order_number), request.basket)
    if added:
        text = ngettext("%(count)d thing is in the basket.", "%(count)d things are in the basket.", added)
        messages.success(request, text % {"count": added})
    for problem in problems:
        messages.warning(request, problem)
    if not added:
        return see_other(reverse("customer:order", kwargs={"order_number": order_number}))
    return see_other(reverse("basket:summary"))


@require_POST
def cancel(request: HttpRequest, order_number: str) -> HttpResponse:
    """Cancel the order while nothing has left the house."""
    order = _mine(request, order_number)
    try:
        change_status(order, "cancelled", by=request.user, why="customer", only_from=BUYER_MAY_CANCEL)
    except InvalidTransition:
        messages.error(request, _("This order is on its way already and cannot be cancelled."))
    else:
        messages.success(request, _("Order %(number)s is cancelled.") % {"number": order.number})
    return see_other(reverse("customer:order", kwargs={"order_number": order_number}))


@require_safe
def guest_order(request: HttpRequest, order_number: str, hash: str) -> HttpResponseBase:
    """An order by the link in its mails. One that belongs to an account is shown there, after signing in."""
    if not links.is_order_link(order_number, hash):
        raise Http404("no such link")
    order = get_object_or_404(_orders(), number=order_number)
    if order.user_id is not None:
        return redirect("customer:order", order_number=order.number)
    if not order.guest_email:
        # The account that it belonged to was deleted, and the buyer's name with it.
        raise Http404("anonymised")
    response = page(request, "order", {"order": order_view(order), "mine": False})
    # The address of this page is a key: other sites must not learn it.
    response["Referrer-Policy"] = "no-referrer"
    return response


def _mine(request: HttpRequest, number: str) -> Order:
    """The order, if it is this person's: somebody else's is as unknown as one that does not exist."""
    return get_object_or_404(_orders(), number=number, user=request.user)


def _orders() -> Any:
    return Order.objects.select_related("user", "shipping_address__country", "billing_address__country")
