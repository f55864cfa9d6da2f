"""Categories as blocks show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from search.selectors import held_products
from shop.catalogue import pictures
from shop.catalogue.cards import Picture
from shop.catalogue.models import Category


@dataclass(frozen=True, slots=True)
class CategoryTile:
    """A way into a category. `count` is how many public products it and the categories below it hold."""

    id: int
    title: str
    url: str
    count: int
    picture: Picture | None = None


def category_tiles(ids: Sequence[int]) -> dict[int, CategoryTile]:
    """Tiles of those categories that are public: one query, and one more where categories above them are not among `ids`."""
    if not ids:
        return {}
    wanted = list(Category.objects.browsable().filter(pk__in=ids).annotate(number=held_products("pk")))
    if not wanted:
        return {}
    step = Category.steplen
    above = {row.path[:length] for row in wanted for length in range(step, len(row.path), step)}
    slugs = {row.path: row.slug for row in wanted}
    if above - set(slugs):
        slugs.update(Category.objects.filter(path__in=above).values_list("path", "slug"))
    tiles = {}
    for row in wanted:
        slug_path = "/".join(slugs.get(row.path[:end], "") for end in range(step, len(row.path) + 1, step))
        tiles[row.pk] = CategoryTile(
            id=row.pk,
            title=row.name,
            url=reverse("search:category", kwargs={"path": slug_path}),
            count=row.number,
            picture=pictures.picture(row.image.name) if row.image else None,
        )
    return tiles
