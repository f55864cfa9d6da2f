"""The address book."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from oscar.apps.address.models import UserAddress

from shop.checkout.forms import form_initial, saved_as_json
from shop.http import see_other

from .. import operations, selectors
from ..forms import AddressBookForm
from .common import form_status, page, paged

PAGE = 20


@require_safe
def address_list(request: HttpRequest) -> HttpResponse:
    """Where things went so far."""
    found = paged(request, selectors.addresses_of(request.user), PAGE)
    views = [selectors.address_view(address) for address in found.items]
    return page(request, "addresses", {"addresses": views, "pages": found.pages}, here="addresses")


@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest) -> HttpResponseBase:
    """A new address."""
    return _edit(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def update(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Change an address. Orders that went there keep theirs."""
    return _edit(request, _mine(request, pk))


def _edit(request: Any, address: UserAddress | None) -> HttpResponseBase:
    initial: dict[str, Any] = {"country": request.market.country}
    if address is not None:
        initial = {
            **form_initial(saved_as_json(address)),
            "for_delivery": address.is_default_for_shipping,
            "for_bill": address.is_default_for_billing,
        }
    form = AddressBookForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            operations.save_address(
                request.user,
                form.as_json(),
                address=address,
                for_delivery=form.cleaned_data["for_delivery"],
                for_bill=form.cleaned_data["for_bill"],
            )
        except operations.AccountError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The address is saved."))
            return see_other(reverse("customer:address-list"))
    context = {"form": form, "address": address}
    return page(request, "address", context, here="addresses", status=form_status(form))


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Ask, then take the address out of the book."""
    address = _mine(request, pk)
    if request.method == "POST":
        operations.delete_address(address)
        messages.success(request, _("The address is gone."))
        return see_other(reverse("customer:address-list"))
    return page(request, "address_delete", {"address": selectors.address_view(address)}, here="addresses")


@require_POST
def use_first(request: HttpRequest, pk: int, purpose: str) -> HttpResponseBase:
    """Make an address the one to use for the delivery or for the bill."""
    operations.make_default(_mine(request, pk), purpose)
    messages.success(request, _("From now on this address comes first."))
    return see_other(reverse("customer:address-list"))


def _mine(request: HttpRequest, pk: int) -> UserAddress:
    return get_object_or_404(UserAddress.objects.select_related("country", "user"), pk=pk, user=request.user)
