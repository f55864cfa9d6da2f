"""How products are named where variants of one stand beside each other."""

from __future__ import annotations

from collections.abc import Iterable

from shop.catalogue.models import Product
from shop.catalogue.selectors import option_texts


def names_of(products: Iterable[Product]) -> dict[int, str]:
    """Each product's title by id, a variant's with its options: "Mug, Large". One query where there are variants.

    A variant's parent should be loaded with it.
    """
    held = list(products)
    options = option_texts([product.pk for product in held if product.is_child])
    return {product.pk: ", ".join(filter(None, [product.get_title(), options.get(product.pk)])) for product in held}
