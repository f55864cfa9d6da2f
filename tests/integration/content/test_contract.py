"""One contract for every block that shows a product: the page, its preview and the product page say the same."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from wagtail import blocks

from content.blocks.body import BodyBlock, TaleBlock
from content.blocks.ids import ProductIdBlock
from content.blocks.products import RecentlyViewedBlock, RuleGridBlock
from content.models import StoryPage
from shop.catalogue.models import Product
from shop.catalogue.selectors import product_cards
from shop.partner.models import StockRecord
from tests.factories import make_category, make_product

from .contract import (
    BLOCKS,
    FATES,
    both,
    child_only,
    compare,
    make_lists,
    page_with,
    product_page,
    sold_out,
    subject_of,
    with_fragment,
)
from .pages import block, story
from .showing import PLACES, Facts, amounts, check, words

pytestmark = pytest.mark.django_db


def test_every_block_of_products_is_under_contract() -> None:
    def shows_products(part: Any) -> bool:
        if isinstance(part, (ProductIdBlock, blocks.RichTextBlock, RuleGridBlock, RecentlyViewedBlock)):
            return True
        children = [*getattr(part, "child_blocks", {}).values(), getattr(part, "child_block", None)]
        return any(shows_products(child) for child in children if child is not None)

    for body in (BodyBlock(), TaleBlock()):
        missing = {name for name, part in body.child_blocks.items() if shows_products(part)} - set(BLOCKS)
        assert not missing
    assert set(BLOCKS) == set(PLACES)


@pytest.mark.parametrize("fate", FATES)
@pytest.mark.parametrize("name", BLOCKS)
def test_a_block_says_what_the_product_page_says(name: str, fate: str, client: Client) -> None:
    make, country = FATES[fate]
    product = make()
    page = page_with(name, product.pk)
    make_lists()
    said = compare(name, product, page, client, country)
    assert said.price
    assert bool(said.was) is ("reduced" in fate)
    assert said.offers == {
        "in offers": ("New", "Ten off the table: 20% off", "Seconds week: 10% off"),
        "foreign tax, in offers": (
            "New",
            "Ten off the table: 20% off",
            "Seconds week: 10% off",
        ),
        "reduced": ("Seconds",),
        "foreign tax, reduced": ("Seconds",),
    }.get(fate, ())
    assert said.stock == {"sold out": "Sold out", "nearly sold out": "Last few"}.get(fate, "In stock")
    if "tax" in fate and country != "GB":
        assert said.price != product_page(subject_of(name, product), client, "GB")[0].price


@pytest.mark.parametrize("name", BLOCKS)
def test_a_repriced_product_has_its_new_price_at_once(name: str, client: Client) -> None:
    product = make_product("Ember bowl", price="28.00")
    page = page_with(name, product.pk)
    make_lists()
    assert compare(name, product, page, client, "GB").price == "£28"
    StockRecord.objects.filter(product=product).update(price=Decimal("31.50"), compare_at_price=Decimal("40.00"))
    for country, price in (("GB", "£31.50"), ("DE", "£31.24")):
        assert compare(name, product, page, client, country).price == price


@pytest.mark.parametrize("lie", ["price", "was", "stock", "offers"])
@pytest.mark.parametrize("name", BLOCKS)
def test_the_contract_notices_a_block_that_says_otherwise(
    name: str, lie: str, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mutation: the same cards with one fact changed, as a block that worked it out by itself would have them."""
    product = make_product("Ember bowl", price="28.00", compare_at="35.50", stock=1, flag="New")
    page = page_with(name, product.pk)
    make_lists()
    said, asked = product_page(product, client, "GB")

    def lying(ids: Any, **options: Any) -> dict[int, Any]:
        return {pk: told(card, lie) for pk, card in product_cards(ids, **options).items()}

    monkeypatch.setattr("content.selectors.lookup.product_cards", lying)
    monkeypatch.setattr("shop.catalogue.views.product_cards", lying)
    for main in both(page, client):
        shown = with_fragment(name, main, product.pk, client)
        if any(getattr(much(said), lie) for _, much in PLACES[name]):
            with pytest.raises(AssertionError):
                check(name, shown, product.pk, said, asked)
        else:
            check(name, shown, product.pk, said, asked)


def told(card: Any, lie: str) -> Any:
    """The card with one fact changed; a block that does not say this fact is none the wiser."""
    if card.title != "Ember bowl":
        return card
    return {
        "price": lambda: replace(card, price=replace(card.price, now=card.price.now + Decimal("0.01"))),
        "was": lambda: replace(card, price=replace(card.price, was=card.price.was + Decimal("0.01"))),
        "stock": lambda: replace(card, stock=replace(card.stock, state="in")),
        "offers": lambda: replace(card, offers=("Everything must go",)),
    }[lie]()


@pytest.mark.parametrize("fate", ["deleted", "unpublished", "parent unpublished", "child deleted"])
@pytest.mark.parametrize("name", BLOCKS)
def test_a_product_that_is_gone_leaves_a_page_that_reads_on(name: str, fate: str, client: Client) -> None:
    if "parent" in fate or "child" in fate:
        parent = make_product("River mug", variants=[{"title": "Ember bowl", "price": "28.00"}], slug="ember-bowl")
        product = parent.children.get()
        if name in ("rule_grid", "recently_viewed"):
            product, fate = parent, {"child deleted": "deleted"}.get(fate, fate)
    else:
        product = parent = make_product("Ember bowl", price="28.00", slug="ember-bowl")
    page = page_with(name, product.pk)
    make_lists()
    pk = product.pk
    if "deleted" in fate:
        product.delete()
    else:
        Product.objects.filter(pk__in=[pk, parent.pk]).update(is_public=False)
    client.cookies["country"] = "GB"
    if fate != "child deleted":
        assert client.get("/products/ember-bowl/").status_code == 404
    for main in both(page, client):
        shown = with_fragment(name, main, pk, client)
        html = str(shown)
        for read, _ in PLACES[name]:
            left = list(read(shown, pk))
            assert not [fact for fact in left if fact != Facts()], name
        assert not amounts(html)
        for trace in ("Ember bowl", "River mug", "/products/ember-bowl/", "None", f'value="{pk}"'):
            assert trace not in html, trace
        if "named thing" in str(BLOCKS[name](1)):
            assert "named thing" in words(shown)


@pytest.mark.parametrize("name", BLOCKS)
def test_a_sold_out_product_leads_to_its_page_and_cannot_be_bought(name: str, client: Client) -> None:
    product = sold_out()
    page = page_with(name, product.pk)
    make_lists()
    for main in both(page, client):
        html = str(with_fragment(name, main, product.pk, client))
        assert f"/products/{product.slug}/" in html or name == "buy_all"
        assert f'value="{product.pk}"' not in html


@pytest.mark.parametrize("name", BLOCKS)
def test_a_variant_leads_to_its_parent_with_itself_chosen(name: str, client: Client) -> None:
    child = child_only()
    page = page_with(name, child.pk)
    make_lists()
    expected = f"/products/{child.parent.slug}/?variant={child.pk}"
    for main in both(page, client):
        if name not in ("buy_all", "rule_grid", "recently_viewed"):
            assert expected in {str(link["href"]) for link in main.select("a[href]")}


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
    make_lists()
    for html in map(str, both(page, client)):
        assert "Ember bowl" in html
        assert "£28" in html
    Product.objects.filter(pk=bowl.pk).update(is_public=False)
    for html in map(str, both(page, client)):
        assert "Ember bowl" not in html


def test_a_panel_offers_the_variants_to_choose_from(client: Client) -> None:
    parent = make_product(
        "River mug", variants=[{"title": "Rust", "price": "22.00"}, {"title": "Fern", "price": "24.00", "stock": 0}]
    )
    rust, fern = parent.children.order_by("pk")
    page = page_with("add_to_basket", parent.pk)
    for main in both(page, client):
        boxes = main.select('input[name="product"]')
        assert sorted(int(str(box["value"])) for box in boxes) == [rust.pk, fern.pk]
        chosen, sold = sorted(boxes, key=lambda box: int(str(box["value"])))
        assert "data-unavailable" not in chosen.attrs
        assert {"required", "data-variant", "data-unavailable"} <= set(sold.attrs)


def test_what_is_compared_loses_the_values_of_what_is_gone(client: Client) -> None:
    product = make_product("Ember bowl")
    page = page_with("comparison", product.pk)
    product.delete()
    for html in map(str, both(page, client)):
        assert "Soup" not in html
        assert "Bread" in html


def test_an_unknown_block_is_not_shown_and_not_lost(client: Client) -> None:
    product = make_product("Ember bowl")
    lost = {"type": "carousel", "value": {"slides": [1, 2]}, "id": "00000000-0000-4000-8000-000000000077"}
    page = story([block("product_grid", BLOCKS["product_grid"](product.pk)), lost])
    for html in map(str, both(page, client)):
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
    for name in set(BLOCKS) - {"rule_grid", "recently_viewed"}:
        page = page_with(name, product.pk)
        # What a task does after each save.
        ReferenceIndex.create_or_update_for_object(page)
        pages.add(page.pk)
    used = {int(row.object_id) for row in ReferenceIndex.get_references_to(product)}
    assert pages <= used
