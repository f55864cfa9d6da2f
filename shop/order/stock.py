"""Reserving, giving back and using up stock. All of it inside the caller's transaction, rows locked in order of id.

A stock record's `num_in_stock` is what lies on the shelf, `num_allocated` what of it is promised to orders. Each change is
written down by order line in the same transaction (shop/ledger).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Case, F, IntegerField, Q, Value, When
from django.db.models.functions import Coalesce, Greatest

from shop.ledger.stock import KIND, Move, moved
from shop.partner.models import StockRecord

_ALLOCATED = Coalesce(F("num_allocated"), 0)


class OutOfStockError(Exception):
    """Fewer are left than are to be reserved; nothing was reserved."""


def lock(record_ids: Iterable[int]) -> dict[int, StockRecord]:
    """Lock stock records, always in the order of their ids so that two orders cannot wait for each other."""
    rows = StockRecord.objects.select_for_update().filter(pk__in=sorted(set(record_ids))).order_by("pk")
    return {row.pk: row for row in rows}


def reserve(lines: Iterable[Any]) -> None:
    """Promise what order lines say of their stock records. Raises OutOfStockError where one has fewer; one statement for all.

    The condition is part of the statement: even without a lock no more can be promised than there are.
    """
    lines = _counted(lines)
    quantities = totals(lines)
    if not quantities:
        return
    enough = Q()
    for pk, quantity in quantities.items():
        enough |= Q(pk=pk, num_in_stock__gte=_ALLOCATED + quantity)
    changed = StockRecord.objects.filter(enough).move(num_allocated=_ALLOCATED + _by_record(quantities))
    if changed != len(quantities):
        raise OutOfStockError
    moved(KIND.RESERVED, (Move(line, 0, line.num_allocated) for line in lines))


def release(lines: Iterable[Any]) -> None:
    """Give back what was promised to order lines."""
    lines = _counted(lines)
    quantities = totals(lines)
    if quantities:
        rows = lock(quantities)
        moves = [Move(line, 0, -_take(rows, line, "num_allocated")) for line in lines]
        StockRecord.objects.filter(pk__in=quantities).move(
            num_allocated=Greatest(_ALLOCATED - _by_record(quantities), 0)
        )
        moved(KIND.RELEASED, moves)


def consume(lines: Iterable[Any]) -> None:
    """Take what was promised to order lines from the shelf, because it leaves the house."""
    lines = _counted(lines)
    quantities = totals(lines)
    if quantities:
        rows, amount = lock(quantities), _by_record(quantities)
        moves = [Move(line, -_take(rows, line, "num_in_stock"), -_take(rows, line, "num_allocated")) for line in lines]
        StockRecord.objects.filter(pk__in=quantities).move(
            num_allocated=Greatest(_ALLOCATED - amount, 0),
            num_in_stock=Greatest(Coalesce(F("num_in_stock"), 0) - amount, 0),
        )
        moved(KIND.DISPATCHED, moves)


def bring_back(things: Sequence[tuple[Any, int]]) -> None:
    """Put so many of order lines back on the shelf."""
    quantities: dict[int, int] = {}
    for line, number in things:
        quantities[line.stockrecord_id] = quantities.get(line.stockrecord_id, 0) + number
    if quantities:
        lock(quantities)
        StockRecord.objects.filter(pk__in=quantities).move(
            num_in_stock=Coalesce(F("num_in_stock"), 0) + _by_record(quantities)
        )
        moved(KIND.RETURNED, [Move(line, number, 0) for line, number in things])


def _counted(lines: Iterable[Any]) -> list[Any]:
    """The lines that hold something back; what is not counted, and what has no stock record any more, does not."""
    return [line for line in lines if line.num_allocated and line.stockrecord_id]


def _take(rows: Mapping[int, StockRecord], line: Any, field: str) -> int:
    """How many of what a line holds are really there: neither number falls below 0."""
    row = rows[line.stockrecord_id]
    there = getattr(row, field) or 0
    taken = min(int(line.num_allocated), there)
    setattr(row, field, there - taken)
    return taken


def totals(lines: Iterable[Any]) -> dict[int, int]:
    """How many are promised to order lines, by stock record."""
    wanted: dict[int, int] = {}
    for line in _counted(lines):
        wanted[line.stockrecord_id] = wanted.get(line.stockrecord_id, 0) + line.num_allocated
    return wanted


def _by_record(quantities: Mapping[int, int]) -> Case:
    return Case(
        *(When(pk=pk, then=Value(quantity)) for pk, quantity in quantities.items()),
        default=Value(0),
        output_field=IntegerField(),
    )
