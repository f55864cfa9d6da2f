"""Returns for support: find one, answer it, take it in, pay it back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View

from shop.dashboard.narrowing import NarrowedList
from shop.order.models import Order
from shop.payment.refunds import Quote, RefundError, quote
from shop.returns import operations
from shop.returns.forms import ReturnForm
from shop.returns.models import Return, ReturnLine
from shop.returns.selectors import (
    narrowed,
    return_rows,
    return_view,
    returnable,
    waiting,
)
from themes.formats import money

from .forms import AnswerForm, ApproveForm, GiveBackForm, ReceiveForm, ReturnSearchForm, WithdrawForm

STATE = Return.State
REFUSALS = (operations.ReturnError, RefundError)


def _url(number: str) -> str:
    return reverse("dashboard:return-detail", args=[number])


class ReturnListView(NarrowedList):
    """All returns, the newest first."""

    template_name = "oscar/dashboard/returns/return_list.html"
    context_object_name = "returns"
    form_class = ReturnSearchForm

    def get_queryset(self) -> Any:
        """Those that fit the form."""
        data = self.wanted()
        return narrowed(return_rows(), text=data.get("q") or "", state=data.get("state") or "")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """How many wait."""
        return super().get_context_data(waiting=waiting(), **kwargs)


class ReturnStartView(View):
    """A return that staff writes down for a customer, also when it is late."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Of an order of which something can come back."""
        self.order = get_object_or_404(Order, number=kwargs["number"])
        self.found = returnable(self.order, is_late=True)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        """Empty."""
        if not self.found:
            messages.error(
                request, _("Nothing of this order can come back: nothing has left, or all of it is in returns.")
            )
            return redirect(reverse("dashboard:order-detail", args=[number]))
        return self._page(ReturnForm(order=self.order, found=self.found))

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        """Write it down."""
        form = ReturnForm(request.POST, order=self.order, found=self.found)
        if made := Return.objects.filter(order=self.order, key=form.key_sent()).first():
            return redirect(_url(made.number))
        if not form.is_valid():
            return self._page(form)
        data = form.cleaned_data
        try:
            made = operations.ask(
                self.order, lines=form.wanted(), note=data["note"], by=request.user, key=data["key"], is_late=True
            )
        except operations.ReturnError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
            return self._page(form)
        messages.success(request, _("The return is written down. Approve it to tell the customer where to send it."))
        return redirect(_url(made.number))

    def _page(self, form: ReturnForm) -> HttpResponse:
        status = 422 if form.is_bound and form.errors else 200
        context = {"order": self.order, "form": form}
        return render(self.request, "oscar/dashboard/returns/return_start.html", context, status=status)


class ReturnDetailView(View):
    """One return, and the form of its next step."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """By its number."""
        rows = Return.objects.select_related(
            "order__user", "order__shipping_address__country", "refund__by"
        ).prefetch_related("changes__by")
        self.back = get_object_or_404(rows, number=kwargs["number"])
        related = ("line__order", "line__product__product_class", "line__product__parent__product_class")
        self.rows = list(ReturnLine.objects.filter(back=self.back).select_related(*related).order_by("pk"))
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        """As it is."""
        return self._page({})

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        """Take a step, or say why not."""
        steps: dict[str, Callable[[], HttpResponse]] = {
            "approve": self._approve,
            "decline": self._decline,
            "withdraw": self._withdraw,
            "receive": self._receive,
            "look": self._give_back,
            "refund": self._give_back,
            "close": self._close,
        }
        do = request.POST.get("do", "")
        if not request.user.has_perm("returns.change_return"):
            raise PermissionDenied
        if do not in steps:
            messages.error(request, _("Choose what to do with the return."))
            return redirect(_url(number))
        return steps[do]()

    # -------------------------------------------------------------- the steps
    def _approve(self) -> HttpResponse:
        form = ApproveForm(self.request.POST)
        return self._take("approve", form, lambda data: operations.approve(
            self.back, send_to=data["send_to"], answer=data["answer"], by=self.request.user
        ))  # fmt: skip

    def _decline(self) -> HttpResponse:
        form = AnswerForm(self.request.POST, prefix="decline")
        return self._take("decline", form, lambda data: operations.decline(
            self.back, answer=data["answer"], by=self.request.user
        ))  # fmt: skip

    def _withdraw(self) -> HttpResponse:
        form = WithdrawForm(self.request.POST, prefix="withdraw")
        return self._take("withdraw", form, lambda data: operations.withdraw(
            self.back, why=data["why"], by=self.request.user
        ))  # fmt: skip

    def _receive(self) -> HttpResponse:
        form = ReceiveForm(self.request.POST, rows=self.rows)
        return self._take("receive", form, lambda data: operations.receive(
            self.back, lines=form.came(), by=self.request.user
        ))  # fmt: skip

    def _close(self) -> HttpResponse:
        form = AnswerForm(self.request.POST, prefix="close")
        return self._take("close", form, lambda data: operations.close(
            self.back, answer=data["answer"], by=self.request.user
        ))  # fmt: skip

    def _give_back(self) -> HttpResponse:
        if not self.request.user.has_perm("payment.add_refund"):
            raise PermissionDenied
        if self.back.state != STATE.RECEIVED:
            # Said by the step itself; a second press says nothing but what is there.
            return self._take("refund", WithdrawForm({"why": "-"}), lambda data: operations.give_back(
                self.back, lines={}, by=self.request.user
            ))  # fmt: skip
        form = self._give_back_form(self.request.POST)
        if not form.is_valid():
            return self._page({"refund": form})
        chosen = form.chosen()
        try:
            lines = {row.line_id: number for row in self.rows if (number := chosen["lines"][row.pk])}
            comes_to = quote(self.back.order, lines=lines, delivery=chosen["delivery"], extra=chosen["extra"])
        except RefundError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
            return self._page({"refund": form})
        if self.request.POST["do"] == "look" or form.cleaned_data["expected"] != comes_to.amount:
            if self.request.POST["do"] == "refund":
                form.add_error(None, _("It comes to another amount than before. Look at it once more, then send it."))
            return self._page({"refund": form}, comes_to=comes_to)
        return self._take("refund", form, lambda data: operations.give_back(
            self.back, **chosen, reference=data.get("reference", ""), by=self.request.user
        ), comes_to=comes_to)  # fmt: skip

    def _give_back_form(self, data: Any = None) -> GiveBackForm:
        return GiveBackForm(data, order=self.back.order, rows=self.rows)

    def _take(
        self, name: str, form: Any, step: Callable[[dict[str, Any]], Return], *, comes_to: Quote | None = None
    ) -> HttpResponse:
        if not form.is_valid():
            return self._page({name: form})
        try:
            done = step(form.cleaned_data)
        except REFUSALS as error:
            field = getattr(error, "field", "")
            form.add_error(field if field in form.fields else None, str(error))
            return self._page({name: form}, comes_to=comes_to)
        messages.success(self.request, _("The return is now “%(label)s”.") % {"label": done.get_state_display()})
        return redirect(_url(self.back.number))

    # -------------------------------------------------------------- the page
    def _page(self, sent: dict[str, Any], *, comes_to: Quote | None = None) -> HttpResponse:
        user, order = self.request.user, self.back.order
        forms: dict[str, Any] = {}
        if user.has_perm("returns.change_return"):
            forms = self._forms(user) | sent
        view = return_view(self.back, order)
        wrong = any(form.errors for form in sent.values())
        context = {
            "back": self.back,
            "view": view,
            "order": order,
            "rows": self.rows,
            "forms": forms,
            "wrong": [error for form in sent.values() for error in form.non_field_errors()],
            "is_wrong": wrong,
            "comes_to": comes_to,
            "comes_to_text": money(comes_to.amount, order.currency) if comes_to else "",
            "changes": self.back.changes.all(),
        }
        return render(self.request, "oscar/dashboard/returns/return_detail.html", context, status=422 if wrong else 200)

    def _forms(self, user: Any) -> dict[str, Any]:
        """What may be done now."""
        if self.back.state == STATE.REQUESTED:
            return {"approve": ApproveForm(), "decline": AnswerForm(prefix="decline")}
        if self.back.state == STATE.APPROVED:
            return {"receive": ReceiveForm(rows=self.rows), "withdraw": WithdrawForm(prefix="withdraw")}
        if self.back.state == STATE.RECEIVED:
            refund = {"refund": self._give_back_form()} if user.has_perm("payment.add_refund") else {}
            return {**refund, "close": AnswerForm(prefix="close")}
        return {}
