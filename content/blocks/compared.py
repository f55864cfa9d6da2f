"""Blocks that are more than words, and how two versions of them are compared: by what editors call their values.

Wagtail's own comparison shows "None" for what was left out, stumbles over a picture that is not there, and takes the
address of a film for markup.
"""

from __future__ import annotations

from typing import Any

from django.utils.html import escape
from django.utils.translation import gettext
from wagtail import blocks
from wagtail.admin.compare import BlockComparison, diff_text
from wagtail.images.blocks import ImageBlock


class WordsComparison(BlockComparison):
    """Compares the words that stand for the values; what was left out has none."""

    def words(self, value: Any) -> str:
        """The words for a value."""
        return "" if value in (None, "") else str(self.block.words_for(value))

    def htmlvalue(self, val: Any) -> str:
        """The words alone."""
        return escape(self.words(val))

    def htmldiff(self) -> str:
        """Both, what went crossed out and what came marked."""
        return diff_text(self.words(self.val_a), self.words(self.val_b)).to_html()


class ComparedByWords:
    """Mixin for blocks whose versions are compared as words."""

    def words_for(self, value: Any) -> str:
        """What editors call `value`."""
        return str(value)

    def get_comparison_class(self) -> type[BlockComparison]:
        """Ask `words_for`."""
        return WordsComparison


class ChosenImageBlock(ComparedByWords, ImageBlock):
    """A picture with its alternative text."""

    def words_for(self, value: Any) -> str:
        """The picture's title, and what readers who do not see it are told."""
        if value.decorative:
            return gettext("%(title)s (decorative)") % {"title": value.title}
        return f"{value.title}: {value.contextual_alt_text}" if value.contextual_alt_text else str(value.title)


class ChosenPageBlock(ComparedByWords, blocks.PageChooserBlock):
    """A page, by its title."""


class NumberBlock(ComparedByWords, blocks.IntegerBlock):
    """A whole number."""


class AddressBlock(ComparedByWords, blocks.URLBlock):
    """An address on the web."""
