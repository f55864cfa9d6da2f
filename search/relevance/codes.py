"""Products by what judgements call them: the UPC, and the slug of a product that has no UPC."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from shop.catalogue.models import Product

BATCH = 500


def listed_by_code(codes: Iterable[str]) -> dict[str, int]:
    """Code to the id of the product that lists show: a variant's code means its parent. What is not shown is left out."""
    wanted = sorted(set(codes))
    found: dict[str, int] = {}
    for start in range(0, len(wanted), BATCH):
        part = wanted[start : start + BATCH]
        public = Product.objects.filter(is_public=True)
        found.update(_owners(public.filter(upc__in=part), "upc"))
        found.update(_owners(public.filter(slug__in=set(part) - set(found)), "slug"))
    ids = sorted(set(found.values()))
    shown: set[int] = set()
    for start in range(0, len(ids), BATCH):
        public = Product.objects.filter(pk__in=ids[start : start + BATCH], is_public=True)
        shown.update(public.values_list("pk", flat=True))
    return {code: pk for code, pk in found.items() if pk in shown}


def _owners(products: QuerySet[Product], column: str) -> dict[str, int]:
    return {code: parent or pk for code, pk, parent in products.values_list(column, "pk", "parent_id")}


def codes_of(product_ids: Iterable[int]) -> dict[int, str]:
    """The other way round."""
    wanted = sorted(set(product_ids))
    found: dict[int, str] = {}
    for start in range(0, len(wanted), BATCH):
        rows = Product.objects.filter(pk__in=wanted[start : start + BATCH]).values_list("pk", "upc", "slug")
        found.update({pk: upc or slug for pk, upc, slug in rows})
    return found
