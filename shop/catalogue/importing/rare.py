"""Which attributes become rows to filter by and which go to the specification table.

A facet that few products carry helps nobody and costs rows: attributes that fewer than RARE products of a file carry
are shown on the product and not filtered by.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from decimal import Decimal

from .records import Attributes, ProductRecord
from .values import attribute_name

RARE = 200


class AttributeCensus:
    """Counts, over a whole file, how many products carry an attribute and of which kind its values are."""

    def __init__(self) -> None:
        self._products: Counter[str] = Counter()
        self._kinds: dict[str, set[str]] = defaultdict(set)

    def add(self, attributes: Attributes) -> None:
        """Count one product's attributes."""
        for code, (kind, _) in attributes.items():
            self._products[code] += 1
            self._kinds[code].add(kind)

    def split(self, record: ProductRecord, *, held: set[tuple[str, str]]) -> None:
        """Move the record's rare attributes to its specification, and make kinds that differ within a file text.

        `held` are (product type, code) of attributes that the shop has already: those stay rows.
        """
        kept: Attributes = {}
        rows: list[list[str]] = []
        for code, (kind, value) in sorted((record.attributes or {}).items()):
            if self._products[code] < RARE and (record.product_type or "", code) not in held:
                rows.append([attribute_name(code), as_text(value)])
            elif len(self._kinds[code]) > 1:
                kept[code] = ("text", as_text(value))
            else:
                kept[code] = (kind, value)
        record.attributes = kept
        record.specification = [*(record.specification or []), *rows]


def as_text(value: str | bool | Decimal) -> str:
    """A value as a person reads it."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return f"{value:f}" if isinstance(value, Decimal) else value
