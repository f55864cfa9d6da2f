"""Categories as blocks show them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from shop.catalogue.cards import Picture
from shop.catalogue.models import Category, Product


@dataclass(frozen=True, slots=True)
class CategoryTile:
    """A way into a category. `count` is how many public products it and the categories below it hold."""

    id: int
    title: str
    url: str
    count: int
    picture: Picture | None = None


def category_tiles(ids: Sequence[int]) -> dict[int, CategoryTile]:
    """Tiles of those categories that are public, in two queries: the tree around them and their products."""
    if not ids:
        return {}
    wanted = list(Category.objects.filter(pk__in=ids, is_public=True))
    if not wanted:
        return {}
    step = Category.steplen
    above = {row.path[:length] for row in wanted for length in range(step, len(row.path), step)}
    slugs = {row.path: row.slug for row in wanted}
    if above - set(slugs):
        slugs.update(Category.objects.filter(path__in=above).values_list("path", "slug"))
    products: dict[str, set[int]] = defaultdict(set)
    pairs = Product.categories.through.objects.filter(
        product__is_public=True, product__structure__in=(Product.STANDALONE, Product.PARENT)
    ).values_list("product_id", "category__path")
    paths = {row.path for row in wanted}
    for product_id, path in pairs.iterator(chunk_size=5000):
        for length in range(step, len(path) + 1, step):
            if path[:length] in paths:
                products[path[:length]].add(product_id)
    tiles = {}
    for row in wanted:
        slug_path = "/".join(slugs.get(row.path[:end], "") for end in range(step, len(row.path) + 1, step))
        image = Picture(url=row.image.url, alt="", width=800, height=1000) if row.image else None
        tiles[row.pk] = CategoryTile(
            id=row.pk,
            title=row.name,
            url=reverse("search:category", kwargs={"path": slug_path}),
            count=len(products[row.path]),
            picture=image,
        )
    return tiles
