"""The kinds of things that have an index: products, and stories and pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from search.models import ListingRow, PageRow
from search.operations import touch
from search.rows import Reader
from search.stories import operations as stories
from search.vectors.operations import vectors_of

from . import client, nearest, pages
from .documents import document
from .index import Change, Family
from .mapping import definition


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """What an index is of: a table whose rows have versions, and how documents are made of rows.

    `name` is what payloads call it. `changes` gets rows' versions and reads what they say after that. `touch` gives rows
    a new version.
    """

    name: str
    definition: Callable[[], dict[str, Any]]
    rows: QuerySet[Any]
    changes: Callable[[dict[int, int]], list[Change]]
    touch: Callable[[Sequence[int]], None]

    def family(self) -> Family:
        """Its indices."""
        return Family(self.name, self.definition())

    def build_payload(self) -> dict[str, str]:
        """What asks the worker for a new index of it."""
        return {} if self is PRODUCTS else {"kind": self.name}


def _products(versions: dict[int, int]) -> list[Change]:
    """Documents for these rows, read after their versions were. What is no longer public has none."""
    rows = Reader(with_text=False).read(list(versions))
    vectors = vectors_of({row.product_id: row.said for row in rows})
    return [
        Change(row.product_id, versions[row.product_id], {**document(row), **nearest.held(vectors.get(row.product_id))})
        for row in rows
    ]


PRODUCTS = Kind(client.PRODUCTS, definition, ListingRow.objects.all(), _products, touch)
PAGES = Kind(pages.PAGES, pages.definition, PageRow.objects.all(), pages.changes, stories.touch)
KINDS = (PRODUCTS, PAGES)
