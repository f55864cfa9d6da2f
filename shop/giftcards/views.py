"""What is left of a gift card, for whoever has its code."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from shop import throttle
from shop.plain_forms import PlainForm

from .operations import find
from .selectors import held, why_not


class CodeForm(PlainForm):
    """A gift card's code."""

    code = forms.CharField(
        label=_("Code"),
        max_length=64,
        help_text=_("It stands in the mail with the card: 16 letters and digits. Dashes do not matter."),
        widget=forms.TextInput(
            attrs={"class": "input", "autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def balance(request: HttpRequest) -> HttpResponse:
    """Asked by POST, so that no code stands in an address or a log."""
    form = CodeForm(request.POST or None)
    context: dict[str, Any] = {"form": form}
    status = 200
    if request.method == "POST":
        status = _look(request, form, context)
    return render(request, "giftcards/balance.html", context, status=status)


def _look(request: HttpRequest, form: CodeForm, context: dict[str, Any]) -> int:
    if not form.is_valid():
        return 400
    address = throttle.client_address(request)
    if wait := throttle.take(throttle.GIFT_CARD_ADDRESS, address):
        form.add_error("code", throttle.wait_text(wait))
        return 429
    card = find(form.cleaned_data["code"])
    if card is None:
        form.add_error("code", now("No gift card has that code. It has 16 letters and digits; dashes do not matter."))
        return 404
    throttle.give_back(throttle.GIFT_CARD_ADDRESS, address)
    context |= {"card": card, "held": held(card), "why_not": why_not(card, settings.SHOP_CURRENCY)}
    return 200
