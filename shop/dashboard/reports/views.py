"""Reports on the page: the rows of the download, a page at a time, each with the way to what it is about."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views import View
from oscar.core.compat import UnicodeCSVWriter

from shop.spreadsheets import cell

from .forms import ReportForm
from .utils import GeneratorRepository


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell, and where it leads."""

    text: str
    is_number: bool
    url: str = ""


def _order_url(order: Any) -> str:
    return reverse("dashboard:order-detail", args=[order.number])


def _offer_url(row: dict[str, Any]) -> str:
    return reverse("dashboard:offer-detail", args=[row["offer"]]) if row.get("offer") else ""


class IndexView(View):
    """Choose a report, read it, or download it."""

    template_name = "oscar/dashboard/reports/index.html"
    # What the first cell of a row leads to, and what is read along with the rows, report by report.
    links: ClassVar[dict[str, Callable[[Any], str]]] = {
        "order_report": _order_url,
        "conditional-offers": _offer_url,
    }
    related: ClassVar[dict[str, tuple[str, ...]]] = {"order_report": ("user",)}

    def get(self, request: HttpRequest) -> HttpResponse:
        """The form, and the report where one is chosen."""
        form = ReportForm(request.GET if "report_type" in request.GET else None)
        context: dict[str, Any] = {"form": form}
        if form.is_bound and form.is_valid():
            data = form.cleaned_data
            generator: Any = GeneratorRepository().get_generator(data["report_type"])(
                start_date=data.get("date_from"), end_date=data.get("date_to"), formatter="CSV"
            )
            if related := self.related.get(generator.code):
                generator.queryset = generator.queryset.select_related(*related)
            if data["download"]:
                generator.formatter.get_csv_writer = _guarded_writer
                answer: HttpResponse = generator.generate()
                return answer
            context |= self.shown(generator, request.GET.get("page"))
        return render(request, self.template_name, context)

    def shown(self, generator: Any, page: str | None) -> dict[str, Any]:
        """One page of the rows that the download would have."""
        paginator = Paginator(generator.queryset, settings.OSCAR_DASHBOARD_ITEMS_PER_PAGE)
        part = paginator.get_page(page)
        objects = list(part.object_list)
        file = io.StringIO(newline="")
        generator.formatter.generate_csv(file, objects)
        head, *rows = csv.reader(io.StringIO(file.getvalue().lstrip("\ufeff"), newline=""))
        link = self.links.get(generator.code, lambda _row: "")
        cells = [
            [Cell(text, _is_number(text), link(thing) if place == 0 else "") for place, text in enumerate(row)]
            for thing, row in zip(objects, rows, strict=True)
        ]
        numbers = [bool(cells) and all(row[place].is_number for row in cells) for place in range(len(head))]
        return {
            "report_columns": list(zip(head, numbers, strict=True)),
            "report_rows": cells,
            "description": generator.description,
            "paginator": paginator,
            "page_obj": part,
        }


def _guarded_writer(file: Any, **options: Any) -> Any:
    writer = UnicodeCSVWriter(open_file=file, **options)
    write = writer.writerow
    writer.writerow = lambda row: write([cell(each) for each in row])
    return writer


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).replace("-", "", 1).isdigit()
