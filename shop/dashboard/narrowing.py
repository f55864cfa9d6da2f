"""Lists, and what they are narrowed by: words and days. Everything is optional, and what cannot be is said."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.views.generic import ListView

from .inputs import DateInput


class NarrowedList(ListView):
    """A list below a form that narrows it."""

    paginate_by = settings.OSCAR_DASHBOARD_ITEMS_PER_PAGE
    form_class: type[forms.Form]

    def wanted(self) -> dict[str, Any]:
        """What the form asks for; nothing where it makes no sense."""
        self.form = self.form_class(self.request.GET)
        return self.form.cleaned_data if self.form.is_valid() else {}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form besides."""
        return super().get_context_data(form=self.form, **kwargs)


def any_text(label: Any) -> forms.CharField:
    """Words to look for."""
    return forms.CharField(label=label, required=False, max_length=255)


class DaysForm(forms.Form):
    """From a day to a day, both included."""

    since = forms.DateField(label=_("From"), required=False, widget=DateInput)
    until = forms.DateField(label=_("To"), required=False, widget=DateInput)

    # Whatever else is asked for comes before the days.
    field_order = ("q", "kind", "status", "state", "since", "until")

    def clean(self) -> dict[str, Any]:
        """No day is both after the last and before the first."""
        data = super().clean() or {}
        since, until = data.get("since"), data.get("until")
        if since and until and since > until:
            text = _("%(until)s is before %(since)s, so nothing could fit: swap them.")
            self.add_error("until", ValidationError(text, params={"since": since, "until": until}))
        return data
