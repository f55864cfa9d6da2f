"""How long a text takes to read."""

from __future__ import annotations

from math import ceil
from typing import Any

WORDS_A_MINUTE = 220


def reading_minutes(standfirst: str, body: Any) -> int:
    """Whole minutes, at least one, for the words that visitors see in `body` (a StreamValue)."""
    texts = [standfirst, *body.stream_block.get_searchable_content(body)] if body else [standfirst]
    words = sum(len(str(text).split()) for text in texts)
    return max(1, ceil(words / WORDS_A_MINUTE))
