"""Stock records whose numbers never change without a row in the books."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models, transaction
from django.db.utils import NotSupportedError

from shop.ledger.stock import COUNTED, counted, levels


class StockQuerySet(models.QuerySet):
    """Whoever writes the numbers here has counted them: `shop.ledger.noting` says who it was."""

    def update(self, **values: Any) -> int:
        """Update, and write down what that counts."""
        if not COUNTED & values.keys():
            return super().update(**values)
        with transaction.atomic(savepoint=False):
            before = levels(self.values_list("pk", flat=True))
            number = super().update(**values)
            counted(before, levels(before))
        return number

    update.alters_data = True  # type: ignore[attr-defined]

    def move(self, **values: Any) -> int:
        """Update and write nothing down: for shop/order/stock.py, which writes rows of its own by order line."""
        return super().update(**values)

    move.alters_data = True  # type: ignore[attr-defined]

    def bulk_create(self, objs: Iterable[Any], *args: Any, **options: Any) -> list[Any]:
        """Add many, or update those that are there, and write down what that counts."""
        rows = list(objs)
        updated = options.get("update_fields")
        if options.get("update_conflicts") and not COUNTED & set(updated or ()):
            return super().bulk_create(rows, *args, **options)
        if args[1:] or options.get("ignore_conflicts"):
            raise NotSupportedError("What was ignored could not be counted: leave ignore_conflicts out.")
        with transaction.atomic(savepoint=False):
            before = levels(row.pk for row in rows if row.pk)
            made = super().bulk_create(rows, *args, **options)
            counted(before, levels(row.pk for row in made))
        return made
