"""What orders are looked for by, and notes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from oscar.apps.dashboard.orders import forms as oscar

from shop.dashboard.inputs import NativeDates, in_coins
from shop.dashboard.narrowing import DaysForm, any_text
from shop.order.models import TO_DISPATCH
from themes.formats import country_name

# What the list is narrowed to at once, beside single states.
GROUPS = {"to-dispatch": TO_DISPATCH}


class OrderSearchForm(DaysForm):
    """Everything is optional."""

    q = any_text(_("Number, e-mail, name, SKU or product"))
    status = forms.ChoiceField(label=_("State"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["status"].choices = [  # type: ignore[attr-defined]
            ("", _("Any")),
            ("to-dispatch", _("To be dispatched")),
            *settings.OSCAR_ORDER_STATUS_LABELS.items(),
        ]


class ShippingAddressForm(oscar.ShippingAddressForm):
    """Where an order goes, within the country that it was placed for."""

    def clean_country(self) -> Any:
        """The same country: it decided the tax and the delivery, which are paid, or stand in what the buyer was sent."""
        chosen = self.cleaned_data["country"]
        was = type(self.instance).objects.values_list("country_id", flat=True).get(pk=self.instance.pk)
        if chosen.pk != was:
            text = _(
                "The order was placed for %(country)s, which decided its tax and delivery. "
                "To send it to another country, cancel it and have it ordered anew."
            )
            raise forms.ValidationError(text % {"country": country_name(was)})
        return chosen


class OrderStatsForm(NativeDates, oscar.OrderStatsForm):
    """The days that are counted."""


class CancelForm(forms.Form):
    """Why an order is cancelled. It cannot be opened again, so somebody will ask."""

    why = forms.CharField(
        label=_("Reason"), max_length=255, help_text=_("Goes into the log; the customer does not read it.")
    )


class SentBackForm(forms.Form):
    """What staff sent back by bank. The token makes one press of the button one entry, however often it is sent."""

    amount = forms.DecimalField(label=_("Amount"), max_digits=12, decimal_places=2, min_value=Decimal("0.01"))
    reference = forms.CharField(
        label=_("Reference"), max_length=200, help_text=_("By which it is found on the shop’s bank statement.")
    )
    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        in_coins(self.fields, "amount", currency=currency)


class NoteForm(forms.Form):
    """A word to colleagues."""

    message = forms.CharField(
        label=_("Note"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only colleagues read it; the customer does not."),
    )


__all__ = [
    "GROUPS",
    "CancelForm",
    "NoteForm",
    "OrderSearchForm",
    "OrderStatsForm",
    "SentBackForm",
    "ShippingAddressForm",
]
