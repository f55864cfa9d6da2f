"""Blocks that lead to stories and lookbooks."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from .choices import Setting
from .compared import ChosenImageBlock, ChosenPageBlock, NumberBlock
from .ids import ProductsBlock
from .products import ProductAware

GROUP = _("Stories")
KINDS = ["content.StoryPage", "content.LookbookPage"]


class StoriesBlock(ProductAware):
    """Some stories to read: chosen ones, or the newest."""

    title = blocks.CharBlock(label=_("Title"), max_length=120, default=_("From the Journal"))
    stories = blocks.ListBlock(
        ChosenPageBlock(page_type=KINDS, label=_("Story")),
        label=_("Stories"),
        default=[],
        max_num=12,
        help_text=_("Left empty, the newest ones are shown."),
    )
    limit = NumberBlock(label=_("How many of the newest"), default=3, min_value=1, max_value=12)
    layout = Setting(
        label=_("Layout"), choices=[("lead", _("The first one large")), ("thirds", _("Three in a row"))], default="lead"
    )

    def drawn(self, value: Any, products: Any) -> dict[str, Any]:
        """The teasers, from the page's lookup."""
        chosen = [page.pk for page in value["stories"] if page is not None]
        teases = products.teases_of(chosen) if chosen else products.newest(value["limit"] or 3)
        return {"teases": teases, "lead": teases[:1], "rest": teases[1:], "index_url": products.index_url}

    class Meta:
        icon = "doc-full"
        label = _("Stories")
        group = GROUP
        template = "content/blocks/stories.html"
        placement = "section"


class LookbookBlock(ProductAware):
    """The way into a lookbook: one scene, a few words, two of its things."""

    title = blocks.CharBlock(label=_("Title"), max_length=120)
    note = blocks.CharBlock(label=_("Note beside the title"), required=False, max_length=120)
    picture = ChosenImageBlock(label=_("Scene"))
    text = blocks.TextBlock(label=_("Words"), rows=3)
    page = ChosenPageBlock(page_type=KINDS, label=_("Leads to"), required=False)
    link_text = blocks.CharBlock(label=_("Words on the button"), max_length=60, default=_("Open the lookbook"))
    products = ProductsBlock(
        label=_("Its things"),
        default=[],
        max_num=24,
        help_text=_("The first two are shown with their pictures; all count for “from £14, seven things”."),
    )

    def drawn(self, value: Any, products: Any) -> dict[str, Any]:
        """The cards and the lowest of their prices."""
        cards = products.cards_of(value["products"])
        # What is sold out cannot be had from any price.
        prices = [card.price for card in cards if card.price is not None and card.stock.can_buy]
        return {
            "cards": cards,
            "shown": cards[:2],
            "lowest": min(prices, key=lambda price: price.now, default=None),
            "nothing_left": bool(cards) and not any(card.stock.can_buy for card in cards),
        }

    class Meta:
        icon = "image"
        label = _("Lookbook")
        group = GROUP
        template = "content/blocks/lookbook.html"
        placement = "section"
