"""Rules of grids and saved searches; and how many queries they take."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from content.models import SavedSearch
from content.rules import ProductRule
from content.saved_searches import parse_address
from content.selectors.rules import query_of
from search.operations import rebuild
from tests.factories import make_brand, make_category, make_product

from .pages import block, image, story

pytestmark = pytest.mark.django_db


def listed() -> None:
    for _ in rebuild():
        pass


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("/search/?q=bowl", ""),
        ("https://shop.example/de/search/?q=bowl", ""),
        ("/shop/table/bowls/?brand=harrow", "table/bowls"),
        ("/shop/", ""),
    ],
)
def test_addresses_of_lists_are_understood(address: str, path: str) -> None:
    parsed = parse_address(address)
    assert parsed is not None
    assert parsed.path == path


@pytest.mark.parametrize("address", ["/basket/", "bowl", "https://elsewhere.example/", ""])
def test_other_addresses_are_refused(address: str) -> None:
    with pytest.raises(ValidationError):
        SavedSearch(name="A", address=address).full_clean()


def test_a_saved_search_asks_what_its_list_asks() -> None:
    table = make_category("Table")
    bowls = make_category("Table > Bowls")
    saved = SavedSearch.objects.create(name="Bowls", address="/shop/table/bowls/?on_sale=1&brand=harrow-pottery&min=5")
    query = query_of(ProductRule(saved_search_id=saved.pk, limit=6))
    assert query is not None
    assert query.category_id == bowls.pk != table.pk
    assert query.on_sale
    assert query.facets["brand"] == ("harrow-pottery",)
    assert query.page_size == 6


@pytest.mark.parametrize("rule", [ProductRule(saved_search_id=99), ProductRule(brand_id=99)])
def test_a_rule_about_something_that_is_gone_shows_nothing(rule: ProductRule) -> None:
    assert query_of(rule) is None


def test_a_rule_by_brand_and_sale(client: Client) -> None:
    harrow, calder = make_brand("Harrow Pottery"), make_brand("Ines Calder")
    make_product("Ember bowl", brand=harrow, price="28.00", compare_at="35.00")
    make_product("Full price bowl", brand=harrow, price="28.00")
    make_product("Calder bowl", brand=calder, price="28.00", compare_at="35.00")
    listed()
    page = story(
        [block("rule_grid", {"title": "Sale", "brand": harrow.pk, "on_sale": True, "order": "price", "limit": 8})]
    )
    html = client.get(page.url).content.decode()
    assert "Ember bowl" in html
    assert "Full price bowl" not in html
    assert "Calder bowl" not in html


def test_a_story_with_three_rules_of_24_needs_few_queries(client: Client, django_assert_max_num_queries: Any) -> None:
    category = make_category("Table")
    for number in range(30):
        make_product(f"Thing {number}", price=f"{10 + number}.00", compare_at="90.00", categories=[category])
    listed()
    grids = [
        block("rule_grid", {"title": "A", "order": "newest", "limit": 24}, 1),
        block("rule_grid", {"title": "B", "on_sale": True, "order": "price", "limit": 24}, 2),
        block("rule_grid", {"title": "C", "order": "-price", "limit": 24}, 3),
        # The same as the first: asked once.
        block("rule_grid", {"title": "D", "order": "newest", "limit": 24}, 4),
    ]
    page = story(grids, lead_picture=image())
    client.get(page.url)
    with django_assert_max_num_queries(14):
        html = client.get(page.url).content.decode()
    assert html.count('class="card"') == 96
