"""Rows of the shop's own days."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

# One year within those that there are, so that no time zone leads out of them.
FIRST, LAST = date(2, 1, 1), date(9998, 12, 31)


def between(rows: QuerySet[Any], field: str, since: date | None, until: date | None) -> QuerySet[Any]:
    """Those of `rows` whose `field`, a time, lies on these days, both included; None: as far as there are any."""
    zone = timezone.get_current_timezone()
    if since:
        rows = rows.filter(**{f"{field}__gte": datetime.combine(min(max(since, FIRST), LAST), time.min, zone)})
    if until:
        rows = rows.filter(**{f"{field}__lte": datetime.combine(min(max(until, FIRST), LAST), time.max, zone)})
    return rows
