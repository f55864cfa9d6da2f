"""What a customer, or staff for one, wants to send back."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from shop.order.models import Order
from shop.plain_forms import PlainForm, speak_plainly

from .models import ReturnLine
from .operations import Wanted
from .selectors import Returnable


@dataclass(frozen=True, slots=True)
class Row:
    """One thing on the page: how many, and why."""

    title: str
    option_text: str
    most: int
    quantity: Any
    reason: Any


class ReturnForm(PlainForm):
    """How many of each thing that has left, why, and a word besides. Sent twice, it is one return."""

    note = forms.CharField(
        label=_("Anything we should know"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, order: Order, found: Sequence[Returnable]) -> None:
        super().__init__(data, initial={"key": uuid.uuid4()})
        self.found = found
        for each in found:
            pk, most = each.line.pk, each.most
            self.fields[f"line-{pk}"] = forms.IntegerField(
                label=_("How many"),
                required=False,
                min_value=0,
                max_value=most,
                error_messages={
                    "min_value": _("That is less than nothing: leave it empty, or say how many."),
                    "max_value": now("%(most)s of it can be sent back at most.") % {"most": most},
                    "invalid": _("That is no whole number."),
                },
                widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
            )
            self.fields[f"reason-{pk}"] = forms.ChoiceField(
                label=_("Why"), required=False, choices=[("", _("Choose a reason")), *ReturnLine.Reason.choices]
            )
            speak_plainly(self.fields[f"line-{pk}"])
        self.rows = [
            Row(
                each.line.title,
                each.line.option_text,
                each.most,
                self[f"line-{each.line.pk}"],
                self[f"reason-{each.line.pk}"],
            )
            for each in found
        ]

    def clean(self) -> dict[str, Any]:
        """Something comes back, and for each thing a reason is given."""
        data = super().clean() or {}
        for each in self.found:
            pk = each.line.pk
            if data.get(f"line-{pk}") and not data.get(f"reason-{pk}") and f"reason-{pk}" not in self.errors:
                self.add_error(f"reason-{pk}", ValidationError(_("Say why this comes back.")))
        if not self.errors and not self.wanted():
            raise ValidationError(_("Say what you want to send back: choose how many of a thing."))
        return data

    def wanted(self) -> dict[int, Wanted]:
        """Order line id, how many and why."""
        data = self.cleaned_data
        return {
            each.line.pk: Wanted(data[f"line-{each.line.pk}"], data.get(f"reason-{each.line.pk}", ""))
            for each in self.found
            if data.get(f"line-{each.line.pk}")
        }

    def key_sent(self) -> uuid.UUID:
        """The key, whatever else is wrong; one that nothing has where it is none."""
        try:
            return uuid.UUID(self.data.get("key", ""))
        except ValueError:
            return uuid.uuid4()
