"""Reads of the catalogue. Whatever a visitor sees of a product anywhere comes from here."""

from .addresses import Found, find_by_slug, find_category
from .cards import option_texts, product_cards
from .detail import product_detail
from .options import resolve_variant

__all__ = [
    "Found",
    "find_by_slug",
    "find_category",
    "option_texts",
    "product_cards",
    "product_detail",
    "resolve_variant",
]
