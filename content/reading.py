"""How long a text takes to read."""

from __future__ import annotations

from math import ceil
from typing import Any

WORDS_A_MINUTE = 220


def plain_words(body: Any) -> str:
    """What visitors see in `body` (a StreamValue), without marks, one blank between words."""
    texts = body.stream_block.get_searchable_content(body) if body else ()
    return " ".join(" ".join(str(text) for text in texts).split())


def reading_minutes(*texts: str) -> int:
    """Whole minutes, at least one, for texts of plain words."""
    return max(1, ceil(sum(len(text.split()) for text in texts) / WORDS_A_MINUTE))
