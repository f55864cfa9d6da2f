"""Cells that a spreadsheet takes for what they are, and not for a formula: what people are called stands in them."""

from __future__ import annotations

from typing import Any

# What a spreadsheet takes for the beginning of one, full-width signs included.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def cell(value: Any) -> Any:
    """Text that would be a formula, with the sign before it that spreadsheets know for text. A sign alone is none."""
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA) and len(text) > 1 else value
