"""For whom a gift card is that somebody is about to buy: what the product page asks, and what a basket's line keeps of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from shop.checkout.forms import refuse_links
from shop.plain_forms import OneLineField, PlainForm
from themes.formats import day

FURTHEST = timedelta(days=366)


class GiftError(Exception):
    """Something about the gift is wrong. `str()` is for the buyer."""


class GiftForm(PlainForm):
    """Everything is optional: a card for nobody comes to its buyer."""

    gift_name = OneLineField(label=_("For"), max_length=100, required=False, validators=[refuse_links])
    gift_email = forms.EmailField(
        label=_("E-mail address of whom it is for"), required=False, help_text=_("Empty: it comes to you.")
    )
    gift_from = OneLineField(label=_("From"), max_length=100, required=False, validators=[refuse_links])
    gift_message = forms.CharField(
        label=_("A few words with it"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        validators=[refuse_links],
    )
    gift_on = forms.DateField(
        label=_("Day on which it is sent"),
        required=False,
        help_text=_("Empty: as soon as it is paid."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["class"] = "input"
        today = timezone.localdate()
        self.fields["gift_on"].widget.attrs |= {"min": str(today), "max": str(today + FURTHEST)}

    def clean_gift_on(self) -> date | None:
        """From today on, and within a year."""
        wanted: date | None = self.cleaned_data["gift_on"]
        today = timezone.localdate()
        if wanted and not today <= wanted <= today + FURTHEST:
            raise forms.ValidationError(now("Choose a day from today on, within a year."))
        return wanted


def gift_details(data: Mapping[str, str]) -> dict[str, str]:
    """What a line keeps of a form that was sent. Raises GiftError."""
    form = GiftForm(data)
    if not form.is_valid():
        problems = [f"{form.fields[name].label}: {' '.join(map(str, errors))}" for name, errors in form.errors.items()]
        raise GiftError(" ".join(problems))
    kept = {name: str(value).strip() for name, value in form.cleaned_data.items() if value}
    if "gift_email" in kept:
        kept["gift_email"] = kept["gift_email"].lower()
    return kept


def gift_mark(details: Mapping[str, str] | None) -> str:
    """What tells lines of one gift card for several people from each other, at the end of their reference."""
    if not details:
        return ""
    return "_" + hashlib.sha256(json.dumps(details, sort_keys=True).encode()).hexdigest()[:16]


def gift_words(details: Mapping[str, str] | None) -> str:
    """For whom a line's card is, and when it is sent; nothing for its buyer at once."""
    if not details:
        return ""
    # With the address: who has mistyped it sees so before paying.
    name, address = details.get("gift_name", ""), details.get("gift_email", "")
    who = f"{name} ({address})" if name and address else name or address
    parts = [now("for %(name)s") % {"name": who}] if who else []
    if wanted := parse_date(details.get("gift_on", "")):
        parts.append(now("sent on %(day)s") % {"day": day(wanted)})
    return ", ".join(parts)
