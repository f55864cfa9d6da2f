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
from shop.invoices.selectors import documents_of
from shop.order import cancelling
from shop.order.models import Order
from shop.order.selectors import order_view
from shop.payment.sent_back import sent_back
from shop.returns.selectors import returnable, returns_of

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
    order = mine(request, order_number)
    context = {"order": order_view(order), "mine": True, "documents": documents_of(order.pk), **_actions_of(order)}
    return page(request, "order", context, here="orders")


def _actions_of(order: Order, hash: str = "") -> dict[str, Any]:
    """What came back or will, in things and in money, where more can be asked for, and where the order can be cancelled."""
    shown = [(return_url(order.number, hash, each.number), each) for each in returns_of(order)]
    urls = order_urls(order.number, hash)
    return {
        "returns": shown,
        "ask_url": urls["ask_url"] if returnable(order) else "",
        "cancel_url": urls["cancel_url"],
        "again_url": urls["again_url"],
        "sent_back": sent_back(order.pk),
    }


def order_urls(order_number: str, hash: str) -> dict[str, str]:
    """Where the pages and buttons of an order and of its returns are, for whoever looks at it."""
    values = {"order_number": order_number} | ({"hash": hash} if hash else {})
    guest = "anon-" if hash else ""
    return {
        "order_url": reverse(f"customer:{guest}order", kwargs=values),
        "ask_url": reverse(f"customer:{guest}order-return", kwargs=values),
        "cancel_url": reverse(f"customer:{guest}order-cancel", kwargs=values),
        "again_url": reverse(f"customer:{guest}order-again", kwargs=values),
    }


def return_url(order_number: str, hash: str, number: str) -> str:
    """Where one return is."""
    values = {"order_number": order_number, "number": number} | ({"hash": hash} if hash else {})
    return reverse(f"customer:{'anon-' if hash else ''}return", kwargs=values)


@require_POST
def again(request: Any, order_number: str, hash: str = "") -> HttpResponse:
    """Put everything of the order into the basket once more, and say what could not be: in the account, or by a guest's link."""
    added, problems = operations.buy_again(whose(request, order_number, hash), request.basket)
    if added:
        text = ngettext("%(count)d thing is in the basket.", "%(count)d things are in the basket.", added)
        messages.success(request, text % {"count": added})
    for problem in problems:
        messages.warning(request, problem)
    if not added:
        return see_other(order_urls(order_number, hash)["order_url"])
    return see_other(reverse("basket:summary"))


@require_POST
def cancel(request: HttpRequest, order_number: str, hash: str = "") -> HttpResponse:
    """Cancel the order, or its rest, while no parcel has left the house: in the account, or by a guest's link."""
    order = whose(request, order_number, hash)
    by = request.user if request.user.is_authenticated else None
    # What the button on the page said; a page from before gift cards were sent says something else than one from after.
    whole = request.POST.get("what") != "rest"
    try:
        cancelling.cancel(order, whole=whole, by=by)
    except cancelling.CancelError as error:
        messages.error(request, str(error))
    else:
        text = _("Order %(number)s is cancelled.") if whole else _("The rest of order %(number)s is cancelled.")
        messages.success(request, text % {"number": order.number})
    return see_other(order_urls(order_number, hash)["order_url"])


@require_safe
def guest_order(request: HttpRequest, order_number: str, hash: str) -> HttpResponseBase:
    """An order by the link in its mails. One that belongs to an account is shown there, after signing in."""
    order = guests(order_number, hash)
    if order.user_id is not None:
        return redirect("customer:order", order_number=order.number)
    documents = documents_of(order.pk)
    context = {"order": order_view(order), "mine": False, "signature": hash, "documents": documents}
    return kept_private(page(request, "order", {**context, **_actions_of(order, hash)}), hash)


def whose(request: HttpRequest, number: str, hash: str) -> Order:
    """The order of a button: this person's, or the one of a guest's link. Raises Http404 for any other."""
    order = guests(number, hash) if hash else mine(request, number)
    if hash and order.user_id is not None:
        raise Http404("it belongs to an account")
    return order


def guests(number: str, signature: str) -> Order:
    """The order that a signed link leads to; it may belong to an account by now. Raises Http404 for any other link."""
    if not links.is_order_link(number, signature):
        raise Http404("no such link")
    order: Order = get_object_or_404(_orders(), number=number)
    if order.user_id is None and not order.guest_email:
        # The account that it belonged to was deleted, and the buyer's name with it.
        raise Http404("anonymised")
    return order


def kept_private(response: HttpResponse, hash: str) -> HttpResponse:
    """The address of a guest's page is a key: other sites must not learn it. Ours may, or its forms could not be sent."""
    if hash:
        response["Referrer-Policy"] = "same-origin"
    return response


def mine(request: HttpRequest, number: str) -> Order:
    """The order, if it is this person's: somebody else's is as unknown as one that does not exist."""
    order: Order = get_object_or_404(_orders(), number=number, user=request.user)
    return order


def _orders() -> Any:
    return Order.objects.select_related("user", "shipping_address__country", "billing_address__country")
