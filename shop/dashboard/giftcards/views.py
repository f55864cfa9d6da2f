"""Gift cards for staff."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views import View
from django.views.generic import FormView

from shop.dashboard.narrowing import NarrowedList
from shop.giftcards import codes, operations
from shop.giftcards.models import GiftCard
from shop.giftcards.spending import CardError
from shop.http import see_other
from themes.formats import money

from .forms import AdjustForm, GiftCardForm, GiftCardSearchForm, ReasonForm, SendForm
from .selectors import card_rows, narrowed, outstanding


def _url(pk: int) -> str:
    return reverse("dashboard:gift-card-detail", args=[pk])


class GiftCardListView(NarrowedList):
    """All cards, the newest first."""

    template_name = "oscar/dashboard/giftcards/list.html"
    context_object_name = "cards"
    form_class = GiftCardSearchForm

    def get_queryset(self) -> Any:
        """Those that fit the form."""
        return narrowed(card_rows(), self.wanted())

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The list. Of a code that somebody put into the address all the same, the address keeps the last four signs."""
        if codes.looks_like_one(request.GET.get("q", "")):
            return self._narrowed(request.GET)
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        """What is looked for comes by POST: it may be a code, which must stand in no address and no log."""
        return self._narrowed(request.POST)

    def _narrowed(self, asked: QueryDict) -> HttpResponse:
        text = asked.get("q", "")
        if codes.looks_like_one(text) and (card := operations.find(text)):
            return see_other(_url(card.pk))
        wanted = {"q": codes.read(text)[-4:] if codes.looks_like_one(text) else text, "state": asked.get("state", "")}
        kept = urlencode({name: value for name, value in wanted.items() if value})
        return see_other(reverse("dashboard:gift-card-list") + (f"?{kept}" if kept else ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What all cards hold."""
        return super().get_context_data(outstanding=outstanding(), **kwargs)


class GiftCardCreateView(FormView):
    """One that nobody bought."""

    template_name = "oscar/dashboard/giftcards/form.html"
    form_class = GiftCardForm

    def get_initial(self) -> dict[str, Any]:
        """In the shop's own language."""
        return {"language": settings.LANGUAGE_CODE}

    def form_valid(self, form: Any) -> HttpResponse:
        """Issue and send it."""
        try:
            card = operations.issue_by_hand(**form.cleaned_data, by=self.request.user)
        except CardError as error:
            form.add_error(None, str(error))
            return self.form_invalid(form)
        text = _("A gift card of %(amount)s is on its way to %(email)s.")
        values = {"amount": money(card.amount, card.currency), "email": card.recipient_email}
        messages.success(self.request, text % values)
        return redirect(_url(card.pk))

    def form_invalid(self, form: Any) -> HttpResponse:
        """Say what is wrong."""
        return self.render_to_response(self.get_context_data(form=form), status=422)


def _page(request: HttpRequest, pk: int, *, status: int = 200, **given: forms.Form) -> HttpResponse:
    card = get_object_or_404(GiftCard.objects.select_related("line__order", "by"), pk=pk)
    context = {
        "card": card,
        "entries": card.entries.select_related("order", "by").order_by("pk"),
        "reason_form": ReasonForm(),
        "send_form": SendForm(initial={"to": card.recipient_email}),
        # Its reason stands beside the other form's.
        "adjust_form": AdjustForm(auto_id="id_adjust_%s"),
        "may_change": request.user.has_perm("giftcards.change_giftcard"),  # type: ignore[union-attr]
        "may_adjust": request.user.has_perm("giftcards.add_giftcardentry"),  # type: ignore[union-attr]
        **given,
    }
    return render(request, "oscar/dashboard/giftcards/detail.html", context, status=status)


class GiftCardDetailView(View):
    """One card with all that happened on it."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The page."""
        return _page(request, pk)


class GiftCardActView(View):
    """The buttons: block, free, send again."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Do it, or say why not."""
        get_object_or_404(GiftCard, pk=pk)
        action = request.POST.get("do", "")
        if action == "send":
            form: forms.Form = SendForm(request.POST)
            if not form.is_valid():
                return _page(request, pk, status=422, send_form=form)
        else:
            form = ReasonForm(request.POST)
            if not form.is_valid():
                return _page(request, pk, status=422, reason_form=form)
        try:
            said = self._do(action, pk, form.cleaned_data)
        except CardError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, said)
        return redirect(_url(pk))

    def _do(self, action: str, pk: int, data: dict[str, Any]) -> str:
        if action == "send":
            moves = data["to"].strip().lower() != GiftCard.objects.values_list("recipient_email", flat=True).get(pk=pk)
            if moves and not self.request.user.has_perm("giftcards.add_giftcard"):  # type: ignore[union-attr]
                # Else whoever answers customers could send any card to themselves.
                raise CardError(
                    _("Sending it to another address is for those who may issue gift cards. Ask one of them.")
                )
            card = operations.send_again(pk, to=data["to"], by=self.request.user)
            return _("It is on its way to %(email)s.") % {"email": card.recipient_email}
        if action == "block":
            operations.block(pk, by=self.request.user, why=data["why"])
            return _("The card is blocked: nobody can spend it.")
        if action == "unblock":
            operations.unblock(pk, by=self.request.user, why=data["why"])
            return _("The card can be spent again.")
        raise CardError(_("Choose what to do with the card."))


class GiftCardAdjustView(View):
    """Another balance."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Change it once, or say why not."""
        get_object_or_404(GiftCard, pk=pk)
        form = AdjustForm(request.POST, auto_id="id_adjust_%s")
        if not form.is_valid():
            return _page(request, pk, status=422, adjust_form=form)
        try:
            card = operations.adjust(
                pk,
                form.cleaned_data["amount"],
                by=request.user,
                why=form.cleaned_data["why"],
                key=form.cleaned_data["key"],
            )
        except CardError as error:
            form.add_error("amount", str(error))
            return _page(request, pk, status=422, adjust_form=form)
        text = _("The card holds %(amount)s now.")
        messages.success(request, text % {"amount": money(card.balance, card.currency)})
        return redirect(_url(pk))
