"""Blocks of products. None of them reads a product: the page loads all of them at once and hands them over as
`products`, a content.selectors.ProductLookup (see ProductAware)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError

from content.rules import ORDERS, ProductRule

from .choices import Setting
from .compared import ChosenImageBlock, NumberBlock
from .ids import BrandIdBlock, CategoryIdBlock, ProductIdBlock, ProductsBlock, SavedSearchIdBlock

GROUP = _("Products")
MAX_PRODUCTS = 48


class ProductAware(blocks.StructBlock):
    """A block that shows products from the page's lookup, or from one of its own where it is drawn by itself."""

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        """Make sure that there is a lookup, and add what `drawn` works out from it."""
        context = super().get_context(value, parent_context=parent_context)
        if context.get("products") is None:
            from content.selectors import lookup_of

            context["products"] = lookup_of([(self, value)], context.get("request"))
        context["source"] = source_of(context)
        context.update(self.drawn(value, context["products"]))
        return context

    def drawn(self, value: Any, products: Any) -> dict[str, Any]:
        """What the template needs besides the value."""
        return {}


def source_of(context: Any) -> str:
    """Where a sale comes from: the page's path and the block's id, sent along as `from`."""
    page, block = context.get("page"), context.get("id")
    path = getattr(page, "url_path", "") or ""
    return f"{path}#{block}" if block else path


class ProductBlock(ProductAware):
    """One product, beside the text or as a panel in it."""

    product = ProductIdBlock(label=_("Product"))
    note = blocks.CharBlock(label=_("Why it is here"), required=False, max_length=160)
    style = Setting(
        label=_("Place"), choices=[("margin", _("Beside the text")), ("panel", _("In the text"))], default="margin"
    )

    def drawn(self, value: Any, products: Any) -> dict[str, Any]:
        """The card, or None where the product is gone."""
        return {"product": products.card(value["product"])}

    class Meta:
        icon = "tag"
        label = _("One product")
        group = GROUP
        template = "content/blocks/product.html"
        placement = "prose"


class ProductGridBlock(ProductAware):
    """Products picked by hand, in that order."""

    title = blocks.CharBlock(label=_("Title"), required=False, max_length=120)
    note = blocks.CharBlock(label=_("Note beside the title"), required=False, max_length=120)
    products = ProductsBlock(label=_("Products"), min_num=1, max_num=MAX_PRODUCTS)
    more = CategoryIdBlock(
        label=_("Leads to all of the category"),
        required=False,
        help_text=_("A link beside the title: “All 44 in Bowls”."),
    )
    row = blocks.BooleanBlock(label=_("One row that scrolls on a phone"), required=False)

    def drawn(self, value: Any, products: Any) -> dict[str, Any]:
        """The cards of those products that are there, and the category that the link beside the title leads to."""
        return {"cards": products.cards_of(value["products"]), "more": products.category(value["more"])}

    class Meta:
        icon = "grip"
        label = _("Products picked by hand")
        group = GROUP
        template = "content/blocks/product_grid.html"
        placement = "section"


class RuleGridBlock(ProductAware):
    """Products by a rule: always those that fit it today."""

    title = blocks.CharBlock(label=_("Title"), required=False, max_length=120)
    note = blocks.CharBlock(label=_("Note beside the title"), required=False, max_length=120)
    category = CategoryIdBlock(label=_("In the category"), required=False)
    brand = BrandIdBlock(label=_("Of the brand"), required=False)
    on_sale = blocks.BooleanBlock(label=_("Only reduced ones"), required=False)
    new = blocks.BooleanBlock(label=_("Only new ones"), required=False)
    in_stock = blocks.BooleanBlock(label=_("Only what is in stock"), required=False)
    saved_search = SavedSearchIdBlock(
        label=_("From a saved search"), required=False, help_text=_("The fields above narrow it further.")
    )
    order = Setting(label=_("Order"), choices=ORDERS, default="newest")
    limit = NumberBlock(label=_("How many"), default=8, min_value=1, max_value=MAX_PRODUCTS)
    row = blocks.BooleanBlock(label=_("One row that scrolls on a phone"), required=False)

    def rule(self, value: Any) -> ProductRule:
        """The rule as a value that can be compared, so that equal ones are asked once."""
        return ProductRule(
            category_id=value["category"],
            brand_id=value["brand"],
            on_sale=bool(value["on_sale"]),
            new=bool(value["new"]),
            in_stock=bool(value["in_stock"]),
            saved_search_id=value["saved_search"],
            order=value["order"] or "newest",
            limit=min(value["limit"] or 8, MAX_PRODUCTS),
        )

    def drawn(self, value: Any, products: Any) -> dict[str, Any]:
        """The cards, and where all of them are to be seen."""
        rule = self.rule(value)
        return {"cards": products.cards_by(rule), "more": products.category(value["category"])}

    class Meta:
        icon = "cogs"
        label = _("Products by a rule")
        group = GROUP
        template = "content/blocks/product_grid.html"
        placement = "section"


class CategoryTilesBlock(ProductAware):
    """The way into some categories, with a picture each."""

    title = blocks.CharBlock(label=_("Title"), required=False, max_length=120)
    categories = blocks.ListBlock(CategoryIdBlock(label=_("Category")), label=_("Categories"), min_num=1, max_num=24)

    def drawn(self, value: Any, products: Any) -> dict[str, Any]:
        """The tiles of those categories that are public."""
        return {"tiles": products.categories_of(value["categories"])}

    class Meta:
        icon = "folder-open-inverse"
        label = _("Category tiles")
        group = GROUP
        template = "content/blocks/category_tiles.html"
        placement = "section"


class RecentlyViewedBlock(blocks.StructBlock):
    """What this visitor looked at: a fragment of its own, since the page is the same for everybody."""

    title = blocks.CharBlock(label=_("Title"), max_length=120, default=_("You looked at these"))

    class Meta:
        icon = "history"
        label = _("Recently viewed")
        group = GROUP
        template = "content/blocks/recently_viewed.html"
        placement = "section"


class AddToBasketBlock(ProductAware):
    """A panel to buy one product from, with its variants to choose from."""

    product = ProductIdBlock(label=_("Product"))
    title = blocks.CharBlock(
        label=_("Title"), required=False, max_length=120, help_text=_("The product’s name where it is left empty.")
    )
    text = blocks.TextBlock(label=_("Text"), required=False, rows=2)

    def drawn(self, value: Any, products: Any) -> dict[str, Any]:
        """The card and its variants, with the chosen one first in mind."""
        card = products.card(value["product"])
        return {"product": card, "variants": products.variants_of(card), "chosen": value["product"]}

    class Meta:
        icon = "plus-inverse"
        label = _("Add to basket")
        group = GROUP
        template = "content/blocks/add_to_basket.html"
        placement = "prose"
        with_variants = True


class SpotBlock(blocks.StructBlock):
    """One number on a picture."""

    product = ProductIdBlock(label=_("Product"))
    x = NumberBlock(label=_("From the left, %"), min_value=0, max_value=99)
    y = NumberBlock(label=_("From the top, %"), min_value=0, max_value=99)

    class Meta:
        icon = "crosshairs"
        label = _("Number")


class HotspotsBlock(ProductAware):
    """A picture with numbers on it and the same products as a list under it."""

    title = blocks.CharBlock(label=_("Title"), required=False, max_length=120)
    note = blocks.CharBlock(label=_("Note beside the title"), required=False, max_length=120)
    picture = ChosenImageBlock(label=_("Picture"))
    spots = blocks.ListBlock(SpotBlock(), label=_("Numbers"), min_num=1, max_num=20)

    def drawn(self, value: Any, products: Any) -> dict[str, Any]:
        """The numbers whose products are there, counted anew so that none is missing."""
        placed = [
            {"card": products.card(spot["product"]), "x": spot["x"] or 0, "y": spot["y"] or 0}
            for spot in value["spots"]
        ]
        return {"spots": [spot for spot in placed if spot["card"] is not None]}

    class Meta:
        icon = "crosshairs"
        label = _("Shoppable picture")
        group = GROUP
        template = "content/blocks/hotspots.html"
        placement = "section"


class BuyAllBlock(ProductAware):
    """Several products with a tick each and one button for all of them."""

    title = blocks.CharBlock(label=_("Title"), max_length=120, default=_("Everything in this story"))
    products = ProductsBlock(label=_("Products"), min_num=1, max_num=24)

    def drawn(self, value: Any, products: Any) -> dict[str, Any]:
        """The cards of those that are there."""
        return {"cards": products.cards_of(value["products"])}

    class Meta:
        icon = "clipboard-list"
        label = _("Buy all")
        group = GROUP
        template = "content/blocks/buy_all.html"
        placement = "panel"


class ComparedBlock(blocks.StructBlock):
    """One column of a comparison."""

    product = ProductIdBlock(label=_("Product"))
    pick = blocks.BooleanBlock(label=_("Our pick"), required=False)

    class Meta:
        icon = "tag"
        label = _("Product")


class ComparisonRowBlock(blocks.StructBlock):
    """One line of a comparison."""

    label = blocks.CharBlock(label=_("What"), max_length=60)
    values = blocks.ListBlock(
        blocks.CharBlock(label=_("Value"), max_length=120, required=False),
        label=_("One value a product, in their order"),
    )

    class Meta:
        icon = "list-ul"
        label = _("Line")


class ComparisonBlock(ProductAware):
    """Products side by side. Price, stock and the button come by themselves."""

    title = blocks.CharBlock(label=_("Title"), required=False, max_length=120)
    note = blocks.CharBlock(label=_("Note beside the title"), required=False, max_length=120)
    caption = blocks.CharBlock(label=_("Caption"), max_length=200, default=_("Prices and stock are today’s."))
    products = blocks.ListBlock(ComparedBlock(), label=_("Products"), min_num=2, max_num=6)
    rows = blocks.ListBlock(ComparisonRowBlock(), label=_("Lines"), min_num=0, max_num=20, default=[])

    def clean(self, value: Any) -> Any:
        """Every line must have as many values as there are products, though not yet in a draft."""
        value = super().clean(value)
        if self.is_deferred_validation:
            return value
        columns = len(value["products"])
        for row in value["rows"]:
            if len(row["values"]) != columns:
                raise StructBlockValidationError(
                    non_block_errors=[
                        ValidationError(
                            gettext(
                                "The line “%(label)s” has %(has)d values for %(needs)d products: give one for each."
                            )
                            % {"label": row["label"], "has": len(row["values"]), "needs": columns}
                        )
                    ]
                )
        return value

    def drawn(self, value: Any, products: Any) -> dict[str, Any]:
        """Columns of those products that are there, and lines without the others' values."""
        cards = [products.card(column["product"]) for column in value["products"]]
        kept = [index for index, card in enumerate(cards) if card is not None]
        columns = [{"product": cards[index], "pick": value["products"][index]["pick"]} for index in kept]
        rows = []
        for row in value["rows"]:
            texts = list(row["values"])
            cells = [
                {"text": texts[index] if index < len(texts) else "", "pick": column["pick"]}
                for index, column in zip(kept, columns, strict=True)
            ]
            rows.append({"label": row["label"], "cells": cells})
        return {"columns": columns, "rows": rows}

    class Meta:
        icon = "table"
        label = _("Comparison")
        group = GROUP
        template = "content/blocks/comparison.html"
        placement = "section"
