"""The tables' present state: names that are part of the key of whatever is cached, and what a category offers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, JSONField, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from shop.prepared import Prepared

from .models import ListingShelf, ListingState

NAMES = ("state_version", "state_structure", "state_attributes")


@dataclass(frozen=True, slots=True)
class State:
    """`version` changes with any write, `structure` when words, categories or facet values may have changed.

    `attributes` are those that the category offers for filtering: code and name. `counter` is the number that whoever
    writes products, stories or pages raises; 0 where it was not read.
    """

    version: str
    structure: str
    attributes: tuple[tuple[str, str], ...] = ()
    counter: int = 0

    @classmethod
    def of(cls, version: str, structure: str, attributes: list[list[str]] | None, counter: int = 0) -> State:
        """From the columns NAMES of any row."""
        return cls(version, structure, tuple((code, name) for code, name in attributes or ()), counter)


def columns(category_id: int | None) -> dict[str, Any]:
    """Annotations NAMES that give any query the state on top of what it asks for."""
    held = ListingState.objects.filter(pk=1)
    shelf = ListingShelf.objects.filter(pk=category_id or ListingShelf.WHOLE_SHOP)
    names = {
        f"state_{name}": Coalesce(Subquery(held.values(name)[:1]), Value("", output_field=CharField()))
        for name in ("version", "structure")
    }
    return names | {"state_attributes": Subquery(shelf.values("attributes")[:1], output_field=JSONField())}


def _row(shelf: list[int]) -> QuerySet[Any, Any]:
    names = Subquery(ListingShelf.objects.filter(pk__in=shelf).values("attributes")[:1], output_field=JSONField())
    rows = ListingState.objects.filter(pk=1).annotate(shelf_attributes=names)
    return rows.values_list("version", "structure", "shelf_attributes", "counter")


_ROW = Prepared(_row, lists=("shelf",))


def read(category_id: int | None = None) -> State:
    """One query for the state alone."""
    rows = _ROW.run(shelf=[category_id or ListingShelf.WHOLE_SHOP])
    return State.of(*rows[0]) if rows else State("", "")
