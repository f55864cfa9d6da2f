"""What customers wrote."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time

from django.db import transaction
from django.utils import timezone
from oscar.core.loading import get_model

from shop.accounts.models import User
from shop.catalogue.models import Product
from shop.catalogue.operations import catalogue_changed

from .data import Row, moved

ProductReview = get_model("reviews", "ProductReview")


#: The newest reviews of these wait for a merchandiser.
WAITING = 6


@transaction.atomic
def write_reviews(rows: Mapping[str, list[Row]], products: Mapping[str, Product], users: Mapping[str, User]) -> None:
    """Reviews by invented people; those who have an account here are named as its owner."""
    by_name = {f"{user.first_name} {user.last_name[:1]}.": user for user in users.values()}
    given = sorted(
        ((products[slug], row) for slug, some in rows.items() for row in some), key=lambda pair: pair[1]["date"]
    )
    taken: set[tuple[int, int]] = set()
    reviews = []
    for place, (product, row) in enumerate(given):
        user = by_name.get(row["name"])
        if user is not None and (product.pk, user.pk) in taken:
            user = None
        if user is not None:
            taken.add((product.pk, user.pk))
        waits = row.get("waiting", place >= len(given) - WAITING)
        reviews.append(
            ProductReview(
                product=product,
                user=user,
                name="" if user else row["name"],
                score=row["stars"],
                title=row["title"],
                body=row["text"],
                status=ProductReview.FOR_MODERATION if waits else ProductReview.APPROVED,
            )
        )
    ProductReview.objects.bulk_create(reviews)
    for place, (review, (_, row)) in enumerate(zip(reviews, given, strict=True)):
        day = datetime.combine(moved(row["date"]), time(8 + place % 12), tzinfo=timezone.get_current_timezone())
        review.date_created = min(day, timezone.now())
    ProductReview.objects.bulk_update(reviews, ["date_created"], batch_size=100)
    about = {review.product_id for review in reviews}
    for product in products.values():
        if product.pk in about:
            product.update_rating()
    catalogue_changed(about)
