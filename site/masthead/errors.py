"""The pages for what goes wrong."""

from __future__ import annotations

import logging
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

logger = logging.getLogger(__name__)
PLAIN_500 = (
    "<!DOCTYPE html><title>Server error</title><h1>Something broke here</h1><p>Please try again in a minute.</p>"
)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: says so and helps to go on; staff stay in the dashboard."""
    user = getattr(request, "user", None)
    if request.path.startswith("/dashboard/") and user and user.is_active and user.is_staff:
        return render(request, "oscar/dashboard/404.html", status=404)
    # This address leads nowhere in any language, so the language links lead to the front pages.
    fronts = {code: "/" if code == settings.LANGUAGE_CODE else f"/{code}/" for code, _ in settings.LANGUAGES}
    return render(request, "errors/404.html", {"alternates": fronts}, status=404)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: signed in as somebody who may not."""
    return render(request, "errors/403.html", status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 where a form's token is missing or old: nearly always a cookie that was refused or a page left open long."""
    return render(request, "errors/403.html", {"stale_form": True}, status=403)


def server_error(request: HttpRequest, *args: Any) -> HttpResponse:
    """500: asks neither the database nor the cache, since one of them may be what broke."""
    context = {"theme": settings.THEME, "brand": {"name": settings.OSCAR_SHOP_NAME}}
    try:
        html: str = render_to_string("errors/500.html", context)
    except Exception:
        # Even the static files' manifest may be missing; the visitor still gets a sentence.
        logger.exception("the page for a server error could not be drawn")
        html = PLAIN_500
    return HttpResponse(html, status=500)
