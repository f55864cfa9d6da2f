"""Names of categories and brands, kept for a few minutes: what somebody types is looked for in them at every key."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.db.models import Count, Min

from shop.catalogue.models import Category
from shop.kept import Kept

from .models import ListingFacet
from .words import fold

_KEPT = Kept("search:names", seconds=300)
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Name:
    """`key` leads to the page: a category's path or a brand's slug. `note` tells two of one name apart."""

    name: str
    key: str
    spelt: str
    note: str = ""


def spelt(text: str) -> str:
    """A text as names are compared: folded words, with a space before each."""
    return "".join(f" {word}" for word in _WORD.findall(fold(text)))


def categories(text: str, limit: int) -> list[Name]:
    """Public categories with words that go on from `text`; the top ones first."""
    return _beginning(_KEPT.get("categories", _categories), text, limit)


def brands(text: str, limit: int) -> list[Name]:
    """Brands with words that go on from `text`; those with most products first."""
    return _beginning(_KEPT.get("brands", _brands), text, limit)


def _beginning(names: list[Name], text: str, limit: int) -> list[Name]:
    start = spelt(text)
    if not start:
        return []
    found = [name for name in names if start in name.spelt]
    # Sorting keeps the order of those that are alike.
    return sorted(found, key=lambda name: not name.spelt.startswith(start))[:limit]


def _categories() -> list[Name]:
    found: list[tuple[int, Name]] = []
    way: dict[str, tuple[str, str]] = {}
    rows = Category.objects.browsable().order_by("path").values_list("path", "depth", "slug", "name")
    for path, depth, slug, name in rows:
        above_slug, above_name = way.get(path[: -Category.steplen], ("", ""))
        full = f"{above_slug}/{slug}".strip("/")
        way[path] = (full, name)
        found.append((depth, Name(name=name, key=full, spelt=spelt(name), note=above_name)))
    return [name for _depth, name in sorted(found, key=lambda row: row[0])]


def _brands() -> list[Name]:
    rows = (
        ListingFacet.objects.filter(code="brand")
        .order_by()
        .values("value")
        .annotate(label=Min("label"), number=Count("row_id"))
        .order_by("-number", "label")
    )
    return [Name(name=row["label"], key=row["value"], spelt=spelt(row["label"])) for row in rows]
