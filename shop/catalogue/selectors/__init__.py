"""Reads of the catalogue. Whatever a visitor sees of a product anywhere comes from here."""

from .cards import product_cards

__all__ = ["product_cards"]
