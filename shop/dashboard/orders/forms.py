"""What orders are looked for by, and notes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from oscar.apps.dashboard.orders import forms as oscar

from shop.dashboard.inputs import NativeDates

ShippingAddressForm = oscar.ShippingAddressForm

# What the list is narrowed to at once, beside single states.
GROUPS = {"to-dispatch": ("paid", "partly-dispatched")}


class OrderSearchForm(forms.Form):
    """Everything is optional."""

    q = forms.CharField(label=_("Number, e-mail, name, SKU or product"), required=False, max_length=255)
    status = forms.ChoiceField(label=_("State"), required=False)
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["status"].choices = [  # type: ignore[attr-defined]
            ("", _("Any")),
            ("to-dispatch", _("To be dispatched")),
            *settings.OSCAR_ORDER_STATUS_LABELS.items(),
        ]

    def clean(self) -> dict[str, Any]:
        """No day is both after the last and before the first."""
        data = super().clean() or {}
        since, until = data.get("since"), data.get("until")
        if since and until and since > until:
            text = _("%(until)s is before %(since)s, so no order could fit: swap them.")
            self.add_error("until", ValidationError(text, params={"since": since, "until": until}))
        return data


class OrderStatsForm(NativeDates, oscar.OrderStatsForm):
    """The days that are counted."""


class CancelForm(forms.Form):
    """Why an order is cancelled. It cannot be opened again, so somebody will ask."""

    why = forms.CharField(
        label=_("Reason"), max_length=255, help_text=_("Goes into the log; the customer does not read it.")
    )


class NoteForm(forms.Form):
    """A word to colleagues."""

    message = forms.CharField(
        label=_("Note"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only colleagues read it; the customer does not."),
    )


__all__ = ["GROUPS", "CancelForm", "NoteForm", "OrderSearchForm", "OrderStatsForm", "ShippingAddressForm"]
