"""Approved reviews of products, with who bought here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext
from oscar.core.loading import get_model

from ..cards import Review

# Newest first; Oscar's own order is by votes, which this shop does not take.
ORDER = ("-date_created", "-pk")


def reviews_of(product_id: int, *, first: int = 0, count: int = 20) -> tuple[Review, ...]:
    """Approved reviews from place `first` on, newest first; one query."""
    line = get_model("order", "Line")
    bought = line.objects.filter(
        Q(product=product_id) | Q(product__parent=product_id), order__user=OuterRef("user")
    ).exclude(order__status__in=("cancelled", "awaiting-payment"))
    rows = (
        _approved(product_id)
        .annotate(bought_here=Exists(bought))
        .order_by(*ORDER)
        .values_list(*("title", "body", "score", "date_created", "bought_here", "name", "user__first_name"), named=True)
    )
    return tuple(_review(row) for row in rows[first : first + count])


def _review(row: Any) -> Review:
    return Review(
        title=row.title,
        body=row.body,
        score=row.score,
        # A first name and no more: nobody is to be found by what he wrote about a teapot.
        author=row.user__first_name or row.name or gettext("A customer"),
        date=row.date_created.date(),
        bought_here=row.bought_here,
    )


def score_counts(product_id: int) -> tuple[tuple[int, int], ...]:
    """(stars, how many reviews) from five stars to one; Oscar's zero counts as one. One query."""
    counted: dict[int, int] = dict(
        _approved(product_id).order_by().values_list("score").annotate(n=Count("pk")).values_list("score", "n")
    )
    counted[1] = counted.get(1, 0) + counted.pop(0, 0)
    return tuple((stars, counted.get(stars, 0)) for stars in range(5, 0, -1))


def own_review(product_id: int, *, user: Any) -> Any | None:
    """What this person wrote about the product, approved or not."""
    if not user.is_authenticated:
        return None
    return get_model("reviews", "ProductReview").objects.filter(product=product_id, user=user).first()


def review_total(counts: Sequence[tuple[int, int]]) -> int:
    """How many reviews `score_counts` counted."""
    return sum(number for _, number in counts)


def _approved(product_id: int) -> QuerySet[Any, Any]:
    model = get_model("reviews", "ProductReview")
    return model.objects.filter(product=product_id, status=model.APPROVED)
