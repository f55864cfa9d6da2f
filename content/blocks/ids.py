"""Blocks whose value is the number of a product, category or brand.

Wagtail's own chooser blocks load the thing itself while the page is read, one query a kind of block, and turn a deleted
one into None, so that saving the page forgets what stood there. These keep the number: the page loads all its
products at once (content/selectors.py), and a deleted product can still be named in the editor.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.apps import apps
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.telepath import register
from wagtail.blocks import FieldBlock, ListBlock
from wagtail.blocks.list_block import ListBlockAdapter

from .compared import ComparedByWords


class WithOurScript:
    """For a block's adapter: what the editor needs for the blocks of this room, after Wagtail's own script."""

    @property
    def media(self) -> forms.Media:
        """Wagtail's script, then ours."""
        media: forms.Media = super().media  # type: ignore[misc]
        return media + forms.Media(js=["content/blocks.js"])


class IdBlock(ComparedByWords, FieldBlock):
    """Choose one row of `target`; the value is its primary key."""

    target = ""

    def __init__(self, required: bool = True, help_text: Any = None, **kwargs: Any) -> None:
        self._required = required
        self._help_text = help_text
        super().__init__(**kwargs)

    @cached_property
    def model_class(self) -> Any:
        """The model that is chosen from."""
        return apps.get_model(self.target)

    @cached_property
    def widget(self) -> Any:
        """The chooser; imported late, since choosers need the models."""
        from content import choosers

        return choosers.widget_for(self.target)

    @cached_property
    def field(self) -> forms.Field:
        """The form field behind the chooser."""
        return forms.IntegerField(
            widget=self.widget, required=self._required, help_text=self._help_text or "", min_value=1
        )

    def to_python(self, value: Any) -> int | None:
        """Numbers stay numbers; anything that is none becomes None."""
        try:
            return int(value) if value else None
        except (TypeError, ValueError):
            return None

    normalize = to_python

    def value_from_form(self, value: Any) -> int | None:
        """What the hidden input holds, as a number."""
        return self.to_python(value)

    def get_form_state(self, value: int | None) -> Any:
        """What the chooser in the editor shows."""
        return self.widget.get_value_data(value)

    def words_for(self, value: int) -> str:
        """The name for editors of what is chosen, also where it is gone."""
        from content.naming import describe

        return describe(self.model_class, value)

    def extract_references(self, value: int | None) -> Iterator[tuple[Any, str, str, str]]:
        """Let Wagtail's reference index know, so that usage shows this page."""
        if value:
            yield self.model_class, str(value), "", ""


class ProductIdBlock(IdBlock):
    """Choose a product, or one of its variants."""

    target = "catalogue.Product"

    class Meta:
        icon = "tag"


class ProductsBlock(ListBlock):
    """A list of products, into which the editor may choose several at once."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(ProductIdBlock(label=_("Product")), **kwargs)


class ProductsBlockAdapter(WithOurScript, ListBlockAdapter):
    """Adds the button that opens the chooser with a tick beside every product."""

    js_constructor = "content.blocks.ProductList"

    def js_args(self, block: Any) -> list[Any]:
        """Give the button its words."""
        args = super().js_args(block)
        args[-1] = {**args[-1], "chooseSeveral": str(_("Choose several products"))}
        return args


register(ProductsBlockAdapter(), ProductsBlock)


class CategoryIdBlock(IdBlock):
    """Choose a category."""

    target = "catalogue.Category"

    class Meta:
        icon = "folder-open-inverse"


class BrandIdBlock(IdBlock):
    """Choose a brand."""

    target = "catalogue.Brand"

    class Meta:
        icon = "tag"


class SavedSearchIdBlock(IdBlock):
    """Choose a saved search."""

    target = "content.SavedSearch"

    class Meta:
        icon = "search"
