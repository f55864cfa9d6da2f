"""A document as an answer to a browser."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.text import slugify

from .models import Invoice


def pdf_answer(row: Invoice) -> HttpResponse:
    """The PDF as a file to keep. Drawn when it is asked for: it is the same each time."""
    from .pdf import render

    response = HttpResponse(render(row.data), content_type="application/pdf")
    # Series are the shop's own words; a file's name takes letters and digits.
    response["Content-Disposition"] = f'attachment; filename="{slugify(row.code).upper() or row.pk}.pdf"'
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response
