"""Sending something back: asked for, followed, withdrawn. In the account, and by a guest's link."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shop.http import see_other
from shop.order.models import Order
from shop.returns import operations
from shop.returns.forms import ReturnForm
from shop.returns.models import Return
from shop.returns.selectors import last_day, return_view, returnable

from .common import form_status, page
from .orders import guests, kept_private, mine, order_urls, return_url, whose


def _reach(request: HttpRequest, number: str, hash: str) -> Order:
    """The order: by a guest's link where there is a `hash`, of the account otherwise."""
    return guests(number, hash) if hash else mine(request, number)


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, order_number: str, hash: str = "") -> HttpResponseBase:
    """What is to come back, and why."""
    order = _reach(request, order_number, hash)
    if hash and order.user_id is not None:
        return redirect("customer:order-return", order_number=order_number)
    found = returnable(order)
    urls = order_urls(order_number, hash)
    form = ReturnForm(request.POST or None, order=order, found=found)
    # Before the rest: what was asked for the first time can no longer be asked for.
    if form.is_bound and (made := Return.objects.filter(order=order, key=form.key_sent()).first()):
        return see_other(return_url(order_number, hash, made.number))
    if not found:
        messages.error(request, _("There is nothing in this order that can be sent back now."))
        return see_other(urls["order_url"])
    if form.is_bound and form.is_valid():
        by = request.user if request.user.is_authenticated else None
        try:
            made = operations.ask(
                order, lines=form.wanted(), note=form.cleaned_data["note"], by=by, key=form.cleaned_data["key"]
            )
        except operations.ReturnError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, _("We have it. We look at it and write to you where to send it."))
            return see_other(return_url(order_number, hash, made.number))
    context = {**urls, "number": order.number, "form": form, "last_day": last_day(order), "mine": not hash}
    return kept_private(page(request, "return_ask", context, here="orders", status=form_status(form)), hash)


@require_safe
def one(request: HttpRequest, order_number: str, number: str, hash: str = "") -> HttpResponseBase:
    """One return, which prints as the slip for the parcel."""
    order = _reach(request, order_number, hash)
    if hash and order.user_id is not None:
        return redirect("customer:return", order_number=order_number, number=number)
    back = _one(order, number)
    urls = order_urls(order_number, hash)
    context = {
        **urls,
        "back": return_view(back, order),
        "withdraw_url": return_url(order_number, hash, number) + "withdraw/",
        "mine": not hash,
    }
    return kept_private(page(request, "return", context, here="orders"), hash)


@require_POST
def withdraw(request: HttpRequest, order_number: str, number: str, hash: str = "") -> HttpResponse:
    """Send nothing back after all."""
    order = whose(request, order_number, hash)
    by = request.user if request.user.is_authenticated else None
    try:
        operations.withdraw(_one(order, number), by=by, why="customer")
    except operations.ReturnError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Return %(number)s is withdrawn.") % {"number": number})
    return see_other(return_url(order_number, hash, number))


def _one(order: Order, number: str) -> Any:
    rows = Return.objects.select_related("refund").prefetch_related("lines__line")
    return get_object_or_404(rows, order=order, number=number)
