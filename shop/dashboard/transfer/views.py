"""Upload a file, read what an import would do, have it done; download all products."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.generic import DetailView, FormView

from shop.catalogue.importing.operations import export_products
from shop.dashboard.inputs import UploadField
from shop.dashboard.models import ImportRun

from .operations import MAX_BYTES, go, upload

PART = 64 * 1024


class UploadForm(forms.Form):
    """One file."""

    file = UploadField(
        label=gettext_lazy("File with products"),
        help_text=gettext_lazy(
            "Shopify’s product CSV, our own CSV (what the export gives), or JSON lines, also gzipped. "
            "The format is told by the content. Pictures are taken from web addresses."
        ),
        accept=".csv,.jsonl,.json,.gz,text/csv,application/json",
        max_bytes=MAX_BYTES,
        cure=gettext_lazy("Larger ones go in with import_products."),
    )


class ImportListView(FormView):
    """The upload, what was uploaded before, and the export."""

    template_name = "oscar/dashboard/transfer/list.html"
    form_class = UploadForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the last uploads, without their content."""
        runs = ImportRun.objects.select_related("by").defer("content", "problems")[:20]
        return super().get_context_data(runs=runs, **kwargs)

    def form_valid(self, form: UploadForm) -> HttpResponse:
        """Keep it and go where its check can be followed."""
        run = upload(form.cleaned_data["file"], by=self.request.user)
        return redirect(reverse("dashboard:import-detail", args=[run.pk]))


class ImportDetailView(DetailView):
    """How far it is, what it would do or did, and every problem by line."""

    template_name = "oscar/dashboard/transfer/detail.html"
    context_object_name = "run"
    queryset = ImportRun.objects.select_related("by").defer("content")


class ImportGoView(View):
    """The word that a checked file is to be imported."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Once; a second click finds it under way."""
        run = get_object_or_404(ImportRun.objects.defer("content"), pk=pk)
        if not go(run):
            messages.info(request, _("%(name)s is under way or done already.") % {"name": run.name})
        return redirect(reverse("dashboard:import-detail", args=[run.pk]))


class ExportView(View):
    """All products as our own CSV, which the import reads back unchanged."""

    def get(self, request: HttpRequest) -> StreamingHttpResponse:
        """As a download."""
        response = StreamingHttpResponse(_export(), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="products-{timezone.localdate():%Y-%m-%d}.csv"'
        return response


def _export() -> Iterator[bytes]:
    """The whole file is written before its first part is sent: an error half-way must not look like its end."""
    with tempfile.TemporaryFile() as file:
        text = io.TextIOWrapper(file, encoding="utf-8", newline="")
        export_products(text)
        text.detach()
        file.seek(0)
        while part := file.read(PART):
            yield part
