"""Categories as list pages need them: found by their path, with those above and right below, in one query."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Substr
from django.urls import reverse

from shop.catalogue import pictures
from shop.catalogue.cards import Picture
from shop.catalogue.models import Category, SlugRedirect

from .models import ListingShelf
from .rules import reading as rules

DEEPEST = 12


@dataclass(frozen=True, slots=True)
class Place:
    """A category with the way to it and what is right below it. Without a category it is the whole shop."""

    category: Category | None
    above: tuple[Category, ...] = ()
    below: tuple[Category, ...] = ()
    path: str = ""


@dataclass(frozen=True, slots=True)
class Tile:
    """A category with a picture."""

    title: str
    url: str
    picture: Picture | None


def find(path: str) -> Place | None:
    """The public category at `path` ("table/mugs"), or None. One query."""
    slugs = path.strip("/").split("/")
    depth = len(slugs)
    if depth > DEEPEST or "\x00" in path:
        return None
    step = Category.steplen
    here = Category.objects.filter(depth=depth, slug=slugs[-1]).values("path")
    rows = (
        _shelves()
        .annotate(parent_path=Substr("path", 1, step * depth))
        .filter(Q(slug__in=slugs, depth__lte=depth) | Q(depth=depth + 1, parent_path__in=here))
        .order_by("path")
    )
    found = _noted(rows)
    way: list[Category] = []
    for number, slug in enumerate(slugs, start=1):
        start = way[-1].path if way else ""
        match = [row for row in found if row.depth == number and row.slug == slug and row.path.startswith(start)]
        if not match:
            return None
        way.append(match[0])
    below = tuple(row for row in found if row.depth == depth + 1 and row.path.startswith(way[-1].path))
    return Place(category=way[-1], above=tuple(way[:-1]), below=below, path="/".join(slugs))


def _shelves() -> QuerySet[Category]:
    """Public categories, each with the product that lends it a picture as `lent`, and the rules' version."""
    held = ListingShelf.objects.filter(pk=OuterRef("pk"))
    lent = Subquery(held.values("picture_of_id")[:1])
    return Category.objects.browsable().annotate(lent=lent, rules_version=rules.column())


def place_of(category: Category) -> Place:
    """The place of a category that is at hand already, as in a preview."""
    above = tuple(category.get_ancestors())
    below = tuple(_shelves().filter(pk__in=category.get_children().values("pk")).order_by("path"))
    return Place(category=category, above=above, below=below, path="/".join(row.slug for row in (*above, category)))


def whole_shop() -> Place:
    """All products, with the top categories."""
    return Place(category=None, below=tuple(_noted(_shelves().filter(depth=1).order_by("path"))))


def _noted(shelves: QuerySet[Category]) -> list[Category]:
    """The categories; what came along with them says whether the rules that are at hand are the newest."""
    found = list(shelves)
    if found:
        rules.note(found[0].rules_version)
    return found


def moved_to(path: str) -> str:
    """Where the category that had `path` before is now, or nothing."""
    old = path.strip("/")
    if len(old) > 1024 or "\x00" in old:
        return ""
    row = SlugRedirect.objects.filter(old_slug=old, category__isnull=False).select_related("category").first()
    return row.category.get_absolute_url() if row and row.category else ""


def address(path: str) -> str:
    """The page of the category at `path`."""
    return reverse("search:category", kwargs={"path": path}) if path else reverse("search:all")


def lent_pictures(place: Place) -> dict[int, int]:
    """For categories below without a picture of their own the product that lends its. No query."""
    return {row.pk: row.lent for row in place.below if not row.image and row.lent}


def own_picture(category: Category) -> Picture | None:
    """The picture that a merchandiser gave the category."""
    return pictures.picture(category.image.name) if category.image else None
