"""Forms of pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shop import throttle
from shop.plain_forms import PlainForm


class ContactForm(PlainForm):
    """Name, address, message; and a field that only machines fill in."""

    name = forms.CharField(label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(
        label=_("E-mail address"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("We answer there, and use it for nothing else."),
    )
    subject = forms.CharField(label=_("Subject"), max_length=160, required=False)
    text = forms.CharField(label=_("Message"), max_length=5000, widget=forms.Textarea(attrs={"rows": 7}))
    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}))

    def __init__(self, *args: Any, ip: str = "", **kwargs: Any) -> None:
        self.ip = ip
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["class"] = "input"

    @property
    def is_spam(self) -> bool:
        """Whether the field that nobody sees was filled in; such messages are thanked for and dropped."""
        return bool(self.cleaned_data.get("website"))

    def clean(self) -> dict[str, Any]:
        """Refuse the sixth message within an hour."""
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and throttle.take(throttle.CONTACT_ADDRESS, self.ip):
            raise forms.ValidationError(
                gettext(
                    "You have sent %(limit)d messages within the hour, which is as many as this form takes. "
                    "Please try again in an hour."
                )
                % {"limit": throttle.CONTACT_ADDRESS.attempts}
            )
        return cleaned


class NewsletterForm(PlainForm):
    """One address, and where it was given."""

    email = forms.EmailField(max_length=254)
    source = forms.CharField(max_length=500, required=False)
    website = forms.CharField(required=False)
