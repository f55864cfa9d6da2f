"""From an address to a product or category: where it is now, and whether it has moved."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from ..models import Category, Product, SlugRedirect, ancestor_slugs, category_slugs
from ..operations import category_address_key, product_address_key
from .cards import product_address


@dataclass(frozen=True, slots=True)
class Found:
    """A product or category. `moved_to` is its address where another was asked for, or empty."""

    id: int
    moved_to: str = ""


def find_by_slug(slug: str, *, unpublished: bool = False) -> Found | None:
    """The product at /products/<slug>/; a former slug and a variant's own lead to where the product is now.

    None where there is none or it is not public. One query where the address is current, at most three otherwise.
    """
    held = _product(unpublished, slug=slug)
    moved = False
    if held is None:
        kept = SlugRedirect.objects.filter(old_slug=product_address_key(slug)).values_list("product", flat=True).first()
        held = _product(unpublished, pk=kept) if kept else None
        moved = True
    if held is None:
        return None
    pk, own_slug, parent_id, parent_slug = held
    if parent_id is not None:
        return Found(parent_id, f"{product_address(parent_slug)}?variant={pk}")
    return Found(pk, product_address(own_slug) if moved else "")


def _product(unpublished: bool, **lookup: object) -> tuple[int, str, int | None, str] | None:
    found = Product.objects.filter(**lookup)
    if not unpublished:
        found = found.filter(is_public=True).exclude(parent__is_public=False)
    return found.values_list("pk", "slug", "parent_id", "parent__slug").first()


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
