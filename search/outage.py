"""Tells staff that Elasticsearch does not answer: shoppers see the database's results meanwhile, and may see no difference."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from .elastic import client


def over_the_dashboard(request: HttpRequest, about: Mapping[str, Any]) -> str:
    """For staff, on every page, by what searches have found out: nothing is asked here."""
    if not client.is_configured() or client.SEARCHING.opened() is None:
        return ""
    words = _(
        "Elasticsearch did not answer when it was last asked: the database answers searches meanwhile, with less forgiveness."
    )
    return render_to_string("components/notice.html", {"kind": "warn", "text": words})
