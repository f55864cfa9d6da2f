"""Giving money back: what it comes to is looked at before it is sent."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View

from shop.giftcards.spending import left_on_order
from shop.ledger.selectors import left_by_bank
from shop.order.models import Line, Order
from shop.payment.models import Payment, Refund
from shop.payment.refunds import Quote, RefundError, quote, refund, try_again
from themes.formats import money

from .forms import RefundForm
from .selectors import panels_of


def _url(number: str) -> str:
    return reverse("dashboard:order-detail", args=[number]) + "#payment"


def _say(request: HttpRequest, made: Refund) -> None:
    if made.payment_id and made.state == Refund.State.WANTED:
        text = _("%(amount)s is being sent back to the customer.")
        messages.success(request, text % {"amount": money(made.amount, made.currency)})
    if made.bank_amount:
        text = _("It is written down that %(money)s went back by bank.")
        messages.success(request, text % {"money": money(made.bank_amount, made.currency)})
    if made.gift_card_amount:
        text = _("%(amount)s is back on the gift card.")
        messages.success(request, text % {"amount": money(made.gift_card_amount, made.currency)})


class RefundView(View):
    """The form; filled in, what it comes to; and sent."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Of an order that was paid through Stripe."""
        self.order = get_object_or_404(Order, number=kwargs["number"])
        if not self.order.gift_card_amount and not Payment.objects.filter(order=self.order, captured__gt=0).exists():
            text = _("Nothing was paid online for order %(number)s, so nothing can be sent back from here.")
            messages.error(request, text % {"number": self.order.number})
            return redirect(_url(self.order.number))
        self.lines = list(Line.objects.filter(order=self.order).order_by("pk"))
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        """Empty, or (`?all=1`) with all that is left."""
        everything = request.GET.get("all") == "1"
        return self._page(RefundForm(order=self.order, lines=self.lines, everything=everything))

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        """Say what it comes to; or send what was looked at."""
        form = RefundForm(request.POST, order=self.order, lines=self.lines)
        if not form.is_valid():
            return self._page(form)
        chosen, sends = form.chosen(), request.POST.get("do") == "send"
        if sends and Refund.objects.filter(key=form.cleaned_data["key"], order=self.order).exists():
            messages.info(request, _("This was sent already, and only once."))
            return redirect(_url(number))
        found = None
        try:
            found = quote(self.order, **chosen)
            if not sends:
                return self._page(form, found)
            if form.cleaned_data["expected"] != found.amount:
                form.add_error(None, _("It comes to another amount than before. Look at it once more, then send it."))
                return self._page(form, found)
            data = form.cleaned_data
            made = refund(
                self.order, **chosen, by=request.user, why=data["why"], key=data["key"],
                reference=data.get("reference", ""),
            )  # fmt: skip
        except RefundError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
            return self._page(form, found)
        _say(request, made)
        return redirect(_url(number))

    def _page(self, form: RefundForm, found: Quote | None = None) -> HttpResponse:
        panels = [each for each in panels_of(self.order) if each.payment.captured]
        context = {
            "order": self.order, "form": form, "quote": found, "panels": panels,
            "on_cards": left_on_order(self.order), "left_by_bank": left_by_bank(self.order.pk),
            "others": [form[name] for name in ("delivery", "extra", "reference", "why") if name in form.fields],
        }  # fmt: skip
        status = 422 if form.is_bound and form.errors else 200
        return render(self.request, "oscar/dashboard/payments/refund.html", context, status=status)


class RefundAgainView(View):
    """The button beside a refund that Stripe refused."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask once more."""
        found = get_object_or_404(Refund.objects.select_related("order"), pk=pk)
        try:
            made = try_again(found.pk, by=request.user)
        except RefundError as error:
            messages.error(request, str(error))
        else:
            _say(request, made)
        return redirect(_url(found.order.number))
