"""What a page's blocks need, found before anything is drawn."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from wagtail import blocks
from wagtail.images.blocks import ImageBlock, ImageChooserBlock

from content.blocks.ids import CategoryIdBlock, ProductIdBlock
from content.blocks.products import AddToBasketBlock, RuleGridBlock
from content.blocks.stories import StoriesBlock
from content.rich_text import mentioned_ids
from content.rules import ProductRule


@dataclass(slots=True)
class Needs:
    """Numbers of products, categories and pages, rules, and images, each once and in the order of the page."""

    products: dict[int, None] = field(default_factory=dict)
    with_variants: dict[int, None] = field(default_factory=dict)
    categories: dict[int, None] = field(default_factory=dict)
    rules: dict[ProductRule, None] = field(default_factory=dict)
    pages: dict[int, None] = field(default_factory=dict)
    newest: int = 0
    leads_to_journal: bool = False
    images: list[Any] = field(default_factory=list)


def collect(parts: Iterable[tuple[Any, Any]]) -> Needs:
    """Walk blocks with their values, whatever they are nested in."""
    needs = Needs()
    for block, value in parts:
        _walk(block, value, needs)
    return needs


def _walk(block: Any, value: Any, needs: Needs) -> None:
    if value is None:
        return
    if isinstance(block, ProductIdBlock):
        needs.products[value] = None
    elif isinstance(block, CategoryIdBlock):
        needs.categories[value] = None
    elif isinstance(block, blocks.RichTextBlock):
        needs.products.update(dict.fromkeys(mentioned_ids(value.source)))
    elif isinstance(block, (ImageBlock, ImageChooserBlock)):
        needs.images.append(value)
    elif isinstance(block, blocks.PageChooserBlock):
        needs.pages[value.pk] = None
    elif isinstance(block, blocks.BaseStreamBlock):
        for child in value:
            _walk(child.block, child.value, needs)
    elif isinstance(block, blocks.ListBlock):
        for item in value:
            _walk(block.child_block, item, needs)
    elif isinstance(block, blocks.BaseStructBlock):
        _walk_struct(block, value, needs)


def _walk_struct(block: Any, value: Any, needs: Needs) -> None:
    if isinstance(block, RuleGridBlock):
        needs.rules[block.rule(value)] = None
    elif isinstance(block, AddToBasketBlock) and value["product"]:
        needs.with_variants[value["product"]] = None
    elif isinstance(block, StoriesBlock):
        needs.leads_to_journal = True
        if not value["stories"]:
            needs.newest = max(needs.newest, value["limit"] or 3)
    for name, child in block.child_blocks.items():
        _walk(child, value.get(name), needs)
