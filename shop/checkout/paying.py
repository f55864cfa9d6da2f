"""To the payment provider's page, and back from it. Whether it is paid says the provider to us, never the way back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from shop import throttle
from shop.customer.links import is_order_link, order_path
from shop.http import see_other
from shop.order.models import PAID, Order
from shop.payment import methods as payment
from shop.payment.operations import PaymentError, choose_way, look_soon

from .models import Checkout
from .views import is_mine


@never_cache
@require_POST
def pay(request: Any, number: str, signature: str) -> HttpResponse:
    """To the page where the order can be paid. Whoever has a guest's link may: it costs nobody else anything.

    With `payment` it is paid that way from now on. Where the order belongs to an account, its owner alone goes there: the page
    offers the cards that Stripe keeps for the account.
    """
    if not is_order_link(number, signature):
        raise Http404("no such link")
    order = get_object_or_404(Order.objects.select_related("shipping_address"), number=number)
    code = request.POST.get("payment", "")[:64]
    if order.user_id not in (None, request.user.pk):
        # Asks to sign in.
        return see_other(order_path(number))
    wait = throttle.take(throttle.PAY, number)
    elsewhere = ""
    if wait:
        messages.warning(request, throttle.wait_text(wait))
    else:
        try:
            if code:
                order = _turn(request, order, code)
            elsewhere = _start(order)
        except (payment.NotNow, PaymentError) as error:
            messages.warning(request, str(error))
    return see_other(elsewhere or order_path(number))


def _turn(request: Any, order: Order, code: str) -> Order:
    """Choose another way to pay, and say what has come of it where the buyer stays here."""
    turned = choose_way(order, code)
    if turned.status in PAID:
        messages.success(request, _("Your payment had arrived before: the order is paid."))
    elif turned.payment_method != order.payment_method and payment.method(code).confirms_at_once:
        text = _("You pay this order by “%(way)s” now. We have sent what you need to %(email)s, too.")
        messages.success(request, text % {"way": payment.method(code).name, "email": turned.email})
    return turned


def _start(order: Order) -> str:
    country = order.shipping_address.country_id if order.shipping_address else ""
    payable = payment.Payable(order.number, order.due, order.currency, order.email, country)
    try:
        return payment.method(order.payment_method).start(payable)
    except KeyError:
        return ""


@never_cache
@require_safe
def paid(request: Any, number: str) -> HttpResponse:
    """Back from the payment page, whatever happened there. What did is asked for at once, in case no message tells.

    Who says to have left without paying (`left`) is offered to pay at once; anybody else is asked to wait a moment.
    """
    checkout = Checkout.objects.select_related("order").filter(order__number=number).first()
    if checkout is None or checkout.order is None or not is_mine(request, checkout):
        # Another browser, or the session is over: the order stands behind the link in its mails.
        return render(request, "checkout/elsewhere.html", status=404)
    look_soon(checkout.order)
    answer = reverse("checkout:done", args=[checkout.token])
    return see_other(answer if "left" in request.GET else f"{answer}?back=1")
