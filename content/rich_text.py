"""A product named inside running text: stored as `<a linktype="product" id="…">text</a>`, shown with its price."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape, unescape
from typing import Any

from django.utils.html import strip_tags
from wagtail.rich_text import LinkHandler, expand_db_html
from wagtail.rich_text.rewriters import extract_attrs

from shop.http import whole_number
from themes import drawing

A_TAG = re.compile(r"<a\b([^>]*)>(.*?)</a>", re.DOTALL)
PRODUCT_LINK = 'linktype="product"'


def mentioned_ids(source: str) -> Iterator[int]:
    """The numbers of the products that a rich text names."""
    if PRODUCT_LINK not in source:
        return
    for match in A_TAG.finditer(source):
        attrs = extract_attrs(match[1])
        if attrs.get("linktype") == "product" and (number := whole_number(attrs.get("id"))):
            yield number


def render_prose(source: str, products: Any = None) -> str:
    """Stored rich text as a page shows it. A product that is gone leaves its words, as plain text."""

    def replace(match: re.Match[str]) -> str:
        attrs = extract_attrs(match[1])
        if attrs.get("linktype") != "product":
            return match[0]
        number = whole_number(attrs.get("id"))
        card = products.card(number) if products is not None and number else None
        if card is None:
            return match[2]
        return str(drawing.mention(card, unescape(strip_tags(match[2]))))

    if PRODUCT_LINK in source:
        source = A_TAG.sub(replace, source)
    return expand_db_html(source)


class ProductLinkHandler(LinkHandler):
    """For rich text outside a page's blocks: a plain link to the product, without a price."""

    identifier = "product"

    @staticmethod
    def get_model() -> Any:
        """What is linked to."""
        from shop.catalogue.models import Product

        return Product

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict[str, str]]) -> list[str]:
        """One query for all links; a product that is gone or not public gives an anchor that leads nowhere."""
        numbers = [whole_number(attrs.get("id")) for attrs in attrs_list]
        products = cls.get_model().objects.select_related("parent").in_bulk([number for number in numbers if number])
        tags = []
        for number in numbers:
            product = products.get(number) if number else None
            if product is None or not product.is_public or (product.parent and not product.parent.is_public):
                tags.append("<a>")
            else:
                tags.append(f'<a href="{escape(product.get_absolute_url())}">')
        return tags

    @classmethod
    def expand_db_attributes(cls, attrs: dict[str, str]) -> str:
        """One link."""
        return cls.expand_db_attributes_many([attrs])[0]

    @classmethod
    def extract_references(cls, attrs: dict[str, str]) -> Iterator[tuple[Any, str, str, str]]:
        """Let usage show the page that names the product."""
        if whole_number(attrs.get("id")):
            yield cls.get_model(), attrs["id"], "", ""


def product_link_element() -> Any:
    """How stored links become entities of the editor; made late, since Wagtail's editor needs the apps."""
    from wagtail.admin.rich_text.converters.html_to_contentstate import LinkElementHandler

    class ProductLinkElementHandler(LinkElementHandler):
        """Keeps the number and says what it stands for, also where the product is gone."""

        def get_attribute_data(self, attrs: dict[str, str]) -> dict[str, Any]:
            from content.naming import describe

            return {"id": attrs.get("id"), "title": describe(ProductLinkHandler.get_model(), attrs.get("id"))}

    return ProductLinkElementHandler("PRODUCT")


def product_entity(props: dict[str, Any]) -> Any:
    """How an entity of the editor is stored."""
    from draftjs_exporter.dom import DOM

    return DOM.create_element("a", {"linktype": "product", "id": props.get("id")}, props["children"])
