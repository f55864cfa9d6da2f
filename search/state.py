"""The names of the tables' present state, part of the key of whatever is cached from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Subquery, Value
from django.db.models.functions import Coalesce

from .models import ListingState

NAMES = ("state_version", "state_structure")


@dataclass(frozen=True, slots=True)
class State:
    """`version` changes with any write, `structure` when words, categories or facet values may have changed."""

    version: str
    structure: str


def columns() -> dict[str, Any]:
    """Annotations that give any query the state on top of what it asks for."""
    held = ListingState.objects.filter(pk=1)
    return {
        f"state_{name}": Coalesce(Subquery(held.values(name)[:1]), Value("", output_field=CharField()))
        for name in ("version", "structure")
    }


def read() -> State:
    """One query for the state alone."""
    row = ListingState.objects.filter(pk=1).values_list("version", "structure").first()
    return State(*row) if row else State("", "")
