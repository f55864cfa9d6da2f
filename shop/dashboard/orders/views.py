"""Orders for support: find one, read it, move it along, write a note."""

from __future__ import annotations

import csv
import uuid
from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View
from django.views.generic import DetailView
from oscar.apps.dashboard.orders import views as oscar
from oscar.core.loading import get_model

from shop.dashboard.giftcards.selectors import panel_of
from shop.dashboard.narrowing import NarrowedList
from shop.dashboard.payments.selectors import panels_of
from shop.giftcards.spending import left_on_order
from shop.http import whole_number
from shop.invoices.selectors import documents_for_staff
from shop.ledger.accounts import account
from shop.ledger.operations import BooksError, sent_back
from shop.order.models import Line, Order
from shop.order.selectors import order_view
from shop.order.states import InvalidTransition, change_status
from shop.payment.currencies import rounded
from shop.returns.selectors import returns_of
from shop.spreadsheets import cell
from themes.formats import money

from .forms import CancelForm, NoteForm, OrderSearchForm, SentBackForm
from .selectors import (
    ACTIONS,
    actions_of,
    disputed_among,
    mails_of,
    narrowed,
    order_rows,
    order_with_all,
    owed_back,
    refunded_among,
    refunded_here,
)

OrderNote: Any = get_model("order", "OrderNote")
# What can be done to many orders at once; single lines are chosen on an order's own page.
BULK = ("paid", "dispatched", "delivered", "cancelled")


def _url(order: Order) -> str:
    return reverse("dashboard:order-detail", args=[order.number])


class OrderStatsView(oscar.OrderStatsView):
    """How many orders, and in which states."""

    def get_stats(self, filters: dict[str, Any]) -> dict[str, Any]:
        """Each state in words."""
        stats = super().get_stats(filters)
        names = settings.OSCAR_ORDER_STATUS_LABELS
        breakdown = [
            {**row, "label": names.get(row["status"], row["status"])} for row in stats["order_status_breakdown"]
        ]
        return {**stats, "order_status_breakdown": breakdown}


class OrderListView(NarrowedList):
    """All orders, the newest first."""

    template_name = "oscar/dashboard/orders/order_list.html"
    context_object_name = "orders"
    form_class = OrderSearchForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A whole number leads to its order."""
        text = request.GET.get("q", "").strip()
        if text and "\x00" not in text and Order.objects.filter(number=text).exists():
            return redirect(reverse("dashboard:order-detail", args=[text]))
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> Any:
        """Those that fit the form."""
        data = self.wanted()
        return narrowed(
            order_rows(),
            text=(data.get("q") or "").strip(),
            status=data.get("status") or "",
            since=data.get("since"),
            until=data.get("until"),
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What may be done to many."""
        context = super().get_context_data(**kwargs)
        bulk = [(to, ACTIONS[to]) for to in BULK] if self.request.user.has_perm("order.change_order") else []
        filtered = self.form.is_valid() and any(self.form.cleaned_data.values())
        marks = {"disputed": disputed_among(context["orders"]), "refunded": refunded_among(context["orders"])}
        return {**context, **marks, "bulk": bulk, "is_filtered": filtered}


class OrderBulkView(View):
    """The chosen orders as a CSV, or all of them a step along; each for itself."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponse:
        """One action for every chosen order."""
        chosen = [pk for text in request.POST.getlist("order") if (pk := whole_number(text))]
        orders = list(order_rows().filter(pk__in=chosen))
        if not orders:
            messages.error(request, _("No order was chosen. Tick one or more, then choose what to do."))
        elif request.POST.get("to") == "csv":
            return _csv(orders)
        elif request.POST.get("to") == "cancelled" and (page := _asked_first(request, orders)):
            return page
        elif request.POST.get("to") in BULK:
            _move_all(request, orders, request.POST["to"], request.POST.get("why", ""))
        else:
            messages.error(request, _("Choose what to do with the orders."))
        return redirect(reverse("dashboard:order-list"))


def _asked_first(request: HttpRequest, orders: list[Order]) -> HttpResponse | None:
    """The page that asks for a reason before orders are cancelled; nothing once it was given there."""
    sure = "sure" in request.POST
    form = CancelForm(request.POST if sure else None, initial={"why": request.POST.get("why", "")})
    if sure and form.is_valid():
        return None
    # What cannot be cancelled is not asked about: moving it says why.
    owed = [(order, owed_back(order)) for order in orders if "cancelled" in order.available_statuses()]
    if not owed:
        return None
    context = {"form": form, "orders": owed, "chosen": orders, "back_url": _url(orders[0])}
    if request.resolver_match and request.resolver_match.url_name == "order-bulk":
        context["back_url"] = reverse("dashboard:order-list")
    return render(request, "oscar/dashboard/orders/order_cancel.html", context)


def _say_what_is_owed(request: HttpRequest, order: Order) -> None:
    owed = owed_back(order).by_bank if order.status == "cancelled" else None
    if owed:
        text = _(
            "Order %(number)s was paid: %(money)s is owed back to the customer. It came by bank, and the shop does not "
            "send it by itself: write down on the order’s page that you did."
        )
        messages.warning(request, text % {"number": order.number, "money": money(owed, order.currency)})


def _move_all(request: HttpRequest, orders: Collection[Order], to: str, why: str) -> None:
    moved = 0
    for order in orders:
        if to == "dispatched" and refunded_here(order, Line.objects.filter(order=order, status="open")):
            text = _("Order %(number)s has things that were refunded. Say on its own page what of it leaves.")
            messages.error(request, text % {"number": order.number})
            continue
        try:
            change_status(order, to, by=request.user, why=why)
        except InvalidTransition as error:
            messages.error(request, str(error))
        else:
            moved += 1
            _say_what_is_owed(request, order)
    if moved:
        label = settings.OSCAR_ORDER_STATUS_LABELS[to]
        text = ngettext("%(count)s order is now “%(label)s”.", "%(count)s orders are now “%(label)s”.", moved)
        messages.success(request, text % {"count": moved, "label": label})


def _csv(orders: Collection[Order]) -> HttpResponse:
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    name = f"orders-{timezone.localdate():%Y-%m-%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    writer = csv.writer(response)
    writer.writerow(["number", "placed", "state", "email", "name", "lines", "currency", "total"])
    for order in orders:
        person = order.shipping_address.name if order.shipping_address else ""
        row = [
            *(order.number, timezone.localtime(order.date_placed).isoformat(timespec="minutes"), order.status),
            *(order.email, person, order.line_count, order.currency, order.total_incl_tax),
        ]
        writer.writerow(map(cell, row))
    return response


class OrderDetailView(DetailView):
    """One order with everything that is known of it."""

    template_name = "oscar/dashboard/orders/order_detail.html"
    context_object_name = "order"

    def get_object(self, queryset: Any = None) -> Order:
        """By its number."""
        order = order_with_all(self.kwargs["number"]).first()
        if order is None:
            raise Http404(f"no order {self.kwargs['number']}")
        return order

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The order as its mails show it, and what may be done."""
        user = self.request.user
        actions = actions_of(self.object) if user.has_perm("order.change_order") else ()
        view = order_view(self.object)
        books = account(self.object)
        owed, is_cancelled = owed_back(self.object, money=books), self.object.status == "cancelled"
        refunded = refunded_here(self.object, view.lines, money=books)
        to_send = (owed.by_bank if is_cancelled else None) or owed.left_by_bank
        # As the currency writes it: 67.50, not 67.5.
        to_send = rounded(to_send, self.object.currency)
        panels = panels_of(self.object)
        return super().get_context_data(
            view=view,
            # What was refunded leaves by its own form alone, where somebody says so.
            actions=[action for action in actions if not (refunded and action.to == "dispatched")],
            refunded=refunded,
            is_all_refunded=sum(each.quantity for each in refunded) == view.left_open,
            may_dispatch=any(action.to == "dispatched" for action in actions),
            log=[
                (change, settings.OSCAR_ORDER_STATUS_LABELS.get(change.new_status, change.new_status))
                for change in self.object.status_changes.all()
            ],
            notes=self.object.notes.all(),
            note_form=NoteForm(),
            mails=mails_of(self.object),
            owed=owed,
            sent_back_form=SentBackForm(
                currency=self.object.currency, initial={"amount": to_send, "token": uuid.uuid4()}
            ),
            is_cancelled=is_cancelled,
            payments=panels,
            disputes=[row.dispute for panel in panels for row in panel.disputes if row.dispute.is_risk],
            left_online=any(panel.left for panel in panels),
            left_on_cards=left_on_order(self.object),
            documents=documents_for_staff(self.object.pk) if user.has_perm("invoices.view_invoice") else None,
            gift_cards=panel_of(self.object),
            returns=returns_of(self.object),
            may_return=bool(view.shipments) and user.has_perm("returns.add_return"),
            may_refund=user.has_perm("payment.add_refund"),
            **kwargs,
        )


class OrderStatusView(View):
    """The one way from state to state."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        """Move the order, or say why not."""
        order = get_object_or_404(Order, number=number)
        to, why = request.POST.get("to", ""), request.POST.get("why", "").strip()
        if to == "cancelled" and (page := _asked_first(request, [order])):
            return page
        if to == "dispatched" and refunded_here(order, Line.objects.filter(order=order, status="open")):
            messages.warning(request, _("Some of it was refunded. Say what leaves all the same."))
            return redirect(reverse("dashboard:order-dispatch", args=[order.number]))
        try:
            change_status(order, to, by=request.user, why=why)
        except InvalidTransition as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("The order is now “%(label)s”.") % {"label": order.status_label})
            _say_what_is_owed(request, order)
        return redirect(_url(order))


class OrderSentBackView(View):
    """Money that went back by bank, written down by whoever sent it."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        """Write it down once, or say why not."""
        order = get_object_or_404(Order, number=number)
        form = SentBackForm(request.POST, currency=order.currency)
        if not form.is_valid():
            messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
            return redirect(_url(order))
        data = form.cleaned_data
        try:
            sent_back(order, data["amount"], reference=data["reference"], token=str(data["token"]), by=request.user)
        except BooksError as error:
            messages.error(request, str(error))
        else:
            text = _("It is written down that %(money)s went back by bank.")
            messages.success(request, text % {"money": money(data["amount"], order.currency)})
        return redirect(_url(order))


class OrderNoteView(View):
    """A note for colleagues: written, or taken back by its writer."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        """Write it down."""
        order = get_object_or_404(Order, number=number)
        if number_of_note := whole_number(request.POST.get("delete")):
            note = get_object_or_404(OrderNote, order=order, pk=number_of_note)
            if note.user_id != request.user.pk or not note.is_editable():
                raise PermissionDenied
            note.delete()
            messages.success(request, _("The note is gone."))
            return redirect(f"{_url(order)}#notes")
        form = NoteForm(request.POST)
        if form.is_valid():
            OrderNote.objects.create(order=order, user=request.user, message=form.cleaned_data["message"])
            messages.success(request, _("The note is saved."))
        else:
            messages.error(request, " ".join(str(error) for error in form.errors["message"]))
        return redirect(f"{_url(order)}#notes")


class ShippingAddressUpdateView(oscar.ShippingAddressUpdateView):
    """Where it goes, until it has gone: in the country that it was placed for."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Nobody can redirect a parcel by changing what the shop has written down."""
        self.order = get_object_or_404(Order.objects.select_related("shipping_address"), number=kwargs["number"])
        if self.order.status in ("dispatched", "delivered", "cancelled"):
            label = self.order.status_label
            messages.error(request, _("The order is “%(label)s”: its address stays as it was.") % {"label": label})
            return redirect(_url(self.order))
        return super().dispatch(request, *args, **kwargs)

    def get_object(self, queryset: Any = None) -> Any:
        """The order's address."""
        if self.order.shipping_address is None:
            raise Http404(f"order {self.order.number} has no delivery address")
        return self.order.shipping_address
