"""Invoices and credit notes: the list, a PDF, and all of them for a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views import View

from shop.dashboard.narrowing import NarrowedList
from shop.invoices.answers import pdf_answer
from shop.invoices.selectors import found, narrowed, rows, taxed
from shop.invoices.seller import seller
from shop.spreadsheets import cell

from .forms import InvoiceSearchForm

HEADINGS = (
    "number", "kind", "date", "order", "corrects", "name", "country", "currency", "rate", "net", "tax", "gross",
)  # fmt: skip


def _narrowed(data: dict[str, Any]) -> Any:
    """Documents that fit what a form asks for."""
    text, kind = data.get("q") or "", data.get("kind") or ""
    return narrowed(rows(), text=text, kind=kind, since=data.get("since"), until=data.get("until"))


class InvoiceListView(NarrowedList):
    """All documents, the newest first."""

    template_name = "oscar/dashboard/invoices/invoice_list.html"
    context_object_name = "invoices"
    form_class = InvoiceSearchForm

    def get_queryset(self) -> Any:
        """Those that fit the form."""
        return _narrowed(self.wanted())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What the shop does not say of itself yet."""
        return super().get_context_data(missing=seller().missing, **kwargs)


class InvoicePdfView(View):
    """One document as it was issued."""

    http_method_names = ("get", "head")

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        """The PDF."""
        row = found(code)
        if row is None:
            raise Http404("no such document")
        return pdf_answer(row)


class InvoiceCsvView(View):
    """What the list shows, for the accountant: a row for each rate of each document, so that columns add up."""

    http_method_names = ("get", "head")

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Sent while it is read, whatever the number."""
        form = InvoiceSearchForm(request.GET)
        if not form.is_valid():
            # Where it is said what is wrong; all of them would be taken for what was asked for.
            return redirect(f"{reverse('dashboard:invoice-list')}?{request.GET.urlencode()}")
        wanted = _narrowed(form.cleaned_data).defer(None).order_by("at", "pk")
        response = StreamingHttpResponse(_lines(wanted), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="invoices-{timezone.localdate():%Y-%m-%d}.csv"'
        response["Cache-Control"] = "private, no-store"
        return response


class _Line:
    """A file of one line, for the writer of CSV."""

    def write(self, text: str) -> str:
        return text


def _lines(wanted: Any) -> Iterator[str]:
    writer = csv.writer(_Line())
    yield writer.writerow(HEADINGS)
    for row in wanted.iterator(chunk_size=500):
        about = (
            *(row.code, row.kind, timezone.localtime(row.at).date().isoformat(), row.order.number),
            *(row.data.get("corrects", {}).get("code", ""), row.buyer, row.country, row.currency),
        )
        safe = [cell(each) for each in about]
        for each in taxed(row):
            yield writer.writerow([*safe, each.rate, each.net, each.tax, each.gross])
