"""The published stories of products and categories."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from content.models.shelf_stories import CategoryStory, ProductStory
from shop.prepared import Prepared


def product_story(product_id: int, language: str) -> ProductStory | None:
    """The live story of a product in a language. One query where there is none, as for most products."""
    return _live(ProductStory, OF_PRODUCT.run(ids=[product_id], language=language))


def category_story(category_id: int, language: str) -> CategoryStory | None:
    """The live story of a category in a language. One query where there is none."""
    return _live(CategoryStory, OF_CATEGORY.run(ids=[category_id], language=language))


def has_story(product_id: int) -> ProductStory | None:
    """A product's story in any language, live or not: for the dashboard."""
    return ProductStory.objects.filter(product_id=product_id).order_by("locale_id").first()


def _of_product(ids: list[int], language: str) -> QuerySet[Any, Any]:
    return ProductStory.objects.filter(product__in=ids, live=True, locale__language_code=language).values_list("pk")


def _of_category(ids: list[int], language: str) -> QuerySet[Any, Any]:
    return CategoryStory.objects.filter(category__in=ids, live=True, locale__language_code=language).values_list("pk")


OF_PRODUCT = Prepared(_of_product, lists=("ids",), texts=("language",))
OF_CATEGORY = Prepared(_of_category, lists=("ids",), texts=("language",))


def _live(kind: Any, found: list[Any]) -> Any:
    return kind.objects.filter(pk=found[0].pk).first() if found else None
