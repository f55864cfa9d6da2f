"""The basket page, adding to it, vouchers, and the fragment that is each visitor's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shop import throttle
from shop.checkout.waiting import waiting_order
from shop.http import see_other, whole_number
from shop.origin import same_origin_required
from themes.formats import money

from . import operations
from .operations import BasketError
from .selectors import basket_view, full_name
from .signals import product_added

# More than this in one "buy all" is a mistake or a machine.
MAX_AT_ONCE = 24


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def basket(request: HttpRequest) -> HttpResponse:
    """The basket; a POST changes one line of it (`line`, `quantity`, `do`)."""
    if request.method != "POST":
        return _page(request)
    try:
        said = _change(request)
    except BasketError as error:
        return _page(request, problem=str(error), status=error.status, line_id=whole_number(request.POST.get("line")))
    if said:
        messages.success(request, said)
    return _see_basket()


def _change(request: Any) -> str:
    line_id = whole_number(request.POST.get("line"))
    if line_id is None:
        raise BasketError(_("That is not in your basket any more."), status=404)
    basket, saved = request.basket, request.saved_basket
    actions: dict[str, Callable[[], str]] = {
        "update": lambda: _set_quantity(basket, line_id, request.POST.get("quantity", "")),
        "remove": lambda: _("%(name)s is out of the basket.") % {"name": operations.remove(basket, line_id)},
        "later": lambda: _("%(name)s is kept for later.") % {"name": operations.keep_for_later(basket, saved, line_id)},
        "back": lambda: _("%(name)s is in the basket.") % {"name": operations.put_back(saved, basket, line_id)},
        "forget": lambda: _("%(name)s is no longer kept.") % {"name": operations.remove(saved, line_id)},
    }
    action = actions.get(request.POST.get("do", "update"))
    if action is None:
        raise BasketError(_("The basket does not know how to do that. Choose one of the buttons below."))
    return action()


def _set_quantity(basket: Any, line_id: int, text: str) -> str:
    operations.set_quantity(basket, line_id, _quantity(text))
    return ""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@same_origin_required
def add(request: HttpRequest) -> HttpResponseBase:
    """Put one or several products into the basket. See docs/architecture.md for what is sent and answered.

    Whoever only looks at this address, after signing in for one, is shown the basket.
    """
    if request.method != "POST":
        return _see_basket()
    wants_json = "application/json" in request.headers.get("Accept", "")
    added: list[str] = []
    problems: list[BasketError] = []
    products = request.POST.getlist("product")
    if not products or len(products) > MAX_AT_ONCE:
        problems.append(BasketError(_("Nothing was chosen. Choose a product first.")))
        products = []
    for value in products:
        try:
            added.append(_add_one(request, value, len(products)))
        except BasketError as error:
            problems.append(error)
    message = _added_message(added)
    if wants_json:
        return _json(request, message, problems, ok=bool(added))
    if not added and len(problems) == 1 and problems[0].url:
        # A choice is to be made first; the product page is where it is made.
        return see_other(problems[0].url)
    if not added:
        return _page(request, problem=" ".join(map(str, problems)), status=problems[0].status)
    messages.success(request, message)
    for problem in problems:
        messages.warning(request, str(problem))
    return _see_basket()


def _add_one(request: Any, value: str, among: int) -> str:
    product_id = whole_number(value)
    if product_id is None:
        raise BasketError(_("That product is not sold here any more."), status=404)
    quantity = _quantity(request.POST.get("quantity", "1")) if among == 1 else 1
    source = request.POST.get("from", "")
    line = operations.add(
        request.basket, product_id, quantity=quantity, source=source, options=request.POST, gift=request.POST
    )
    shown_id = line.product.parent_id or line.product_id
    product_added.send_robust(sender=add, request=request, product_id=shown_id, source=source)
    return full_name(line.product)


def _added_message(added: list[str]) -> str:
    if len(added) == 1:
        return _("%(name)s is in the basket.") % {"name": added[0]}
    return ngettext("%(count)d thing is in the basket.", "%(count)d things are in the basket.", len(added)) % {
        "count": len(added)
    }


def _json(request: HttpRequest, message: str, problems: list[BasketError], *, ok: bool) -> JsonResponse:
    words = [message] if ok else []
    words += [str(problem) for problem in problems]
    answer: dict[str, Any] = {"ok": ok, "message": " ".join(words)}
    if ok:
        view = basket_view(request)
        answer["count"] = view.count
        answer["mini_basket_html"] = render_to_string("components/mini_basket.html", {"basket": view}, request=request)
    elif problems[0].url:
        answer["url"] = problems[0].url
    return JsonResponse(answer, status=200 if ok else problems[0].status)


@never_cache
# A gift card is put in elsewhere, and not everybody knows.
@sensitive_post_parameters("code")
@require_POST
def voucher(request: HttpRequest) -> HttpResponse:
    """Put a voucher in (`code`), or take it out again (`remove`)."""
    basket: Any = request.basket  # type: ignore[attr-defined]
    try:
        if code := request.POST.get("remove"):
            operations.remove_voucher(basket, code)
            messages.success(request, _("The voucher is out of the basket."))
        else:
            _use_voucher(request, request.POST.get("code", ""))
    except BasketError as error:
        return _page(
            request,
            voucher_problem=str(error),
            voucher_sign_in=error.url,
            voucher_code=request.POST.get("code", "")[:128],
            status=error.status,
        )
    return _see_basket()


def _use_voucher(request: HttpRequest, code: str) -> None:
    """Put a voucher in and say what it changed, which is not always what it promises."""
    before = basket_view(request).total
    found = _apply_voucher(request, code)
    view = basket_view(request)
    if view.total < before:
        words = _("Voucher %(code)s takes %(amount)s off.")
        amount = money(before - view.total, view.currency)
        messages.success(request, words % {"code": found.code, "amount": amount})
        return
    why = next((each.why_not for each in view.vouchers if each.code == found.code), "")
    words = _("Voucher %(code)s is in the basket, but takes nothing off now.") % {"code": found.code}
    messages.warning(request, f"{words} {why}".strip())


def _apply_voucher(request: HttpRequest, code: str) -> Any:
    """Raises BasketError (429) where too many codes from this address were wrong: codes are not to be guessed."""
    address = throttle.client_address(request)
    # Counted before it is tried, so that many at once get no further than one after another.
    if wait := throttle.take(throttle.VOUCHER_ADDRESS, address):
        raise BasketError(throttle.wait_text(wait), status=429)
    wrong = False
    try:
        return operations.apply_voucher(request.basket, code, user=request.user)  # type: ignore[attr-defined]
    except BasketError as error:
        wrong = error.status == 404
        raise
    finally:
        if not wrong:
            throttle.give_back(throttle.VOUCHER_ADDRESS, address)


@never_cache
@require_GET
def personal(request: HttpRequest) -> HttpResponse:
    """What is the visitor's own on a page that is the same for everyone: account link, count, mini basket."""
    return render(request, "basket/personal.html", {"basket": basket_view(request)})


def _page(request: HttpRequest, *, status: int = 200, **context: Any) -> HttpResponse:
    view = basket_view(request, with_kept=True)
    context = {"basket": view, "waiting": waiting_order(request), **context}
    return render(request, "basket/basket.html", context, status=status)


def _see_basket() -> HttpResponseRedirect:
    return see_other(reverse("basket:summary"))


def _quantity(text: str) -> int:
    try:
        return max(min(int(text), 10**9), -(10**9))
    except ValueError:
        raise BasketError(_("“%(text)s” is not a number of things.") % {"text": text[:20]}) from None
