"""What the contract of the blocks is held with: each block, what may become of a product, and both sides of a page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bs4 import Tag
from django.test import Client, RequestFactory

from content.blocks.body import BodyBlock
from content.models import StoryPage
from search.operations import rebuild
from shop.catalogue.models import Product
from shop.outbox.operations import drain_all
from tests.factories import make_offer, make_product

from .pages import block, image, items, story
from .showing import Facts, check, main_of, of_all_variants, on_product_page, one


def _text(pk: int) -> dict[str, Any]:
    return {"text": f'<p>See the <a linktype="product" id="{pk}">named thing</a> here.</p>'}


BLOCKS: dict[str, Callable[[int], dict[str, Any]]] = {
    "text": _text,
    "callout": lambda pk: {"kind": "info", **_text(pk), "link_text": "", "link": None},
    "faq": lambda pk: {"title": "", "questions": items({"question": "Which?", "answer": _text(pk)["text"]})},
    "product": lambda pk: {"product": pk, "note": "Because", "style": "margin"},
    "product panel": lambda pk: {"product": pk, "note": "Because", "style": "panel"},
    "product_grid": lambda pk: {"title": "Grid", "note": "", "products": items(pk), "row": False},
    "rule_grid": lambda pk: {"title": "Rule", "order": "newest", "limit": 1},
    "recently_viewed": lambda pk: {"title": "Seen before"},
    "add_to_basket": lambda pk: {"product": pk, "title": "", "text": ""},
    "hotspots": lambda pk: {
        "title": "Table",
        "note": "",
        "picture": {"image": image().pk, "alt_text": "A table", "decorative": False},
        "spots": items({"product": pk, "x": 47, "y": 30}),
    },
    "buy_all": lambda pk: {"title": "All", "products": items(pk)},
    "comparison": lambda pk: {
        "title": "Compared",
        "note": "",
        "caption": "Today",
        "products": items(
            {"product": pk, "pick": True}, {"product": make_product("Other thing", price=None).pk, "pick": False}
        ),
        "rows": items({"label": "Best at", "values": items("Soup", "Bread")}),
    },
    "lookbook": lambda pk: {
        "title": "Look",
        "note": "",
        "picture": {"image": image().pk, "alt_text": "A table", "decorative": False},
        "text": "Words",
        "page": None,
        "link_text": "Open",
        "products": items(pk),
    },
}


def page_with(name: str, pk: int) -> StoryPage:
    kind = name if name in BodyBlock.declared_blocks else name.split()[0]
    return story([block(kind, BLOCKS[name](pk))], title=f"Story of {name}")


def preview(page: StoryPage, country: str = "GB") -> str:
    """The page as Wagtail's preview makes it."""
    request = RequestFactory().get("/", HTTP_HOST="localhost", HTTP_COOKIE=f"country={country}")
    response = page.make_preview_request(original_request=request, preview_mode=page.default_preview_mode)
    assert response.status_code == 200
    return response.content.decode()


def both(page: StoryPage, client: Client, country: str = "GB") -> tuple[Tag, Tag]:
    """The published page and the preview, without header and footer."""
    client.cookies["country"] = country
    response = client.get(page.url)
    assert response.status_code == 200
    return main_of(response.content.decode()), main_of(preview(page, country))


def with_fragment(name: str, main: Tag, pk: int, client: Client) -> Tag:
    """What the visitor sees: recently viewed products come as a fragment of their own."""
    if name != "recently_viewed":
        return main
    url = str(one(main, "[data-recent]")["data-recent"])
    fragment = client.get(url, {"ids": pk}).content.decode()
    return main_of(f"<main>{fragment}</main>")


def make_lists() -> None:
    """What the worker does after a change: lists by rule find it."""
    drain_all()
    for _ in rebuild():
        pass


# What may become of a product between writing about it and reading: each makes one that costs £28 at first.
def as_it_was() -> Product:
    return make_product("Ember bowl", price="28.00")


def sold_out() -> Product:
    return make_product("Ember bowl", price="28.00", stock=0)


def nearly_sold_out() -> Product:
    return make_product("Ember bowl", price="28.00", stock=1)


def reduced() -> Product:
    return make_product("Ember bowl", price="28.00", compare_at="35.50", flag="Seconds")


def child_only() -> Product:
    parent = make_product(
        "River mug", variants=[{"title": "Rust", "price": "22.00"}, {"title": "Fern", "price": "28.00", "stock": 0}]
    )
    return parent.children.get(title="Rust")


def parent_of_several() -> Product:
    return make_product(
        "River mug", variants=[{"title": "Rust", "price": "22.00"}, {"title": "Fern", "price": "28.00", "stock": 2}]
    )


def in_offers() -> Product:
    product = make_product("Ember bowl", price="28.00", flag="New")
    make_offer("Seconds week", products=[product])
    make_offer("Ten off the table", products=[product], percent=20, priority=5)
    return product


def in_a_vouchers_offer() -> Product:
    """Nobody has entered the voucher, so nothing of its offer may show."""
    product = make_product("Ember bowl", price="28.00")
    make_offer("Letter readers", products=[product], offer_type="Voucher")
    return product


FATES: dict[str, tuple[Callable[[], Product], str]] = {
    "as it was": (as_it_was, "GB"),
    "sold out": (sold_out, "GB"),
    "nearly sold out": (nearly_sold_out, "GB"),
    "reduced": (reduced, "GB"),
    "child only": (child_only, "GB"),
    "parent": (parent_of_several, "GB"),
    "in offers": (in_offers, "GB"),
    "foreign tax": (as_it_was, "DE"),
    "foreign tax, reduced": (reduced, "IE"),
    "foreign tax, in offers": (in_offers, "DE"),
    "foreign tax, without the voucher": (in_a_vouchers_offer, "DE"),
    "outside tax": (child_only, "US"),
}


def subject_of(name: str, product: Product) -> Product:
    """Lists found by rule or remembered by the browser hold parents, not variants."""
    return product.parent if product.is_child and name in ("rule_grid", "recently_viewed") else product


def product_page(product: Product, client: Client, country: str) -> tuple[Facts, set[str]]:
    """What the product page says to the same visitor."""
    client.cookies["country"] = country
    owner, query = (product.parent, {"variant": product.pk}) if product.is_child else (product, {})
    response = client.get(f"/products/{owner.slug}/", query)
    assert response.status_code == 200
    html = response.content.decode()
    said, asked = on_product_page(html)
    # The page begins with one variant chosen, where a block speaks of all of them.
    return (of_all_variants(html, said) if product.is_parent else said), asked


def compare(name: str, product: Product, page: StoryPage, client: Client, country: str) -> Facts:
    """Page and preview say what the product page says."""
    subject = subject_of(name, product)
    said, asked = product_page(subject, client, country)
    for main in both(page, client, country):
        check(name, with_fragment(name, main, subject.pk, client), subject.pk, said, asked)
    return said
