"""Sums over rows that belong to another row, as a column of a query about that one: without rows it is 0."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, IntegerField, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

MONEY: DecimalField = DecimalField(max_digits=14, decimal_places=2)


def money_of(rows: QuerySet[Any], amount: Any, by: str) -> Coalesce:
    """What `amount`, a name or an expression, comes to. `rows` are narrowed by OuterRef to those of one `by`."""
    return Coalesce(Subquery(_summed(rows, amount, by), output_field=MONEY), Decimal(0), output_field=MONEY)


def number_of(rows: QuerySet[Any], number: Any, by: str) -> Coalesce:
    """The same of whole numbers."""
    return Coalesce(Subquery(_summed(rows, number, by), output_field=IntegerField()), 0)


def _summed(rows: QuerySet[Any], what: Any, by: str) -> QuerySet[Any]:
    return rows.order_by().values(by).annotate(summed=Sum(what)).values("summed")
