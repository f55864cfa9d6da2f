"""The days that a report is about: a choice of lengths, or two days of one's own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from search.insight.reports import Period

DEFAULT_DAYS = 30
# As many days before a period are looked at too, and there is no day before the year 1.
FIRST_YEAR = 2000


class PeriodForm(forms.Form):
    """Read from an address; what is left out has a default."""

    days = forms.TypedChoiceField(
        label=_("Period"),
        coerce=int,
        choices=[(7, _("The last 7 days")), (30, _("The last 30 days")), (90, _("The last 90 days")), (365, _("The last year")),
                 (0, _("The days below"))],
    )  # fmt: skip
    first = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    last = forms.DateField(label=_("To"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    language = forms.ChoiceField(label=_("Language"), required=False)
    # Which report stays chosen when the period changes.
    report = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, of_list: bool = True) -> None:
        given = data.copy()
        # Whoever fills in days means them.
        if "days" not in given:
            given["days"] = "0" if given.get("first") or given.get("last") else str(DEFAULT_DAYS)
        super().__init__(given)
        languages: Any = self.fields["language"]
        languages.choices = [("", _("All languages")), *settings.LANGUAGES]
        if not of_list or len(settings.LANGUAGES) < 2:
            del self.fields["language"]
        if not of_list:
            del self.fields["report"]

    def clean(self) -> dict[str, Any]:
        """Two days in their order, and no more of them than are kept."""
        data = super().clean() or {}
        first, last = data.get("first"), data.get("last")
        if data.get("days") == 0 and not self.errors:
            if not (first and last):
                self.add_error(None, _("Give both the first and the last day, or choose a period."))
            elif first.year < FIRST_YEAR:
                self.add_error(
                    "first",
                    _("Nothing was searched for that long ago. Give a day from %(year)d on.") % {"year": FIRST_YEAR},
                )
            elif first > last:
                self.add_error("last", _("The last day comes before the first. Change one of the two."))
            elif (last - first).days >= settings.SEARCH_KEPT_DAYS:
                self.add_error(
                    "last",
                    _("Searches are kept for %(days)d days. Choose a shorter time.")
                    % {"days": settings.SEARCH_KEPT_DAYS},
                )
        return data

    def period(self) -> Period:
        """The days; the last 30 where what was given cannot be used."""
        today = timezone.localdate()
        if self.is_valid():
            if self.cleaned_data["days"] == 0:
                return Period(self.cleaned_data["first"], self.cleaned_data["last"])
            return Period(today - timedelta(days=self.cleaned_data["days"] - 1), today)
        return Period(today - timedelta(days=DEFAULT_DAYS - 1), today)

    @property
    def chosen_language(self) -> str:
        """The code of a language, or nothing for all."""
        return self.cleaned_data.get("language", "") if self.is_valid() else ""
