"""What a text says, and how long it takes to read."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil
from typing import Any

from wagtail.blocks import ListBlock, StreamBlock, StructBlock
from wagtail.images.blocks import ImageBlock

WORDS_A_MINUTE = 220


def plain_words(body: Any) -> str:
    """What visitors see in `body` (a StreamValue), without marks, one blank between words."""
    texts = _texts(body.stream_block, body) if body else ()
    return " ".join(" ".join(texts).split())


def _texts(block: Any, value: Any) -> Iterator[str]:
    """The texts of a block, in their order. Wagtail's own blocks say "None" where a line was left out or is newer than the page."""
    if value is None:
        return
    if isinstance(block, ImageBlock):
        yield value.contextual_alt_text or ""
    elif isinstance(block, StreamBlock):
        for child in value:
            yield from _texts(child.block, child.value)
    elif isinstance(block, ListBlock):
        for item in value:
            yield from _texts(block.child_block, item)
    elif isinstance(block, StructBlock):
        for name, child in block.child_blocks.items():
            yield from _texts(child, value.get(name, child.get_default()))
    else:
        yield from map(str, block.get_searchable_content(value))


def reading_minutes(*texts: str) -> int:
    """Whole minutes, at least one, for texts of plain words."""
    return max(1, ceil(sum(len(text.split()) for text in texts) / WORDS_A_MINUTE))
