"""Judged queries: the list with what each is worth now, the page on which results are rated, import and export."""

from __future__ import annotations

import csv
import io
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views import View
from django.views.generic import DeleteView, FormView, ListView

from search.relevance import operations, selectors
from search.relevance.files import HEADER, LONGEST_QUERY, JudgementError, parse
from search.relevance.models import JudgedQuery, Judgement, spelt
from shop.dashboard.inputs import UploadField

MAX_BYTES = 5 * 1024 * 1024
# As many as a page can show and a person can read.
SHOWN_ERRORS = 200
# How many results are shown for rating, and how many where more are asked for.
FIRST, MORE = 20, 50
PREFIX = "p"
LIST = "dashboard:search-judgement-list"


def rating_url(query: str, **values: str) -> str:
    """The address of the page on which the results of a query are rated."""
    return f"{reverse('dashboard:search-judgement-rate')}?{urlencode({'q': query, **values})}"


class JudgementListView(ListView):
    """Every judged query, the worst first."""

    template_name = "oscar/dashboard/search/judgement_list.html"
    paginate_by = 50
    orders = (
        ("worst", gettext_lazy("Worst first")),
        ("changed", gettext_lazy("Changed last")),
        ("text", gettext_lazy("A to Z")),
    )

    def get_queryset(self) -> Any:
        """By the words and the order in the address."""
        self.order = self.request.GET.get("order", "worst")
        self.text = self.request.GET.get("text", "")[:LONGEST_QUERY].replace("\x00", "")
        return selectors.judged_queries(self.text, order=self.order)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the figures above the list."""
        context = super().get_context_data(**kwargs)
        rows = [selectors.query_row(row) for row in context["object_list"]]
        return context | {
            "rows": rows,
            "summary": selectors.summary(),
            "orders": self.orders,
            "order": self.order,
            "text": self.text,
        }


class RateView(View):
    """The present results of a query, each with four answers and none."""

    template_name = "oscar/dashboard/search/rate.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """The results, in their order or mixed."""
        return self._page(request, request.GET.get("q", ""))

    def _page(self, request: HttpRequest, text: str, *, error: str = "") -> HttpResponse:
        query = spelt(text)
        if not error and (not query or len(query) > LONGEST_QUERY or not query.isprintable()):
            if query:
                messages.error(request, _("A query has 1 to %(limit)s characters.") % {"limit": LONGEST_QUERY})
            return redirect(LIST)
        blind = request.GET.get("order") == "mixed"
        shown = MORE if request.GET.get("show") == "more" else FIRST
        page = selectors.rating_page(query, shown=shown, blind=blind)
        context = {
            "page": page,
            "blind": blind,
            "shown": shown,
            "choices": [(str(value), label) for value, label in Judgement.Rating.choices],
            "prefix": PREFIX,
            "mixed_url": rating_url(query, order="mixed"),
            "ranked_url": rating_url(query),
            "more_url": rating_url(query, show="more", **({"order": "mixed"} if blind else {})),
        }
        return render(request, self.template_name, context)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Write what was answered. A product that is not named in the form keeps what it has."""
        text = request.POST.get("q", "")
        try:
            ratings = dict(_answers(request))
            changed = operations.rate(text, ratings, by=request.user)
        except ValueError as error:
            messages.error(request, _("Nothing is saved: %(why)s") % {"why": error})
            return redirect(LIST)
        said = ngettext("%(count)s judgement saved.", "%(count)s judgements saved.", changed) % {"count": changed}
        messages.success(request, said if changed else _("Nothing has changed."))
        return redirect(
            rating_url(spelt(text), **{key: request.GET[key] for key in ("order", "show") if key in request.GET})
        )


def _answers(request: HttpRequest) -> list[tuple[int, int | None]]:
    """The form's answers by product. Raises ValueError for what no form of ours sends."""
    found = []
    for name, value in request.POST.items():
        product = name.removeprefix(f"{PREFIX}-")
        if product == name:
            continue
        if not (product.isascii() and product.isdigit() and len(product) < 18):
            raise ValueError(_("“%(name)s” names no product.") % {"name": name[:40]})
        if value not in {"", "0", "1", "2", "3"}:
            raise ValueError(_("the rating is “%(value)s”; it goes from 0 to 3.") % {"value": value[:20]})
        found.append((int(product), int(value) if value else None))
    return found


class JudgedQueryDeleteView(DeleteView):
    """All judgements of one query go."""

    template_name = "oscar/dashboard/search/judgement_delete.html"
    model = JudgedQuery

    def get_success_url(self) -> str:
        """Back to the list."""
        messages.success(self.request, _("Deleted: %(name)s.") % {"name": self.object})
        return reverse(LIST)


class ScoreView(View):
    """Have every query and check looked at again."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponse:
        """The worker does it."""
        operations.score_all_soon()
        messages.info(request, _("Every judged query is being looked at again. Come back to this page in a minute."))
        return redirect(LIST)


class UploadForm(forms.Form):
    """One file."""

    file = UploadField(
        label=gettext_lazy("File with judgements"),
        help_text=gettext_lazy(
            "CSV with the header query,product_id,rating: product_id is the product’s UPC (or its slug), rating a number "
            "from 0 (wrong) to 3 (exactly right)."
        ),
        accept=".csv,text/csv",
        max_bytes=MAX_BYTES,
        cure=gettext_lazy("Split it."),
    )


class ImportView(FormView):
    """Take judgements from a file, and say line by line what could not be taken."""

    template_name = "oscar/dashboard/search/judgement_import.html"
    form_class = UploadForm

    def form_valid(self, form: UploadForm) -> HttpResponse:
        """All good lines at once, and a report."""
        try:
            text = form.cleaned_data["file"].read().decode("utf-8-sig")
            parsed = parse(io.StringIO(text, newline=""))
        except UnicodeDecodeError as error:
            form.add_error("file", _("Not in UTF-8 (byte %(place)s). Save it as “CSV UTF-8”.") % {"place": error.start})
            return self.form_invalid(form)
        except JudgementError as error:
            form.add_error("file", str(error))
            return self.form_invalid(form)
        report = operations.import_judgements(parsed.lines, by=self.request.user, errors=parsed.errors)
        more = len(report.errors) - SHOWN_ERRORS
        context = self.get_context_data(
            form=UploadForm(), report=report, errors=report.errors[:SHOWN_ERRORS], more=more
        )
        return self.render_to_response(context)


class ExportView(View):
    """All judgements, as the import and `search_relevance` read them."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """As a download."""
        answer = HttpResponse(content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="judgements-{timezone.localdate():%Y-%m-%d}.csv"'
        writer = csv.writer(answer, lineterminator="\n")
        writer.writerow(HEADER)
        writer.writerows(selectors.exported())
        return answer
