"""Writing down what happens to stock. Always inside the transaction of what is written down."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.apps import apps

from .models import StockMovement
from .noting import current, noting

KIND = StockMovement.Kind
# Numbers that nobody may change without a row here.
COUNTED = frozenset({"num_in_stock", "num_allocated"})


class Level(NamedTuple):
    """What a stock record says."""

    sku: str
    on_shelf: int
    promised: int


class Move(NamedTuple):
    """What happens to a stock record because of an order's line."""

    line: Any
    on_shelf: int
    promised: int


def levels(record_ids: Iterable[int]) -> dict[int, Level]:
    """What these stock records say, locked in the order of their ids."""
    ids = sorted(set(record_ids))
    if not ids:
        return {}
    rows = apps.get_model("partner", "StockRecord").objects.select_for_update().filter(pk__in=ids).order_by("pk")
    return {
        pk: Level(sku, on_shelf or 0, promised or 0)
        for pk, sku, on_shelf, promised in rows.values_list("pk", "partner_sku", "num_in_stock", "num_allocated")
    }


def counted(before: Mapping[int, Level], after: Mapping[int, Level]) -> None:
    """Write down by how much stock records differ from what they said before. One that is new begins with its first count."""
    note = current().fields()
    rows = []
    for pk, level in after.items():
        held = before.get(pk)
        on_shelf = level.on_shelf - (held.on_shelf if held else 0)
        promised = level.promised - (held.promised if held else 0)
        if held is None or on_shelf or promised:
            kind = KIND.COUNTED if held else KIND.OPENING
            rows.append(
                StockMovement(stockrecord_id=pk, sku=level.sku, kind=kind, on_shelf=on_shelf, promised=promised, **note)
            )
    StockMovement.objects.bulk_create(rows, batch_size=500)


def moved(kind: StockMovement.Kind, moves: Iterable[Move]) -> None:
    """Write down what an order's lines did to their stock records; one statement for all of them."""
    note = current().fields()
    StockMovement.objects.bulk_create(
        [
            StockMovement(
                stockrecord_id=move.line.stockrecord_id,
                sku=move.line.partner_sku,
                kind=kind,
                on_shelf=move.on_shelf,
                promised=move.promised,
                line_id=move.line.pk,
                **note,
            )
            for move in moves
            if move.on_shelf or move.promised
        ],
        batch_size=500,
    )


def gone(record_id: int) -> None:
    """Write down that a stock record is deleted, with all that was on its shelf."""
    held = levels([record_id])
    with noting(why=current().why or "deleted"):
        counted(held, {pk: Level(level.sku, 0, 0) for pk, level in held.items()})
