"""What the shop owes on gift cards: the page, and the same for a spreadsheet."""

from __future__ import annotations

import csv
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views import View

from shop.giftcards.liability import AMOUNTS, Month, months, owed

HEADINGS = ("month", "currency", *AMOUNTS[:7], "after", *AMOUNTS[7:])


class YearForm(forms.Form):
    """One year, or all of them."""

    year = forms.ChoiceField(label=_("Year"), required=False)

    def __init__(self, data: Any, *, years: list[int]) -> None:
        super().__init__(data)
        choices = [("", _("All")), *((str(year), str(year)) for year in years)]
        self.fields["year"].choices = choices  # type: ignore[attr-defined]


def _asked(request: HttpRequest) -> tuple[YearForm, list[Month]]:
    """The form, and the months that fit it, the newest first."""
    found = sorted(months(), key=lambda month: (-month.start.toordinal(), month.currency))
    form = YearForm(request.GET, years=sorted({month.start.year for month in found}, reverse=True))
    year = form.cleaned_data["year"] if form.is_valid() else ""
    return form, [month for month in found if not year or str(month.start.year) == year]


class GiftCardReportView(View):
    """By currency what is owed now, and by month how it came to it."""

    http_method_names = ("get", "head")

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page."""
        form, found = _asked(request)
        context = {"form": form, "months": found, "owed": owed(), "today": timezone.localdate()}
        return render(request, "oscar/dashboard/giftcards/report.html", context)


class GiftCardCsvView(View):
    """The months as the page shows them, for the accountant."""

    http_method_names = ("get", "head")

    def get(self, request: HttpRequest) -> HttpResponse:
        """The oldest first, as accounts are read."""
        _form, found = _asked(request)
        response = HttpResponse(content_type="text/csv; charset=utf-8")
        name = f"gift-cards-{timezone.localdate():%Y-%m-%d}.csv"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        response["Cache-Control"] = "private, no-store"
        writer = csv.writer(response)
        writer.writerow(HEADINGS)
        for month in sorted(found, key=lambda each: (each.currency, each.start)):
            cells = {name: getattr(month, name) for name in (*AMOUNTS, "after")}
            cells |= {"month": f"{month.start:%Y-%m}", "currency": month.currency}
            writer.writerow([cells[name] for name in HEADINGS])
        return response
