"""The links of a guest's orders once more, for whoever has lost the mails."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shop import throttle
from shop.http import see_other

from ..forms import FindOrdersForm
from ..order_links import send_order_links
from .common import form_status, page


@require_http_methods(["GET", "HEAD", "POST"])
def find_orders(request: HttpRequest) -> HttpResponse:
    """Ask for the mail. Says the same whether anything was bought with that address or not."""
    form = FindOrdersForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        if wait := throttle.take(throttle.MAIL_ADDRESS, throttle.client_address(request)):
            form.add_error(None, throttle.wait_text(wait))
            return page(request, "find_orders", {"form": form}, status=429)
        email = form.cleaned_data["email"]
        send_order_links(email)
        words = _(
            "If something was bought here with %(email)s and without an account, the links are on their way to it."
        )
        messages.success(request, words % {"email": email})
        return see_other(reverse("customer:order-find"))
    return page(request, "find_orders", {"form": form}, status=form_status(form))
