"""From an address to a product or category: where it is now, and whether it has moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from shop.prepared import Prepared

from ..models import Category, Product, SlugRedirect, ancestor_slugs, category_slugs
from ..operations import category_address_key, product_address_key
from .cards import product_address

COLUMNS = ("pk", "slug", "parent_id", "parent__slug", "is_public", "parent__is_public")


@dataclass(frozen=True, slots=True)
class Found:
    """A product or category. `moved_to` is its address where another was asked for, or empty."""

    id: int
    moved_to: str = ""


def find_by_slug(slug: str, *, unpublished: bool = False) -> Found | None:
    """The product at /products/<slug>/; a former slug and a variant's own lead to where the product is now.

    None where there is none or it is not public. One query where the address is current, at most three otherwise.
    """
    held = _shown(BY_SLUG.run(slug=slug), unpublished)
    moved = False
    if held is None:
        kept = SlugRedirect.objects.filter(old_slug=product_address_key(slug)).values_list("product", flat=True).first()
        held = _shown(BY_ID.run(ids=[kept]), unpublished) if kept else None
        moved = True
    if held is None:
        return None
    pk, own_slug, parent_id, parent_slug = held
    if parent_id is not None:
        return Found(parent_id, f"{product_address(parent_slug)}?variant={pk}")
    return Found(pk, product_address(own_slug) if moved else "")


def _by_slug(slug: str) -> QuerySet[Any, Any]:
    return Product.objects.filter(slug=slug).values_list(*COLUMNS)


def _by_id(ids: list[int]) -> QuerySet[Any, Any]:
    return Product.objects.filter(pk__in=ids).values_list(*COLUMNS)


BY_SLUG = Prepared(_by_slug, texts=("slug",))
BY_ID = Prepared(_by_id, lists=("ids",))


def _shown(rows: Sequence[Any], unpublished: bool) -> tuple[int, str, int | None, str] | None:
    """The one row of `rows` where its product may be seen: it and its parent are public, or it is a preview."""
    for pk, slug, parent_id, parent_slug, is_public, parent_is_public in rows:
        if unpublished or (is_public and parent_is_public is not False):
            return pk, slug, parent_id, parent_slug
    return None


def find_category(path: str) -> Found | None:
    """The public category at /shop/<path>/; a former path leads to where the category is now.

    The path is the slugs from the root down. None where there is none. At most two queries where it is current.
    """
    path = path.strip("/")
    slugs = path.split("/")
    public = Category.objects.browsable()
    for pk, tree_path in public.filter(slug=slugs[-1], depth=len(slugs)).values_list("pk", "path"):
        if len(slugs) == 1 or ancestor_slugs(tree_path) == "/".join(slugs[:-1]):
            return Found(pk)
    kept = SlugRedirect.objects.filter(old_slug=category_address_key(path)).values_list("category", flat=True).first()
    if kept is None or not public.filter(pk=kept).exists():
        return None
    return Found(kept, category_address(category_slugs([kept])[kept]))


def category_address(path: str) -> str:
    """The address of the category with these slugs, in the active language."""
    return reverse("search:category", kwargs={"path": path})
