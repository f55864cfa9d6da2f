"""One contract for every block that shows a product: the page, its preview and the product page say the same."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client, RequestFactory

from content.models import StoryPage
from search.operations import rebuild
from shop.catalogue.models import Product
from shop.catalogue.selectors import product_cards
from shop.outbox.operations import drain_all
from shop.partner.models import StockRecord
from tests.factories import make_category, make_market, make_product
from themes.formats import money

from .pages import block, image, items, story


def _text(pk: int) -> dict[str, Any]:
    return {"text": f'<p>See the <a linktype="product" id="{pk}">named thing</a> here.</p>'}


BLOCKS: dict[str, Callable[[int], dict[str, Any]]] = {
    "text": _text,
    "callout": lambda pk: {"kind": "info", **_text(pk), "link_text": "", "link": None},
    "faq": lambda pk: {"title": "", "questions": items({"question": "Which?", "answer": _text(pk)["text"]})},
    "product": lambda pk: {"product": pk, "note": "Because", "style": "margin"},
    "product panel": lambda pk: {"product": pk, "note": "Because", "style": "panel"},
    "product_grid": lambda pk: {"title": "Grid", "note": "", "products": items(pk), "row": False},
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
        "products": items({"product": pk, "pick": True}, {"product": make_product("Other thing").pk, "pick": False}),
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
    return story([block(name.split()[0], BLOCKS[name](pk))], title=f"Story of {name}")


def preview(page: StoryPage, client: Client, country: str = "GB") -> str:
    """The page as Wagtail's preview makes it."""
    request = RequestFactory().get("/", HTTP_HOST="localhost", HTTP_COOKIE=f"country={country}")
    response = page.make_preview_request(original_request=request, preview_mode=page.default_preview_mode)
    assert response.status_code == 200
    return response.content.decode()


def main_of(html: str) -> str:
    return html.split('<main id="main"', 1)[1].split("</main>", 1)[0]


def both(page: StoryPage, client: Client, country: str = "GB") -> tuple[str, str]:
    """The published page and the preview, without header and footer."""
    client.cookies["country"] = country
    response = client.get(page.url)
    assert response.status_code == 200
    return main_of(response.content.decode()), main_of(preview(page, client, country))


def shown_price(pk: int, country: str = "GB") -> str:
    card = product_cards([pk], market=make_market(country))[pk]
    assert card.price is not None
    return money(card.price.now, card.price.currency)


pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", BLOCKS)
def test_a_repriced_product_has_its_new_price_at_once(name: str, client: Client) -> None:
    product = make_product("Ember bowl", price="28.00")
    page = page_with(name, product.pk)
    assert all("£28" in html for html in both(page, client))
    StockRecord.objects.filter(product=product).update(price=Decimal("31.50"))
    published, previewed = both(page, client)
    detail = client.get(f"/products/{product.slug}/").content.decode()
    for html in (published, previewed):
        assert "£31.50" in html
        assert "£28" not in html
    assert detail == "" or "£31.50" in detail or "product" not in detail


@pytest.mark.parametrize("name", BLOCKS)
def test_a_sold_out_product_is_named_and_cannot_be_bought(name: str, client: Client) -> None:
    product = make_product("Ember bowl", price="28.00", stock=0)
    page = page_with(name, product.pk)
    for html in both(page, client):
        assert f"/products/{product.slug}/" in html or name == "buy_all"
        assert f'value="{product.pk}"' not in html
        if name != "lookbook":
            assert "sold out" in html.lower()


@pytest.mark.parametrize("name", BLOCKS)
@pytest.mark.parametrize("fate", ["deleted", "unpublished"])
def test_a_product_that_is_gone_leaves_a_page_that_reads_on(name: str, fate: str, client: Client) -> None:
    product = make_product("Ember bowl", price="28.00", slug="ember-bowl")
    page = page_with(name, product.pk)
    if fate == "deleted":
        product.delete()
    else:
        Product.objects.filter(pk=product.pk).update(is_public=False)
    for html in both(page, client):
        assert "Ember bowl" not in html
        assert "/products/ember-bowl/" not in html
        assert "None" not in html
        assert "£28" not in html
        if "named thing" in str(BLOCKS[name](1)):
            assert "named thing" in html


@pytest.mark.parametrize("name", BLOCKS)
def test_a_variant_leads_to_its_parent_with_itself_chosen(name: str, client: Client) -> None:
    parent = make_product(
        "River mug", variants=[{"title": "Rust", "price": "22.00"}, {"title": "Fern", "price": "24.00"}]
    )
    child = parent.children.get(title="Fern")
    page = page_with(name, child.pk)
    for html in both(page, client):
        assert "£24" in html
        assert "£22" not in html
        if name != "buy_all":
            assert f"/products/{parent.slug}/?variant={child.pk}" in html


@pytest.mark.parametrize("name", BLOCKS)
def test_a_visitor_from_elsewhere_pays_his_own_tax(name: str, client: Client) -> None:
    product = make_product("Ember bowl", price="28.00")
    page = page_with(name, product.pk)
    price = shown_price(product.pk, "DE")
    assert price != shown_price(product.pk)
    for html in both(page, client, "DE"):
        assert price in html
        assert "£28" not in html


@pytest.mark.parametrize(
    "rule",
    [{"on_sale": True}, {"new": True}, {"order": "best-selling"}, {"category": "category"}, {"in_stock": True}],
    ids=lambda rule: next(iter(rule)),
)
def test_a_rule_shows_what_fits_it_today(rule: dict[str, Any], client: Client) -> None:
    bowl = make_product("Ember bowl", price="28.00", compare_at="35.00", categories=["Bowls"])
    raw = {"title": "Rule", "order": "newest", "limit": 4, **rule}
    if "category" in raw:
        raw["category"] = make_category("Bowls").pk
    page = story([block("rule_grid", raw)])
    drain_all()
    for _ in rebuild():
        pass
    for html in both(page, client):
        assert "Ember bowl" in html
        assert "£28" in html
    Product.objects.filter(pk=bowl.pk).update(is_public=False)
    for html in both(page, client):
        assert "Ember bowl" not in html


def test_a_panel_offers_the_variants_to_choose_from(client: Client) -> None:
    parent = make_product(
        "River mug", variants=[{"title": "Rust", "price": "22.00"}, {"title": "Fern", "price": "24.00", "stock": 0}]
    )
    rust, fern = parent.children.order_by("pk")
    page = page_with("add_to_basket", parent.pk)
    for html in both(page, client):
        assert f'name="product" value="{rust.pk}"' in html
        assert "£22" in html
        assert f'value="{fern.pk}" required data-variant data-unavailable' in html


def test_what_is_compared_loses_the_values_of_what_is_gone(client: Client) -> None:
    product = make_product("Ember bowl")
    page = page_with("comparison", product.pk)
    product.delete()
    for html in both(page, client):
        assert "Soup" not in html
        assert "Bread" in html


def test_an_unknown_block_is_not_shown_and_not_lost(client: Client) -> None:
    product = make_product("Ember bowl")
    lost = {"type": "carousel", "value": {"slides": [1, 2]}, "id": "00000000-0000-4000-8000-000000000077"}
    page = story([block("product_grid", BLOCKS["product_grid"](product.pk)), lost])
    for html in both(page, client):
        assert "Ember bowl" in html
        assert "carousel" not in html
    page = StoryPage.objects.get(pk=page.pk)
    page.save_revision().publish()
    page = StoryPage.objects.get(pk=page.pk)
    stored = page.body.stream_block.get_prep_value(page.body)
    assert stored[1] == lost
    # What the editor's form sends back is kept as well.
    stream = page.body.stream_block
    unknown = stream.child_blocks["unknown"]
    state = unknown.get_form_state(page.body[1].value)
    assert unknown.value_from_form(state) == {"type": "carousel", "value": {"slides": [1, 2]}}


def test_pages_that_use_a_product_are_found_in_its_usage() -> None:
    from wagtail.models import ReferenceIndex

    product = make_product("Ember bowl")
    pages = set()
    for name in BLOCKS:
        page = page_with(name, product.pk)
        # What a task does after each save.
        ReferenceIndex.create_or_update_for_object(page)
        pages.add(page.pk)
    used = {int(row.object_id) for row in ReferenceIndex.get_references_to(product)}
    assert pages <= used
