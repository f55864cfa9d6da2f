"""Wish lists: what somebody would like, and a link for those who give."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from oscar.apps.wishlists.models import WishList

from shop.basket.operations import BasketError
from shop.http import see_other, whole_number
from shop.origin import same_origin_required

from .. import links, operations, selectors
from ..forms import WishListForm
from ..receivers import PENDING
from .common import form_status, page, paged, sign_in_url

PAGE = 20
WISHES = 24


@require_http_methods(["GET", "HEAD", "POST"])
def lists(request: Any) -> HttpResponseBase:
    """All lists; a POST makes a new one."""
    form = WishListForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            made = operations.make_wish_list(request.user, form.cleaned_data["name"])
        except operations.AccountError as error:
            form.add_error(None, str(error))
        else:
            return see_other(made.get_absolute_url())
    found = paged(request, selectors.wish_lists_of(request.user), PAGE)
    context = {
        "lists": [selectors.wish_list_summary(each) for each in found.items],
        "pages": found.pages,
        "form": form,
    }
    return page(request, "wishlists", context, here="wishlists", status=form_status(form))


@require_http_methods(["GET", "HEAD", "POST"])
def detail(request: Any, key: str) -> HttpResponseBase:
    """One list; a POST gives it another name."""
    found = _mine(request, key)
    form = WishListForm(request.POST if request.method == "POST" else None, initial={"name": found.name})
    if form.is_bound and form.is_valid():
        operations.rename_wish_list(found, form.cleaned_data["name"])
        messages.success(request, _("The list has a new name."))
        return see_other(found.get_absolute_url())
    lines = paged(request, found.lines.order_by("-pk"), WISHES)
    shared = found.visibility == WishList.SHARED
    context = {
        "list": {"key": found.key, "name": found.name, "shared": shared},
        "wishes": selectors.wishes(lines.items, market=request.market),
        "pages": lines.pages,
        "form": form,
        "share_url": request.build_absolute_uri(links.wish_list_path(found.key)) if shared else "",
    }
    return page(request, "wishlist", context, here="wishlists", status=form_status(form))


@same_origin_required
@require_POST
def add(request: Any) -> HttpResponseBase:
    """Put a product (`product`) on a list (`list`, or the newest). A stranger signs in first; then it is there."""
    # The chosen variant stands before the button, whose own value is the product as a whole.
    product_id = whole_number(next(iter(request.POST.getlist("product")), None)) or 0
    if not request.user.is_authenticated:
        request.session[PENDING] = product_id
        return see_other(sign_in_url(reverse("customer:wishlists-list")))
    try:
        found = operations.wish(request.user, product_id, key=request.POST.get("list", "").replace("\x00", "?")[:6])
    except operations.AccountError as error:
        messages.error(request, str(error))
        return see_other(reverse("customer:wishlists-list"))
    messages.success(request, _("It is on “%(name)s”.") % {"name": found.name})
    return see_other(found.get_absolute_url())


@require_POST
def change(request: Any, key: str) -> HttpResponseBase:
    """What the buttons of a list do (`do`): share it, stop that, take a `line` off, or move it to the basket."""
    found = _mine(request, key)
    match request.POST.get("do"):
        case "share":
            operations.share(found)
            messages.success(request, _("Whoever has the link can see this list now."))
        case "private":
            operations.stop_sharing(found)
            found.refresh_from_db()
            messages.success(request, _("Only you can see this list now; the old link leads nowhere."))
        case "remove":
            line = get_object_or_404(found.lines, pk=whole_number(request.POST.get("line")))
            operations.take_off(line)
            messages.success(request, _("%(name)s is off the list.") % {"name": line.title})
        case "basket":
            return _to_basket(request, found)
        case _:
            messages.error(request, _("The list does not know how to do that. Choose one of its buttons."))
    return see_other(found.get_absolute_url())


def _to_basket(request: Any, found: WishList) -> HttpResponseBase:
    line = get_object_or_404(found.lines, pk=whole_number(request.POST.get("line")))
    try:
        operations.move_to_basket(line, request.basket)
    except BasketError as error:
        messages.warning(request, str(error))
        return see_other(error.url or found.get_absolute_url())
    messages.success(request, _("%(name)s is in the basket.") % {"name": line.title})
    return see_other(reverse("basket:summary"))


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: Any, key: str) -> HttpResponseBase:
    """Ask, then delete the list."""
    found = _mine(request, key)
    if request.method == "POST":
        operations.delete_wish_list(found)
        messages.success(request, _("The list “%(name)s” is gone.") % {"name": found.name})
        return see_other(reverse("customer:wishlists-list"))
    return page(request, "wishlist_delete", {"list": found}, here="wishlists")


@require_safe
def shared(request: Any, key: str, signature: str) -> HttpResponse:
    """A list by its link, for everybody who has it."""
    if not links.is_wish_list_link(key, signature):
        raise Http404("no such link")
    found = get_object_or_404(WishList.objects.select_related("owner"), key=key, visibility=WishList.SHARED)
    lines = paged(request, found.lines.order_by("-pk"), WISHES)
    cards = [each.card for each in selectors.wishes(lines.items, market=request.market) if each.card]
    context = {"name": found.name, "owner": found.owner.first_name, "cards": cards, "pages": lines.pages}
    response = page(request, "wishlist_shared", context)
    response["Referrer-Policy"] = "same-origin"
    return response


def _mine(request: HttpRequest, key: str) -> WishList:
    return get_object_or_404(WishList, key=key, owner=request.user)
