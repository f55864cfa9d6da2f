"""Writes to the catalogue, and the one way to say that something of it changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import IntegrityError, connection, transaction
from oscar.core.loading import get_model

from shop.outbox.operations import enqueue, enqueue_many
from shop.prepared import Prepared

from .models import Product, SlugRedirect, category_slugs

# Whoever keeps copies of products (search, feeds) handles this topic. Payloads are {"products": [ids]} (never ids of
# children: their parents'), {"category": id} or {"everything": true}.
CHANGED = "catalogue.changed"
# One row of the outbox holds no more products than a handler can do well within a lease.
PRODUCTS_A_ROW = 500


PARENTS = Prepared(
    lambda ids: Product.objects.filter(pk__in=ids, parent__isnull=False).values_list("pk", "parent_id"), lists=("ids",)
)


class _Said:
    """Stands among a transaction's commit hooks for what that transaction has already said.

    Django drops the hook together with the rows when the transaction or its savepoint is rolled back, so nothing is
    held back that was not written.
    """

    def __init__(self, things: frozenset[Any]) -> None:
        self.things = things

    def __call__(self) -> None:
        """Nothing is left to do at commit."""


def _said() -> set[Any]:
    """What this transaction has written down so far."""
    if not connection.in_atomic_block:
        return set()
    hooks = (waiting[1] for waiting in connection.run_on_commit)
    return {thing for hook in hooks if isinstance(hook, _Said) for thing in hook.things}


def _say(things: Iterable[Any]) -> None:
    if connection.in_atomic_block:
        transaction.on_commit(_Said(frozenset(things)))


def catalogue_changed(product_ids: Iterable[int] = (), *, everything: bool = False) -> None:
    """Write down that these products changed: title, price, stock, categories, reviews, pictures, offers, anything.

    Call it inside the transaction of the change. Saving an object does it by itself (receivers.py); whoever writes
    with update() or bulk_create() calls it. Ids of children stand for their parents. What the same transaction has
    said already is not written again. With `everything` all products count as changed.
    """
    said = _said()
    if "everything" in said:
        return
    if everything:
        _say(["everything"])
        enqueue(CHANGED, {"everything": True})
        return
    fresh = [pk for pk in dict.fromkeys(product_ids) if pk not in said]
    if not fresh:
        return
    parents: dict[int, int] = {}
    for start in range(0, len(fresh), PRODUCTS_A_ROW):
        some = fresh[start : start + PRODUCTS_A_ROW]
        parents.update(PARENTS.run(ids=some))
    ids = [pk for pk in dict.fromkeys(parents.get(pk, pk) for pk in fresh) if pk not in said]
    _say([*fresh, *ids])
    rows = [ids[start : start + PRODUCTS_A_ROW] for start in range(0, len(ids), PRODUCTS_A_ROW)]
    enqueue_many(CHANGED, [{"products": row} for row in rows])


def category_changed(category_id: int) -> None:
    """Write down that a category changed: its name, address, place or whether it is public."""
    if ("category", category_id) not in _said():
        _say([("category", category_id)])
        enqueue(CHANGED, {"category": category_id})


@transaction.atomic
def product_moved(product: Product, *, old_slug: str) -> None:
    """Keep the address that a product had until now; it leads to where the product is, however often it moves on."""
    SlugRedirect.objects.update_or_create(
        old_slug=product_address_key(old_slug), defaults={"product": product, "category": None}
    )
    SlugRedirect.objects.filter(old_slug=product_address_key(product.slug), product=product).delete()


@transaction.atomic
def categories_moved(old_paths: Mapping[int, str]) -> None:
    """Keep the addresses that categories had until now, by id, where they differ from those they have."""
    now = category_slugs(old_paths)
    moved = {pk: path for pk, path in old_paths.items() if pk in now and now[pk] != path}
    SlugRedirect.objects.filter(old_slug__in=[category_address_key(now[pk]) for pk in moved]).delete()
    SlugRedirect.objects.bulk_create(
        [SlugRedirect(old_slug=category_address_key(path), category_id=pk) for pk, path in moved.items()],
        update_conflicts=True,
        unique_fields=["old_slug"],
        update_fields=["product", "category"],
    )


def product_address_key(slug: str) -> str:
    """How SlugRedirect names a product's address."""
    return f"products/{slug}"


def category_address_key(path: str) -> str:
    """How SlugRedirect names a category's address."""
    return f"shop/{path}"


class AlreadyReviewedError(ValueError):
    """This person has written about this product before."""


def write_review(product_id: int, *, user: Any, score: int, title: str, body: str) -> Any:
    """Add a review, which a merchandiser approves before anybody sees it.

    Raises AlreadyReviewedError where this person has written about the product, whatever became of it.
    """
    review = get_model("reviews", "ProductReview")
    try:
        with transaction.atomic():
            return review.objects.create(
                product_id=product_id, user=user, score=score, title=title, body=body, status=review.FOR_MODERATION
            )
    except IntegrityError as error:
        # Two forms sent at once: the database's rule decides, not a look before.
        if review.objects.filter(product_id=product_id, user=user).exists():
            raise AlreadyReviewedError(f"product {product_id} has a review by user {user.pk}") from error
        raise
