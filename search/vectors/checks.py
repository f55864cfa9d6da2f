"""Django's checks: vectors that are switched on and cannot be are an error, not a surprise."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core import checks

from . import needs


@checks.register
def vectors_can_be_had(**options: Any) -> list[checks.CheckMessage]:
    """The packages are installed, the catalogue is in the model's language, and there is something that searches by them."""
    found: list[checks.CheckMessage] = [
        checks.Error(reason, id="search.E001")
        for reason in needs.faults(settings.SEARCH_VECTORS, settings.LANGUAGE_CODE)
    ]
    if settings.SEARCH_VECTORS and not settings.ELASTICSEARCH_URL:
        found.append(
            checks.Warning(
                "SEARCH_VECTORS is set and ELASTICSEARCH_URL is not: the database searches with words alone.",
                hint="Set ELASTICSEARCH_URL, or leave SEARCH_VECTORS out.",
                id="search.W001",
            )
        )
    return found
