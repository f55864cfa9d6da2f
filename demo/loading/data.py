"""The demo's data files, as they are."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils import timezone

FOLDER = Path(__file__).resolve().parent.parent / "data"
#: The day on which the files were true. Dates in them move along with the calendar, so that new things stay new.
WRITTEN_ON = datetime.date(2026, 2, 23)

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Shelf:
    """A category: its slugs from the root down, and its names."""

    path: str
    names: tuple[str, ...]
    row: Row

    @property
    def joined(self) -> str:
        """The names as the importer writes them."""
        return " > ".join(self.names)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What the shop sells."""

    makers: list[Row]
    types: Row
    shelves: list[Shelf]
    products: list[Row]
    offers: Row
    reviews: dict[str, list[Row]]


def catalogue() -> Catalogue:
    """Read the catalogue's files; products come in the order of the files' names."""
    return Catalogue(
        makers=read("makers"),
        types=read("product_types"),
        shelves=list(_shelves(read("categories"))),
        products=[row for path in sorted((FOLDER / "products").glob("*.json")) for row in json.loads(path.read_text())],
        offers=read("offers"),
        reviews=read("reviews"),
    )


def _shelves(rows: list[Row], path: str = "", names: tuple[str, ...] = ()) -> Iterator[Shelf]:
    for row in rows:
        own = Shelf(f"{path}/{row['slug']}".lstrip("/"), (*names, row["name"]), row)
        yield own
        yield from _shelves(row.get("children", []), own.path, own.names)


def read(name: str) -> Any:
    """One data file, such as `people`."""
    return json.loads((FOLDER / f"{name}.json").read_text())


def stories() -> list[Row]:
    """Every story, the newest first."""
    rows = [json.loads(path.read_text()) for path in sorted((FOLDER / "stories").glob("*.json"))]
    return sorted(rows, key=lambda row: row["days"])


def moved(written: str) -> datetime.date:
    """A date of the files, as far from today as it was from the day on which they were written, and never to come."""
    age = WRITTEN_ON - datetime.date.fromisoformat(written)
    return days_ago(max(age.days, 0))


def days_ago(number: int) -> datetime.date:
    """The date so many days before today."""
    return timezone.localdate() - datetime.timedelta(days=number)
