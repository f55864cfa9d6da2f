"""Says wherever money is about to move that it is none: the shop pays through the sandbox, or with a test key of Stripe's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from . import gateway


def notice(request: HttpRequest, about: Mapping[str, Any]) -> str:
    """For staff on every page of the dashboard, and for whoever is about to pay."""
    if not gateway.is_configured() or (gateway.is_live() and not gateway.is_sandbox()):
        return ""
    words = _("Payments go to Stripe’s test mode: no money moves, and only test cards work.")
    if gateway.is_sandbox():
        words = _("Payments go to a sandbox: no money moves, and only its test cards work.")
    return render_to_string("components/notice.html", {"kind": "warn", "text": words})
