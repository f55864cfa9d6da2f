"""Reserving, giving back and using up stock. All of it inside the caller's transaction, rows locked in order of id.

A stock record's `num_in_stock` is what lies on the shelf, `num_allocated` what of it is promised to orders.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Case, F, IntegerField, Q, Value, When
from django.db.models.functions import Coalesce, Greatest

from shop.partner.models import StockRecord

_ALLOCATED = Coalesce(F("num_allocated"), 0)


class OutOfStockError(Exception):
    """Fewer are left than are to be reserved; nothing was reserved."""


def lock(record_ids: Iterable[int]) -> dict[int, StockRecord]:
    """Lock stock records, always in the order of their ids so that two orders cannot wait for each other."""
    rows = StockRecord.objects.select_for_update().filter(pk__in=sorted(set(record_ids))).order_by("pk")
    return {row.pk: row for row in rows}


def reserve(quantities: Mapping[int, int]) -> None:
    """Promise so many of each stock record. Raises OutOfStockError where one has fewer; one statement for all of them.

    The condition is part of the statement: even without a lock no more can be promised than there are.
    """
    if not quantities:
        return
    enough = Q()
    for pk, quantity in quantities.items():
        enough |= Q(pk=pk, num_in_stock__gte=_ALLOCATED + quantity)
    changed = StockRecord.objects.filter(enough).update(num_allocated=_ALLOCATED + _by_record(quantities))
    if changed != len(quantities):
        raise OutOfStockError


def release(quantities: Mapping[int, int]) -> None:
    """Give back what was promised."""
    if quantities:
        StockRecord.objects.filter(pk__in=quantities).update(
            num_allocated=Greatest(_ALLOCATED - _by_record(quantities), 0)
        )


def consume(quantities: Mapping[int, int]) -> None:
    """Take what was promised from the shelf, because it leaves the house."""
    if quantities:
        amount = _by_record(quantities)
        StockRecord.objects.filter(pk__in=quantities).update(
            num_allocated=Greatest(_ALLOCATED - amount, 0),
            num_in_stock=Greatest(Coalesce(F("num_in_stock"), 0) - amount, 0),
        )


def totals(lines: Iterable[Any]) -> dict[int, int]:
    """How many are promised to order lines, by stock record."""
    wanted: dict[int, int] = {}
    for line in lines:
        if line.num_allocated and line.stockrecord_id:
            wanted[line.stockrecord_id] = wanted.get(line.stockrecord_id, 0) + line.num_allocated
    return wanted


def _by_record(quantities: Mapping[int, int]) -> Case:
    return Case(
        *(When(pk=pk, then=Value(quantity)) for pk, quantity in quantities.items()),
        default=Value(0),
        output_field=IntegerField(),
    )
