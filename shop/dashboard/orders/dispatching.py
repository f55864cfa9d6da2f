"""What leaves the house: how many of which, with whom, and putting that right later."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator, URLValidator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views import View

from shop.order.models import Line, Order, Shipment
from shop.order.selectors import shipments_of
from shop.order.shipments import DispatchError, Tracking, carriers, correct_tracking, dispatch
from shop.order.states import InvalidTransition, may_become

from .selectors import PaidBack, refunded_here


class TrackingForm(forms.Form):
    """How a shipment is followed; all of it may be missing."""

    carrier = forms.ChoiceField(label=_("Carrier"), required=False)
    tracking_number = forms.CharField(
        label=_("Tracking number"),
        required=False,
        max_length=64,
        validators=[
            RegexValidator(
                r"^[A-Za-z0-9][A-Za-z0-9 ./-]*\Z",
                _("A tracking number has letters, digits, blanks, full stops, / and -."),
            )
        ],
    )
    tracking_url = forms.URLField(
        label=_("Tracking page"),
        required=False,
        max_length=500,
        assume_scheme="https",
        validators=[URLValidator(schemes=["http", "https"])],
        help_text=_("Only where the carrier is another one; for those in the list it is known."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["carrier"].choices = [("", _("Nobody is named")), *carriers()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A number means nothing without whose it is."""
        data = super().clean() or {}
        if data.get("tracking_number") and not data.get("carrier") and "carrier" not in self.errors:
            self.add_error("carrier", ValidationError(_("Say whose tracking number it is.")))
        return data

    def tracking(self) -> Tracking:
        """What was filled in."""
        data = self.cleaned_data
        return Tracking(data.get("carrier") or "", data.get("tracking_number") or "", data.get("tracking_url") or "")


class CorrectTrackingForm(TrackingForm):
    """The same, later."""

    tell = forms.BooleanField(label=_("Write to the customer again"), required=False)


class DispatchForm(TrackingForm):
    """How many of each open line leave; filled in with all of them but those whose money went back. Sent twice, it is one shipment."""

    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, lines: Sequence[Line], refunded: Iterable[PaidBack] = ()) -> None:
        super().__init__(data, initial={"key": uuid.uuid4()})
        self.lines = lines
        numbers = {each.line_id: each.quantity for each in refunded}
        for line in lines:
            left, unpaid = line.left_open, numbers.get(line.pk, 0)
            self.fields[f"line-{line.pk}"] = forms.IntegerField(
                label=", ".join(part for part in (line.title, line.option_text, line.partner_sku) if part),
                help_text=_refunded_words(unpaid)
                + now("%(left)s of %(all)s are still here.") % {"left": left, "all": line.quantity},
                required=False,
                min_value=0,
                max_value=left,
                initial=left - unpaid,
                error_messages={
                    "max_value": now("%(limit_value)s of “%(title)s” are still here for this order.")
                    % {"limit_value": left, "title": line.title}
                },
            )

    def clean(self) -> dict[str, Any]:
        """Something has to leave."""
        data = super().clean()
        if not self.errors and not self.quantities():
            raise ValidationError(now("Nothing leaves: say how many of a line do."))
        return data

    def quantities(self) -> dict[int, int]:
        """Line id and how many."""
        numbers = {line.pk: self.cleaned_data.get(f"line-{line.pk}") for line in self.lines}
        return {pk: number for pk, number in numbers.items() if number}

    def key_sent(self) -> uuid.UUID:
        """The key, whatever else is wrong; one that nothing has where it is none."""
        try:
            return uuid.UUID(self.data.get("key", ""))
        except ValueError:
            return uuid.uuid4()

    @property
    def rows(self) -> list[Any]:
        """The fields of the lines."""
        return [self[f"line-{line.pk}"] for line in self.lines]


def _refunded_words(number: int) -> str:
    """Markup: what is said first of a line whose money went back."""
    if not number:
        return ""
    text = ngettext(
        "%(count)s of these was refunded: it leaves only if you say so.",
        "%(count)s of these were refunded: they leave only if you say so.",
        number,
    )
    return format_html("<strong>{}</strong> ", text % {"count": number})


def _url(number: str) -> str:
    return reverse("dashboard:order-detail", args=[number]) + "#shipments"


class DispatchView(View):
    """The form, and what it says done."""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        """Filled in with all that is left."""
        order = get_object_or_404(Order, number=number)
        return self._refused(order) or self._page(order, self._form(order))

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        """Let it leave once, or say why not."""
        order = get_object_or_404(Order, number=number)
        form = self._form(order, request.POST)
        # Before the rest: what left the first time is no longer there to be asked for.
        if Shipment.objects.filter(order=order, key=form.key_sent()).exists():
            messages.info(request, now("This was sent already, and left only once."))
            return redirect(_url(number))
        if refused := self._refused(order):
            return refused
        if not form.is_valid():
            return self._page(order, form)
        try:
            made = dispatch(
                order,
                quantities=form.quantities(),
                tracking=form.tracking(),
                by=request.user,
                key=form.cleaned_data["key"],
            )
        except DispatchError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
            return self._page(order, form)
        except InvalidTransition as error:
            messages.error(request, str(error))
            return redirect(_url(number))
        count = sum(made.lines.values_list("quantity", flat=True))
        text = ngettext(
            "%(count)s thing has left the house. The customer is told.",
            "%(count)s things have left the house. The customer is told.",
            count,
        )
        messages.success(request, text % {"count": count})
        return redirect(_url(number))

    def _refused(self, order: Order) -> HttpResponse | None:
        try:
            may_become(order, "dispatched")
        except InvalidTransition as error:
            messages.error(self.request, str(error))
            return redirect(_url(order.number))
        return None

    def _form(self, order: Order, data: Any = None) -> DispatchForm:
        lines = [line for line in Line.objects.filter(order=order, status="open").order_by("pk") if line.left_open]
        return DispatchForm(data, lines=lines, refunded=refunded_here(order, lines))

    def _page(self, order: Order, form: DispatchForm) -> HttpResponse:
        context = {
            "order": order, "form": form, "others": [form[name] for name in ("carrier", "tracking_number", "tracking_url")],
        }  # fmt: skip
        status = 422 if form.is_bound and form.errors else 200
        return render(self.request, "oscar/dashboard/orders/order_dispatch.html", context, status=status)


class TrackingView(View):
    """How one shipment is followed, added or put right."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Of this order and no other."""
        self.shipment = get_object_or_404(
            Shipment.objects.select_related("order"), order__number=kwargs["number"], pk=kwargs["pk"]
        )
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, number: str, pk: int) -> HttpResponse:
        """As it is."""
        found = self.shipment
        initial = {
            "carrier": found.carrier, "tracking_number": found.tracking_number, "tell": not found.tracking_number,
            # What is worked out from the number changes with it.
            "tracking_url": "" if Tracking(found.carrier, found.tracking_number).address else found.tracking_url,
        }  # fmt: skip
        return self._page(CorrectTrackingForm(initial=initial))

    def post(self, request: HttpRequest, number: str, pk: int) -> HttpResponse:
        """Keep it, and write to the customer where that was ticked."""
        form = CorrectTrackingForm(request.POST)
        if not form.is_valid():
            return self._page(form)
        tell = form.cleaned_data["tell"]
        if correct_tracking(self.shipment, tracking=form.tracking(), by=request.user, tell_customer=tell):
            messages.success(request, now("The tracking is saved."))
        else:
            messages.info(request, now("The tracking is as it was."))
        if tell:
            messages.success(request, now("The customer is told."))
        return redirect(_url(number))

    def _page(self, form: CorrectTrackingForm) -> HttpResponse:
        view = next(each for each in shipments_of(self.shipment.order) if each.id == self.shipment.pk)
        context = {"order": self.shipment.order, "shipment": view, "form": form}
        status = 422 if form.is_bound and form.errors else 200
        return render(self.request, "oscar/dashboard/orders/order_tracking.html", context, status=status)
