"""The front page of the account."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from .common import page


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """What happened last, and where things are."""
    return page(request, "overview", {}, here="summary")
