"""Choose ahead what a category offers: the attributes to filter by, and a picture for its tile."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from oscar.core.loading import get_model

from shop.catalogue.models import Category

from .models import ListingCategory, ListingFacet, ListingRow, ListingShelf
from .types import NO, YES

ATTRIBUTES = 6
# Attributes of yes or no take one line each, in a list that they share.
FEATURES = 8
# An attribute with more values than this, each of which few products have, measures rather than sorts: a pallet's width.
MANY_VALUES = 50
FEW_PRODUCTS = 20
# The same among few products: a value for nearly each of them narrows nothing.
SOME_VALUES = 6
ALONE = 2


def common_attributes(rows: QuerySet[ListingRow] | None) -> dict[str, str]:
    """Code and name of the attributes to filter `rows` by (all products without it), the commonest first.

    These are up to six that most of them have, and up to eight of yes or no.
    """
    values = ListingFacet.objects.exclude(code="brand")
    if rows is not None:
        values = values.filter(row_id__in=rows.order_by().values("pk"))
    named = get_model("catalogue", "ProductAttribute").objects.filter(code=OuterRef("code")).order_by("pk")
    ranked = (
        values.values("code")
        .annotate(
            number=Count("row_id"),
            different=Count("value", distinct=True),
            decided=Count("row_id", filter=Q(value__in=YES | NO)),
            yes=Count("row_id", filter=Q(value__in=YES)),
        )
        .filter(Q(different__gt=1) | Q(decided=F("number"), yes__gt=0))
        .exclude(different__gt=MANY_VALUES, number__lt=F("different") * FEW_PRODUCTS)
        .exclude(different__gt=SOME_VALUES, number__lt=F("different") * 2)
        # A value each: whichever is chosen, one product is left.
        .exclude(different__gt=ALONE, number=F("different"))
        .annotate(name=Subquery(named.values("name")[:1]))
        .order_by("-number", "code")
    )
    left = {True: FEATURES, False: ATTRIBUTES}
    found: dict[str, str] = {}
    for row in ranked:
        is_feature = row["decided"] == row["number"]
        if left[is_feature]:
            left[is_feature] -= 1
            found[row["code"]] = row["name"] or row["code"]
        if not any(left.values()):
            break
    return found


def tells_apart(number: int, *, different: int) -> bool:
    """Whether an attribute that `number` products have, with so many different values, is worth filtering by.

    The rule of `common_attributes`, for an engine that has counted already.
    """
    if different < 2 or (different > MANY_VALUES and number < different * FEW_PRODUCTS):
        return False
    if different > SOME_VALUES and number < different * 2:
        return False
    return different <= ALONE or number != different


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
