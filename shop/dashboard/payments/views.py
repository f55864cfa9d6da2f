"""Payments and Stripe's messages in lists, and the buttons beside them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views import View

from shop.dashboard.narrowing import NarrowedList
from shop.payment import gateway, webhooks
from shop.payment.models import Payment, WebhookEvent
from shop.payment.operations import problem_is_done

from .forms import MessageSearchForm, PaymentSearchForm
from .selectors import message_rows, narrowed, narrowed_messages, payment_rows, waiting


class _WaitingList(NarrowedList):
    """A list that says how much of it needs a person."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """How much waits."""
        return super().get_context_data(waiting=waiting(), **kwargs)


class PaymentListView(_WaitingList):
    """All payments, the newest first."""

    template_name = "oscar/dashboard/payments/payment_list.html"
    context_object_name = "payments"
    form_class = PaymentSearchForm

    def get_queryset(self) -> Any:
        """Those that fit the form."""
        return narrowed(payment_rows(), self.wanted())


class MessageListView(_WaitingList):
    """What Stripe told the shop, failures first."""

    template_name = "oscar/dashboard/payments/message_list.html"
    context_object_name = "events"
    form_class = MessageSearchForm

    def get_queryset(self) -> Any:
        """Those that fit the form."""
        return narrowed_messages(message_rows(), self.wanted())


class PaymentDoneView(View):
    """The button beside a problem that somebody has dealt with."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take the problem off the list; the order's notes say who did, and when."""
        payment = get_object_or_404(Payment.objects.select_related("order"), pk=pk)
        if problem_is_done(payment.pk, by=request.user, seen=request.POST.get("problem", "")):
            messages.success(request, _("It is off the list; the order’s notes say who took it off."))
        else:
            messages.warning(request, _("Something else came up meanwhile. Read it first."))
        back = reverse("dashboard:order-detail", args=[payment.order.number]) + "#payment"
        return redirect(_back(request, back))


class MessageAgainView(View):
    """The button beside a message: fetch it and what it is about from Stripe, and settle that."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, event_id: str) -> HttpResponse:
        """Once more; a failure is shown, and stays on the list."""
        event = get_object_or_404(WebhookEvent, pk=event_id)
        try:
            done = webhooks.again(event.pk)
        except gateway.Down:
            messages.error(request, _("Stripe does not answer just now. Try again in a minute."))
        except Exception as error:
            # Written down with the message where it got that far.
            text = _("It failed again: %(error)s")
            messages.error(request, text % {"error": f"{type(error).__name__}: {error}"[:500]})
        else:
            text = _("The message was taken in once more: %(state)s.")
            messages.success(request, text % {"state": done.get_state_display()})
        return redirect(_back(request, reverse("dashboard:payment-message-list")))


def _back(request: HttpRequest, otherwise: str) -> str:
    """The list as it was narrowed, where the button says which."""
    wanted = request.POST.get("next", "")
    mine = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and wanted.startswith(reverse("dashboard:index"))
    return wanted if mine else otherwise
