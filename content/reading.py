"""How long a text takes to read."""

from __future__ import annotations

from math import ceil
from typing import Any

WORDS_A_MINUTE = 220


def plain_words(body: Any) -> str:
    """What visitors see in `body` (a StreamValue), without marks, one blank between words."""
    texts = body.stream_block.get_searchable_content(body) if body else ()
    return " ".join(" ".join(str(text) for text in texts).split())


def reading_minutes(standfirst: str, body: Any) -> int:
    """Whole minutes, at least one, for the words that visitors see in `body` (a StreamValue)."""
    texts = [standfirst, *body.stream_block.get_searchable_content(body)] if body else [standfirst]
    words = sum(len(str(text).split()) for text in texts)
    return max(1, ceil(words / WORDS_A_MINUTE))
