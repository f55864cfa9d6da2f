"""Reads of the content room."""

from .lookup import ProductLookup, lookup_of, page_products
from .shelf_stories import category_story, has_story, product_story
from .teases import (
    Cover,
    Tease,
    TopicLink,
    cover_of,
    next_stories,
    stories_about,
    stories_below,
    teases_of,
    topics_of,
    with_pictures,
)

__all__ = [
    "Cover",
    "ProductLookup",
    "Tease",
    "TopicLink",
    "category_story",
    "cover_of",
    "has_story",
    "lookup_of",
    "next_stories",
    "page_products",
    "product_story",
    "stories_about",
    "stories_below",
    "teases_of",
    "topics_of",
    "with_pictures",
]
