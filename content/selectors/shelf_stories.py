"""The published stories of products and categories."""

from __future__ import annotations

from typing import Any

from content.models.shelf_stories import CategoryStory, ProductStory


def product_story(product_id: int, language: str) -> ProductStory | None:
    """The live story of a product in a language."""
    return _live(ProductStory.objects.filter(product_id=product_id), language)


def category_story(category_id: int, language: str) -> CategoryStory | None:
    """The live story of a category in a language."""
    return _live(CategoryStory.objects.filter(category_id=category_id), language)


def has_story(product_id: int) -> ProductStory | None:
    """A product's story in any language, live or not: for the dashboard."""
    return ProductStory.objects.filter(product_id=product_id).order_by("locale_id").first()


def _live(stories: Any, language: str) -> Any:
    return stories.filter(live=True, locale__language_code=language).first()
