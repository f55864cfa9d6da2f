"""The body of a page: a stream of blocks, laid out as text, sections and panels."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.telepath import register
from wagtail.blocks.stream_block import StreamBlockAdapter

from . import media as pictures
from . import products as shop
from . import stories as reading
from . import text as words
from .ids import WithOurScript

UNKNOWN = "unknown"


class UnknownBlock(blocks.FieldBlock):
    """What a body holds of a block type that no longer exists: shown to nobody, kept word for word.

    Wagtail itself drops such blocks while it reads the page, and saving the page would lose them for good.
    """

    def __init__(self, **kwargs: Any) -> None:
        self.field = forms.CharField(
            required=False, widget=forms.Textarea(attrs={"readonly": True, "rows": 4}), help_text=_("Not shown; kept.")
        )
        super().__init__(**kwargs)

    def value_for_form(self, value: Any) -> str:
        """The raw data, readable."""
        return json.dumps(value, ensure_ascii=False, indent=1)

    def value_from_form(self, value: Any) -> Any:
        """The raw data back from its text; text that cannot be read stays text."""
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            return {"type": UNKNOWN, "value": value}

    def render(self, value: Any, context: Any = None) -> str:
        """Nothing: there is no template for it any more."""
        return ""

    def get_searchable_content(self, value: Any) -> list[str]:
        """Nobody should find what nobody sees."""
        return []

    class Meta:
        icon = "warning"
        label = _("A kind of block that no longer exists")
        group = _("Kept from before")
        placement = "none"
        default: Any = None


@dataclass(slots=True)
class Run:
    """Neighbouring blocks that are laid out together: `prose`, `panels`, or one `section` or `band`."""

    kind: str
    blocks: list[Any] = field(default_factory=list)


def runs_of(children: Iterable[Any]) -> list[Run]:
    """Group a stream's blocks: text flows in one column, up to two panels stand side by side, sections stand alone."""
    runs: list[Run] = []
    for child in children:
        kind = placement_of(child)
        if kind == "none":
            continue
        last = runs[-1] if runs else None
        if last is not None and last.kind == kind and (kind == "prose" or (kind == "panel" and len(last.blocks) < 2)):
            last.blocks.append(child)
        else:
            runs.append(Run(kind, [child]))
    return runs


def placement_of(child: Any) -> str:
    """Where a block stands; a picture may choose to be as wide as the page."""
    if child.block_type == "picture" and child.value["width"] == "page":
        return "section"
    return getattr(child.block.meta, "placement", "section")


class KeepingStreamBlock(blocks.StreamBlock):
    """A stream that keeps blocks whose type no longer exists, and lays its blocks out in runs."""

    unknown = UnknownBlock()

    def to_python(self, value: Any) -> Any:
        """Wrap blocks of unknown types instead of dropping them."""
        if isinstance(value, str) and value:
            try:
                value = json.loads(value)
            except ValueError:
                return self.empty_value(raw_text=value)
        if isinstance(value, list) and value and isinstance(value[0], dict):
            value = [self._wrap(child) for child in value]
        return super().to_python(value)

    def _wrap(self, child: dict[str, Any]) -> dict[str, Any]:
        if child["type"] in self.child_blocks and child["type"] != UNKNOWN:
            return child
        if child["type"] == UNKNOWN and isinstance(child.get("value"), dict) and "type" in child["value"]:
            return child
        wrapped = {"type": UNKNOWN, "value": {"type": child["type"], "value": child.get("value")}}
        return {**wrapped, "id": child["id"]} if child.get("id") else wrapped

    def get_prep_value(self, value: Any) -> Any:
        """Write the unknown blocks back as they were."""
        return [self._unwrap(child) for child in super().get_prep_value(value)]

    def _unwrap(self, child: dict[str, Any]) -> dict[str, Any]:
        if child["type"] != UNKNOWN or not isinstance(child["value"], dict) or "type" not in child["value"]:
            return child
        original = {"type": child["value"]["type"], "value": child["value"].get("value")}
        return {**original, "id": child["id"]} if child.get("id") else original

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        """Add the runs, and the products where the page has not loaded them."""
        context = super().get_context(value, parent_context=parent_context)
        if context.get("products") is None:
            from content.selectors import lookup_of

            context["products"] = lookup_of([(self, value)], context.get("request"))
        context["runs"] = runs_of(value)
        return context


class KeepingStreamBlockAdapter(WithOurScript, StreamBlockAdapter):
    """Offers every block in the editor's menu but the unknown one; those that are there stay."""

    js_constructor = "content.blocks.KeepingStream"

    def js_args(self, block: Any) -> list[Any]:
        """Name the block that the menu leaves out."""
        args = super().js_args(block)
        args[-1] = {**args[-1], "keptBlock": UNKNOWN}
        return args


register(KeepingStreamBlockAdapter(), KeepingStreamBlock)


class BodyBlock(KeepingStreamBlock):
    """Every block that a page may hold."""

    text = words.TextBlock()
    heading = words.HeadingBlock()
    quote = words.QuoteBlock()
    callout = words.CalloutBlock()
    faq = words.FaqBlock()
    newsletter = words.NewsletterBlock()
    picture = pictures.PictureBlock()
    gallery = pictures.GalleryBlock()
    video = pictures.VideoBlock()
    product = shop.ProductBlock()
    product_grid = shop.ProductGridBlock()
    rule_grid = shop.RuleGridBlock()
    category_tiles = shop.CategoryTilesBlock()
    recently_viewed = shop.RecentlyViewedBlock()
    add_to_basket = shop.AddToBasketBlock()
    hotspots = shop.HotspotsBlock()
    buy_all = shop.BuyAllBlock()
    comparison = shop.ComparisonBlock()
    stories = reading.StoriesBlock()
    lookbook = reading.LookbookBlock()

    class Meta:
        template = "content/blocks/body.html"


class TaleBlock(KeepingStreamBlock):
    """What the story of a product or category may hold: the blocks that make sense inside another page."""

    text = words.TextBlock()
    heading = words.HeadingBlock()
    quote = words.QuoteBlock()
    callout = words.CalloutBlock()
    faq = words.FaqBlock()
    picture = pictures.PictureBlock()
    gallery = pictures.GalleryBlock()
    video = pictures.VideoBlock()
    product = shop.ProductBlock()
    product_grid = shop.ProductGridBlock()
    rule_grid = shop.RuleGridBlock()
    hotspots = shop.HotspotsBlock()
    buy_all = shop.BuyAllBlock()
    comparison = shop.ComparisonBlock()

    class Meta:
        template = "content/blocks/body.html"
