"""The steps of the checkout. Every page is the visitor's own and never cached."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from shop import throttle
from shop.basket import operations as basket_operations
from shop.basket.models import Line
from shop.basket.selectors import BasketView, read_basket
from shop.basket.snapshots import Change, changes, shortages, sign, thaw, unsign
from shop.customer.links import again_path
from shop.http import see_other, whole_number
from shop.markets import COOKIE_AGE
from shop.order.models import Order
from shop.order.operations import Placed, PlacementError, StockChanged, place_order
from shop.order.selectors import order_view
from shop.payment import methods as payment
from shop.payment.sent_back import sent_back
from shop.prepared import Prepared

from . import gift_cards, limits, operations
from .address_page import AddressPage
from .forms import EmailForm, country_choices
from .models import Checkout
from .waiting import SESSION_KEY

MAX_REMEMBERED = 10
# How often, and after how many seconds, the page of somebody who comes back from paying looks whether the money is there.
LOOKS, LOOK_EVERY = 6, 2
STEP_PAGES = {
    "basket": "basket:summary",
    "email": "checkout:index",
    "address": "checkout:address",
    "review": "checkout:review",
}

# What every step asks first: whether there is something in the basket, and what its buyer has said so far.
HELD = Prepared(lambda baskets: Line.objects.filter(basket__in=baskets).values_list("pk")[:1], lists=("baskets",))
OPEN = Prepared(lambda baskets: Checkout.objects.filter(basket__in=baskets, order=None), lists=("baskets",))

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@get_or_post
def index(request: Any) -> HttpResponse:
    """Who buys: an e-mail address, or signing in."""
    if stop := _nothing_to_buy(request):
        return stop
    if request.user.is_authenticated:
        return _see("checkout:address")
    checkout = open_checkout(request)
    form = EmailForm(request.POST or None, initial={"email": checkout.email if checkout else ""})
    if request.method == "POST" and form.is_valid():
        _start(request, form.cleaned_data["email"])
        return _see("checkout:address")
    context = {"form": form, "basket": _basket(request, checkout), "steps": _steps("email")}
    return render(request, "checkout/email.html", context, status=400 if form.is_bound else 200)


@never_cache
@get_or_post
def address(request: Any) -> HttpResponse:
    """Where to, and how."""
    if stop := _nothing_to_buy(request):
        return stop
    checkout = open_checkout(request)
    if checkout is None and not request.user.is_authenticated:
        return _see("checkout:index")
    page = AddressPage(request, checkout)
    # What the script asks when another country is chosen: its ways and prices, and nothing is kept.
    looks = request.method == "POST" and request.POST.get("do") == "prices"
    if request.method == "POST" and not looks and page.is_valid():
        checkout = _start(request, page.email)
        operations.set_delivery(
            checkout,
            address=page.address,
            billing=page.billing,
            shipping_code=page.shipping_code,
            seen=unsign(request.POST.get("seen", "")),
        )
        response = _see("checkout:review")
        if page.country != request.market.country:
            # From here on every page shows the prices of the country that the things go to.
            response.set_cookie(
                settings.COUNTRY_COOKIE_NAME, page.country, max_age=COOKIE_AGE, samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
            )  # fmt: skip
        return response
    context = {**page.context(), "steps": _steps("address")}
    return render(
        request, "checkout/address.html", context, status=400 if request.method == "POST" and not looks else 200
    )


@never_cache
@sensitive_post_parameters("gift_code")
@get_or_post
def review(request: Any) -> HttpResponse:
    """All of it once more; a POST places the order."""
    if request.method == "POST":
        return _order(request)
    if stop := _nothing_to_buy(request):
        return stop
    checkout = open_checkout(request)
    if checkout is None:
        return _see("checkout:index")
    if not checkout.country or not checkout.shipping_code:
        return _see("checkout:address")
    return _review(request, checkout)


def _order(request: Any) -> HttpResponse:
    checkout = _mine(request, request.POST.get("token", ""))
    if checkout.order_id is not None:
        return _see("checkout:done", checkout.token)
    if request.POST.get("do") == "adjust":
        request.basket.strategy = request.strategy
        try:
            basket_operations.accept_changes(request.basket)
        except basket_operations.BasketError as error:
            messages.warning(request, str(error))
            return _see("basket:summary")
        return _see("checkout:review")
    if gift_cards.asks(request.POST.get("do", "")):
        return _use_gift_card(request, checkout)
    problems = []
    code, due = request.POST.get("payment", ""), gift_cards.agreed_due(request)
    # Where there is nothing left to pay there is nothing to choose, which is looked at once more under the lock.
    is_free = due == 0
    if not is_free and code not in {method.code for method in payment.methods(due, settings.SHOP_CURRENCY)}:
        problems.append(("payment", _("Choose how to pay.")))
    if request.POST.get("terms") != "yes":
        problems.append(("terms", _("Agree to the terms to order.")))
    accepted = unsign(request.POST.get("seen", ""))
    if problems or accepted is None:
        return _review(request, checkout, problems=problems, status=400)
    operations.set_payment(checkout, "" if is_free else code)
    try:
        taken = limits.take(checkout, throttle.client_address(request))
    except limits.TooMuchError as error:
        messages.warning(request, str(error))
        answer = _review(request, checkout, status=429 if error.wait else 409)
        if error.wait:
            answer["Retry-After"] = str(error.wait)
        return answer
    result = None
    try:
        result = place_order(checkout.token, accepted=accepted, host=request.get_host(), due=due)
    except PlacementError as error:
        messages.warning(request, str(error))
        return _see(STEP_PAGES[error.step])
    except Checkout.DoesNotExist:
        raise Http404("the account was deleted, and its checkouts with it") from None
    finally:
        if not (isinstance(result, Placed) and result.is_new):
            limits.give_back(taken)
    if not isinstance(result, Placed):
        return _review(
            request, checkout, found=result.changes, stock_changed=isinstance(result, StockChanged), status=409
        )
    return _after(request, checkout, result)


def _use_gift_card(request: Any, checkout: Checkout) -> HttpResponse:
    try:
        said = gift_cards.act(request, checkout, settings.SHOP_CURRENCY)
    except gift_cards.GiftCardError as error:
        return _review(request, checkout, problems=[("gift_code", str(error))], status=error.status)
    messages.success(request, said)
    code = request.POST.get("payment", "")
    if code in {method.code for method in payment.methods()}:
        operations.set_payment(checkout, code)
    return _see("checkout:review")


def _after(request: Any, checkout: Checkout, result: Placed) -> HttpResponse:
    order = result.order
    if result.is_new:
        operations.remember_address(checkout)
    elsewhere = ""
    if order.status == settings.OSCAR_INITIAL_ORDER_STATUS:
        payable = payment.Payable(order.number, order.due, order.currency, checkout.email, checkout.country)
        try:
            elsewhere = payment.method(order.payment_method).start(payable)
        except payment.NotNow as error:
            messages.warning(request, str(error))
    if elsewhere:
        return see_other(elsewhere)
    return _see("checkout:done", checkout.token)


def _review(
    request: Any,
    checkout: Checkout,
    *,
    problems: list[tuple[str, str]] | None = None,
    found: tuple[Change, ...] = (),
    stock_changed: bool = False,
    status: int = 200,
) -> HttpResponse:
    basket = _basket(request, checkout)
    if basket.quote is None or basket.shipping is None or basket.shipping.code != checkout.shipping_code:
        messages.warning(request, _("That delivery is not offered for these things any more. Choose another."))
        return _see("checkout:address")
    if not found and checkout.quote:
        found = changes(thaw(checkout.quote), basket.quote)
    short = shortages(basket.quote)
    gone = [line for line in basket.lines if line.unit_price is None]
    if not stock_changed:
        found = (*found, *short)
        found += tuple(Change("gone", line.notices[0], line.id) for line in gone if line.notices)
    cover = gift_cards.covered(checkout, basket.quote)
    methods = payment.methods(cover.due, basket.currency)
    context = {
        "checkout": checkout,
        "cover": cover,
        "gift_code": request.POST.get("gift_code", "")[:64],
        "basket": basket,
        "seen": sign(basket.quote),
        "changes": found,
        "changed_lines": {change.line_id for change in found},
        "must_adjust": bool(short or gone),
        "problems": problems or [],
        "problem_fields": {name for name, _words in problems or []},
        "methods": methods,
        "is_too_little": bool(not methods and payment.methods()),
        "chosen": request.POST.get("payment") or checkout.payment_code or next((m.code for m in methods), ""),
        "agreed": request.POST.get("terms") == "yes",
        "address": address_lines(checkout.shipping_address),
        "billing": address_lines(checkout.billing_address),
        "steps": _steps("review"),
    }
    return render(request, "checkout/review.html", context, status=status)


@never_cache
@get_or_post
def done(request: Any, token: uuid.UUID) -> HttpResponse:
    """Thank you, what happens next, and an account for a guest who wants one."""
    try:
        checkout = _mine(request, str(token))
    except Http404:
        # The same for a purchase of somebody else and for none at all.
        return render(request, "checkout/elsewhere.html", status=404)
    if checkout.order_id is None:
        return _see("checkout:review")
    order = Order.objects.select_related("user", "shipping_address__country", "billing_address__country").get(
        pk=checkout.order_id
    )
    # The same for every guest: whether the address has an account is for its mailbox to know, not for who typed it here.
    is_over = order.status == "cancelled"
    may_keep = order.user_id is None and not request.user.is_authenticated and not is_over
    status = 200
    if may_keep and request.method == "POST":
        wait = throttle.take(throttle.REGISTER_ADDRESS, throttle.client_address(request))
        if not wait:
            operations.offer_account(order)
            text = _("We have written to %(email)s. The link in the mail leads to your account, with this order in it.")
            messages.success(request, text % {"email": order.guest_email})
            return _see("checkout:done", token)
        messages.warning(request, throttle.wait_text(wait))
        status = 429
    # Just back from the payment page: what happened there is known in a moment, and paying twice is not to be offered.
    look = whole_number(request.GET.get("back")) or 0
    view = order_view(order)
    # Where a bank takes days there is nothing to look for.
    is_under_way = view.instructions is not None and view.instructions.is_under_way
    waits = order.status == settings.OSCAR_INITIAL_ORDER_STATUS and not is_under_way
    asks = 0 < look <= LOOKS and waits
    context = {"order": view, "may_keep": may_keep, "asks": asks, "looks_again": asks and look < LOOKS}
    if is_over:
        context |= {"sent_back": sent_back(order.pk), "again_url": again_path(order.number, order.user_id)}
    response = render(request, "checkout/done.html", context, status=status)
    if context["looks_again"]:
        # Without a script: the page looks again by itself, a few times, and then offers what there is to do.
        response["Refresh"] = f"{LOOK_EVERY}; url=?back={look + 1}"
    return response


def open_checkout(request: Any) -> Checkout | None:
    """The checkout of the visitor's basket that has no order yet, if this visitor began it.

    Whoever holds the basket's cookie alone sees its goods, but no name and no address that was typed elsewhere.
    """
    if request.basket.pk is None:
        return None
    found: list[Checkout] = OPEN.run(baskets=[request.basket.pk])
    return found[0] if found and is_mine(request, found[0]) else None


def _start(request: Any, email: str) -> Checkout:
    language = get_language() or settings.LANGUAGE_CODE
    checkout = operations.start(
        request.basket, user=request.user, email=email, language=language, known=_known_tokens(request)
    )
    known = _known_tokens(request)
    if known[-1:] != [str(checkout.token)]:
        tokens = [token for token in known if token != str(checkout.token)]
        request.session[SESSION_KEY] = [*tokens, str(checkout.token)][-MAX_REMEMBERED:]
    return checkout


def _mine(request: Any, token: str) -> Checkout:
    """The checkout with this token, if this visitor began it. Anybody else gets 404, as for one that does not exist."""
    try:
        checkout = Checkout.objects.select_related("order", "user").filter(token=uuid.UUID(token)).first()
    except ValueError:
        checkout = None
    if checkout is None or not is_mine(request, checkout):
        raise Http404
    return checkout


def is_mine(request: Any, checkout: Checkout) -> bool:
    """Whether this visitor began the checkout, or has the account that did."""
    if checkout.user_id is not None:
        return bool(checkout.user_id == request.user.pk)
    return str(checkout.token) in _known_tokens(request)


def _known_tokens(request: Any) -> list[str]:
    return list(request.session.get(SESSION_KEY, []))


def _basket(request: Any, checkout: Checkout | None) -> BasketView:
    """The basket with the prices of the country that the things go to."""
    market = request.market
    if checkout is not None and checkout.country:
        market = replace(market, country=checkout.country)
    code = checkout.shipping_code if checkout else ""
    return read_basket(request.basket, market=market, user=request.user, shipping_code=code)


def _nothing_to_buy(request: Any) -> HttpResponse | None:
    basket = request.basket
    if basket.pk is not None and HELD.run(baskets=[basket.pk]):
        return None
    messages.info(request, _("Your basket is empty. Put something in it first."))
    return _see("basket:summary")


def _steps(current: str) -> list[dict[str, str]]:
    names = {"email": _("E-mail"), "address": _("Address and delivery"), "review": _("Pay")}
    place = list(names).index(current)
    return [
        {
            "label": label,
            "state": "done" if number < place else ("current" if number == place else ""),
            "url": reverse(STEP_PAGES[step]),
        }
        for number, (step, label) in enumerate(names.items())
    ]


def address_lines(data: dict[str, str]) -> tuple[str, ...]:
    """An address that a Checkout keeps, as it is written on a parcel."""
    if not data:
        return ()
    countries = dict(country_choices())
    name = f"{data.get('first_name', '')} {data.get('last_name', '')}".strip()
    held = [data.get(part, "") for part in ("line1", "line2", "line3", "line4", "state", "postcode")]
    return tuple(part for part in (name, *held, countries.get(data.get("country", ""))) if part)


def _see(name: str, *args: Any) -> HttpResponseRedirect:
    return see_other(reverse(name, args=args))
