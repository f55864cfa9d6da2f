"""Variants to choose from, for the add-to-basket panel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shop.catalogue.cards import ProductCard, Variant
from shop.catalogue.models import Product
from shop.catalogue.selectors import product_cards
from shop.markets import Market


def variants_by_product(
    ids: Sequence[int], cards: Mapping[int, ProductCard], *, market: Market
) -> dict[int, tuple[Variant, ...]]:
    """The children of those of `ids` that are parents, each with price and stock: two reads, whatever the number."""
    parents = [pk for pk in ids if pk in cards and cards[pk].has_variants]
    if not parents:
        return {}
    children: dict[int, list[int]] = {pk: [] for pk in parents}
    rows = Product.objects.filter(parent__in=parents, is_public=True).order_by("pk").values_list("pk", "parent_id")
    for child, parent in rows:
        children[parent].append(child)
    child_cards = product_cards([pk for group in children.values() for pk in group], market=market)
    return {
        parent: tuple(
            Variant(
                id=card.id,
                sku="",
                title=card.title.removeprefix(f"{cards[parent].title}, "),
                options={},
                price=card.price,
                stock=card.stock,
                picture=card.picture,
            )
            for card in (child_cards[pk] for pk in group if pk in child_cards)
        )
        for parent, group in children.items()
    }
