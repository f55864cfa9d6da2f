"""Choose ahead what a category offers: the attributes to filter by, and a picture for its tile."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from oscar.core.loading import get_model

from shop.catalogue.models import Category

from .models import ListingCategory, ListingFacet, ListingRow, ListingShelf

ATTRIBUTES = 6
# An attribute with more values than this, each of which few products have, measures rather than sorts: a pallet's width.
MANY_VALUES = 50
FEW_PRODUCTS = 20
# The same among few products: a value for nearly each of them narrows nothing.
SOME_VALUES = 6
ALONE = 2


def common_attributes(rows: QuerySet[ListingRow] | None) -> dict[str, str]:
    """Code and name of up to six attributes that most of `rows` (all products without it) have, the commonest first."""
    values = ListingFacet.objects.exclude(code="brand")
    if rows is not None:
        values = values.filter(row_id__in=rows.order_by().values("pk"))
    named = get_model("catalogue", "ProductAttribute").objects.filter(code=OuterRef("code")).order_by("pk")
    ranked = (
        values.values("code")
        .annotate(number=Count("row_id"), different=Count("value", distinct=True))
        .filter(different__gt=1)
        .exclude(different__gt=MANY_VALUES, number__lt=F("different") * FEW_PRODUCTS)
        .exclude(different__gt=SOME_VALUES, number__lt=F("different") * 2)
        # A value each: whichever is chosen, one product is left.
        .exclude(different__gt=ALONE, number=F("different"))
        .annotate(name=Subquery(named.values("name")[:1]))
        .order_by("-number", "code")[:ATTRIBUTES]
    )
    return {row["code"]: row["name"] or row["code"] for row in ranked}


def refresh(category_ids: Iterable[int] | None = None) -> int:
    """Work these categories out again and the whole shop, or all where none are given. Returns how many."""
    chosen = Category.objects.all() if category_ids is None else Category.objects.filter(pk__in=set(category_ids))
    ids = list(chosen.order_by("pk").values_list("pk", flat=True))
    for category_id in ids:
        members = ListingCategory.objects.filter(category_id=category_id)
        _write(category_id, ListingRow.objects.filter(pk__in=members.values("row_id")))
    _write(ListingShelf.WHOLE_SHOP, None)
    if category_ids is None:
        ListingShelf.objects.exclude(pk__in=[ListingShelf.WHOLE_SHOP, *ids]).delete()
    return len(ids) + 1


def _write(category_id: int, rows: QuerySet[ListingRow] | None) -> None:
    picture_of = None
    if rows is not None:
        pictured = rows.filter(product__images__isnull=False).order_by("-popularity", "pk")
        picture_of = pictured.values_list("pk", flat=True).first()
    ListingShelf.objects.update_or_create(
        category_id=category_id,
        defaults={"attributes": list(common_attributes(rows).items()), "picture_of_id": picture_of},
    )
