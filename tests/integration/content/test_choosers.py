"""Choosing products in Wagtail."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.admin.telepath import JSContext

from content.blocks.body import BodyBlock
from content.blocks.ids import CategoryIdBlock, ProductIdBlock
from content.naming import describe
from shop.catalogue.models import Product
from tests.factories import make_category, make_product


def test_the_chooser_shows_price_and_stock_and_searches(marketer: Client, django_assert_max_num_queries: Any) -> None:
    bowl = make_product("Ember bowl", price="28.00", sku="EB-1", picture=True)
    make_product("River mug", price="22.00", stock=0)
    for number in range(15):
        make_product(f"Thing {number}", price="5.00")
    url = reverse("product_chooser:choose")
    with django_assert_max_num_queries(25):
        html = json.loads(marketer.get(url).content)["html"]
    assert "£22" in html
    assert "Sold out" in html
    for query in ("ember", "bowl ember", "EB-1"):
        found = marketer.get(reverse("product_chooser:choose_results"), {"q": query}).content.decode()
        assert "Ember bowl" in found, query
        assert "River mug" not in found, query
    assert reverse("product_chooser:chosen", args=[bowl.pk]) in html


def test_the_chooser_narrows_by_category_and_takes_variants(marketer: Client) -> None:
    table = make_category("For the table > Mugs")
    mug = make_product("River mug", categories=[table], variants=[{"title": "Rust"}, {"title": "Fern"}])
    make_product("Cook’s knife")
    found = marketer.get(
        reverse("product_chooser:choose_results"), {"category": make_category("For the table").pk}
    ).content.decode()
    assert "River mug" in found
    assert "River mug: Rust" in found
    assert "knife" not in found
    child = mug.children.first()
    chosen = json.loads(marketer.get(reverse("product_chooser:chosen", args=[child.pk])).content)
    assert chosen["result"]["id"] == str(child.pk)
    assert "River mug" in chosen["result"]["title"]


def test_several_products_are_chosen_at_once(marketer: Client) -> None:
    ids = [make_product(f"Thing {n}").pk for n in range(3)]
    url = reverse("product_chooser:chosen_multiple")
    answer = json.loads(marketer.get(url, {"id": ids, "multiple": "1"}).content)
    assert [int(item["id"]) for item in answer["result"]] == ids


def test_lists_of_products_take_several_at_once_and_bodies_offer_no_lost_kinds(marketer: Client) -> None:
    """What the editor's script works with; the browser test presses the button."""
    context = JSContext()
    packed = json.dumps(context.pack(BodyBlock()))
    assert packed.count("content.blocks.ProductList") == 3
    assert "Choose several products" in packed
    assert '"keptBlock": "unknown"' in packed
    assert "content/blocks.js" in str(context.media)
    html = json.loads(marketer.get(reverse("product_chooser:choose"), {"multiple": "1"}).content)["html"]
    assert "Confirm selection" in html


@pytest.mark.django_db
def test_a_deleted_product_is_named_as_deleted() -> None:
    product = make_product("Ember bowl")
    block = ProductIdBlock()
    block.set_name("product")
    assert "Ember bowl" in block.get_form_state(product.pk)["title"]
    number = product.pk
    product.delete()
    state = block.get_form_state(number)
    assert state["id"] == number
    assert str(number) in state["title"]
    assert "Deleted" in state["title"]
    assert block.clean(number) == number
    assert "Deleted" in describe(Product, number)


@pytest.mark.django_db
def test_an_unpublished_product_is_named_as_such() -> None:
    product = make_product("Ember bowl", is_public=False)
    assert "not published" in describe(Product, product.pk)


@pytest.mark.parametrize("name", ["category_chooser", "brand_chooser", "saved_search_chooser"])
def test_the_other_choosers_open_and_search(marketer: Client, name: str) -> None:
    make_category("Linen")
    assert marketer.get(reverse(f"{name}:choose")).status_code == 200
    assert marketer.get(reverse(f"{name}:choose_results"), {"q": "linen"}).status_code == 200


COLOURS = [{"attributes": {"Glaze": name, "Made in": "Sheffield"}, "sku": f"SP-{name}"} for name in ("Soot", "Fern")]


def test_variants_are_told_apart_and_stand_below_their_product(
    marketer: Client, django_assert_max_num_queries: Any
) -> None:
    plates = make_product("Supper plates", variants=COLOURS)
    make_product("Later thing")
    with django_assert_max_num_queries(25):
        html = marketer.get(reverse("product_chooser:choose_results"), {"q": "supper"}).content.decode()
    places = [
        html.index(name)
        for name in ("Supper plates (2 variants)", "Supper plates: Soot (SP-Soot)", "Supper plates: Fern (SP-Fern)")
    ]
    assert places == sorted(places)
    assert "Sheffield" not in html
    whole = marketer.get(reverse("product_chooser:choose_results")).content.decode()
    assert whole.index("Later thing") < whole.index("Supper plates (2 variants)") < whole.index("Soot")
    child = plates.children.earliest("pk")
    answer = json.loads(marketer.get(reverse("product_chooser:chosen", args=[child.pk])).content)
    assert answer["result"]["title"] == "Supper plates: Soot (SP-Soot)"
    assert ProductIdBlock().get_form_state(child.pk)["title"] == "Supper plates: Soot (SP-Soot)"


@pytest.mark.django_db
def test_a_variant_is_called_by_its_options_and_not_by_what_all_share() -> None:
    plates = make_product("Supper plates", variants=COLOURS, attributes={"Material": "Stoneware"})
    assert [str(child) for child in plates.children.order_by("pk")] == ["Supper plates (Soot)", "Supper plates (Fern)"]
    assert "Material: Stoneware" in plates.attribute_summary
    alone = make_product("Jug", variants=[{"attributes": {"Made in": "Sheffield"}}])
    assert str(alone.children.get()) == "Jug (Sheffield)"


@pytest.mark.django_db
def test_what_was_deleted_is_still_called_by_its_name() -> None:
    plates, category = make_product("Supper plates", variants=COLOURS), make_category("Linen")
    child, number = plates.children.earliest("pk"), category.pk
    plates.delete()
    category.delete()
    assert describe(Product, child.pk) == f"Deleted: “Supper plates (Soot)” (no. {child.pk})"
    title = CategoryIdBlock().get_form_state(number)["title"]
    assert title == f"Deleted: “Linen” (no. {number}): choose another, or leave it out"
    assert describe(Product, 999_999) == "Deleted, no. 999999"
