"""A choice of the editor's that no visitor reads."""

from __future__ import annotations

from typing import Any

from wagtail import blocks


class Setting(blocks.ChoiceBlock):
    """How a block is laid out: its label is for the editor, so that nobody finds a story by it or reads it in an excerpt."""

    def get_searchable_content(self, value: Any) -> list[str]:
        """Nothing."""
        return []
