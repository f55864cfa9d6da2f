"""How a product is named where its variants stand beside each other."""

from __future__ import annotations

from shop.catalogue.models import Product


def options_of(product: Product) -> str:
    """What tells a variant from the others, such as "Large, blue"; nothing of a product without a parent."""
    if not product.is_child:
        return ""
    return ", ".join(str(value.value_as_text) for value in product.attribute_values.all())


def name_of(product: Product) -> str:
    """The title, and a variant's options."""
    options = options_of(product)
    return f"{product.get_title()}, {options}" if options else str(product.get_title())
