"""List pages over HTTP: what they show, how many queries they cost, and what they do with bad input."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from wagtail.models import Page, Site

from content.models import BrandSettings
from search import operations
from shop.catalogue.models import SlugRedirect
from tests.factories import make_category, make_product

pytestmark = pytest.mark.django_db


def index() -> None:
    for _done in operations.rebuild():
        pass


@pytest.fixture
def shelf() -> None:
    """Thirty mugs of two brands and three glazes in /shop/table/mugs/, and one jug."""
    for number in range(30):
        make_product(
            f"Mug {number:02}",
            price=str(10 + number),
            brand=("Calder", "Harrow")[number % 2],
            categories=["Table > Mugs"],
            attributes={"Glaze": ("Rust", "Fern", "Night")[number % 3]},
        )
    make_product("Field jug", brand="Calder", categories=["Table > Jugs"])
    index()


def html(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status
    return response.content.decode()


def test_a_category_shows_its_products_children_and_filters(client: Client, shelf: None) -> None:
    page = html(client, "/shop/table/")
    assert page.count('class="card"') == 24
    assert "<strong>31 things</strong>" in page
    assert 'href="/shop/table/mugs/"' in page
    assert 'name="glaze" value="fern"' in page
    assert 'rel="next" href="/shop/table/?page=2"' in page
    assert 'rel="canonical" href="http://testserver/shop/table/"' in page


def test_a_filtered_page_has_chips_and_leads_search_engines_to_the_whole(client: Client, shelf: None) -> None:
    page = html(client, "/shop/table/mugs/?brand=calder&glaze=rust&glaze=fern&max=20&page=1")
    assert "<strong>4 things</strong> of 30" in page
    assert 'aria-label="Remove filter: Calder"' in page
    assert 'aria-label="Remove filter: Up to £20"' in page
    assert (
        'href="/shop/table/mugs/?glaze=fern&amp;glaze=rust&amp;max=20"' in page or "glaze=rust&amp;glaze=fern" in page
    )
    assert 'rel="canonical" href="http://testserver/shop/table/mugs/"' in page
    assert 'name="robots" content="noindex, follow"' in page


def test_nothing_left_by_filters_is_a_page_that_helps(client: Client, shelf: None) -> None:
    page = html(client, "/shop/table/?brand=nobody")
    assert "Nothing fits all of that" in page
    assert 'aria-label="Remove filter: nobody"' in page
    assert "What people buy most" in page
    assert 'class="card"' in page


def test_filters_that_leave_nothing_are_named_by_their_words(client: Client, shelf: None) -> None:
    page = html(client, "/shop/table/jugs/?brand=harrow&glaze=rust&glaze=nonsense")
    assert 'aria-label="Remove filter: Harrow"' in page
    assert 'aria-label="Remove filter: Rust"' in page
    assert 'aria-label="Remove filter: nonsense"' in page


def test_numbers_stand_in_their_order_and_a_value_for_each_product_is_no_filter(client: Client) -> None:
    for number in (1000, 120, 800, 120, 800, 1000):
        make_product(categories=["Bowls"], attributes={"Capacity": number})
    for number in (1000, 120, 800):
        make_product(categories=["Pots"], attributes={"Capacity": number})
    index()
    page = html(client, "/shop/bowls/")
    assert re.findall(r'name="capacity" value="(\d+)"', page) == ["120", "800", "1000"]
    assert 'name="capacity"' not in html(client, "/shop/pots/")


def test_an_old_address_leads_to_the_new_one_with_its_query(client: Client, shelf: None) -> None:
    SlugRedirect.objects.create(old_slug="dishes/mugs", category=make_category("Table > Mugs"))
    response = client.get("/shop/dishes/mugs/?brand=calder")
    assert (response.status_code, response["Location"]) == (301, "/shop/table/mugs/?brand=calder")


@pytest.mark.parametrize(
    "path", ["/shop/nowhere/", "/shop/mugs/", "/shop/table/mugs/more/", "/shop/%00/", "/shop/" + "a/" * 40]
)
def test_an_address_of_no_category_is_a_404(client: Client, shelf: None, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_categorys_description_is_markup_without_scripts(client: Client, shelf: None) -> None:
    table = make_category("Table")
    table.description = "<p>Things that <em>pour</em>.</p><script>alert(1)</script>"
    table.save()
    page = html(client, "/shop/table/")
    assert "<em>pour</em>" in page
    assert "alert(1)" not in page


def test_a_hidden_category_is_a_404(client: Client, shelf: None) -> None:
    make_category("Secret", is_public=False)
    assert client.get("/shop/secret/").status_code == 404


@pytest.mark.parametrize(
    ("query", "status", "says"),
    [
        ("page=9999", 404, "This list has 2 pages."),
        ("page=" + "9" * 400, 404, "Go to the last page"),
        ("page=0", 200, "31 things"),
        ("page=-3", 200, "31 things"),
        ("page=abc", 200, "31 things"),
        ("page=²", 200, "31 things"),
        ("min=-5", 200, "“-5” is no price we can filter by"),
        ("min=NaN", 200, "“NaN” is no price we can filter by"),
        ("max=Infinity", 200, "“Infinity” is no price we can filter by"),
        ("max=1e400", 200, "is no price we can filter by"),
        ("max=1e9999999999999", 200, "is no price we can filter by"),
        ("min=<b>", 200, "“&lt;b&gt;” is no price we can filter by"),
        ("min=12,50", 200, "From £12.50"),
        ("min=30&max=20", 200, "the other way round"),
        ("max=0", 200, "Nothing fits all of that"),
        ("glaze=plaid", 200, "Nothing fits all of that"),
        ("glaze=%00", 200, "31 things"),
        ("category=x", 200, "Nothing fits all of that"),
        ("category=99999999999999999999999", 200, "Nothing fits all of that"),
        ("category=²", 200, "Nothing fits all of that"),
        ("&".join(f"glaze=v{n}" for n in range(60)), 200, "we left 20 out"),
        ("utm_source=x&fbclid=y&q=mug", 200, "31 things"),
        ("sort=upwards&size=5000", 200, "31 things"),
        ("size=96", 200, "31 things"),
        ("all=glaze&all=%00&all=nothing", 200, "31 things"),
        ("%FF=%FE&brand=%FF", 200, "Nothing fits all of that"),
        ("brand=" + "a" * 500, 200, "Nothing fits all of that"),
    ],
)
def test_bad_input_gets_the_right_status_and_a_page_that_helps(
    client: Client, shelf: None, query: str, status: int, says: str
) -> None:
    assert says in html(client, f"/shop/?{query}", status)


@pytest.mark.parametrize(
    ("query", "status", "says"),
    [
        ("", 200, "What people buy most"),
        ("q=", 200, "What people buy most"),
        ("q=mug", 200, "<strong>30 things</strong>"),
        ("q=mug&brand=calder", 200, "<strong>15 things</strong>"),
        ("q=mug&page=99", 404, "This list has 2 pages."),
        ("q=mug&page=99", 404, 'href="/search/?q=mug&amp;page=2">Go to the last page'),
        ("q=mug&page=99", 404, 'href="/search/?q=mug">Start at the first'),
        ("q=mug&brand=calder&max=900&page=99", 404, 'href="/search/?q=mug&amp;brand=calder&amp;max=900">Start'),
        ("q=mug+plugh", 200, "<q>plugh</q>"),
        ("q=xyzzy", 200, "We found nothing for that."),
        ("q=xyzzy&brand=calder", 200, "Nothing fits all of that"),
        ("q=%00", 200, "What people buy most"),
        ("q=%22+OR+1%3D1", 200, "We found nothing for that."),
        ("q=" + "mug+" * 100, 200, "Your search has 399 characters; we looked for the first 200."),
        ("q=" + "x" * 5000, 200, "we looked for the first 200."),
        ("q=<script>", 200, "&lt;script&gt;"),
    ],
)
def test_searches_always_show_something(client: Client, shelf: None, query: str, status: int, says: str) -> None:
    page = html(client, f"/search/?{query}", status)
    assert says in page
    assert "<script>alert" not in page
    assert 'class="card"' in page or status == 404


@pytest.mark.parametrize("variants", [False, True])
@pytest.mark.parametrize("size", [24, 60, 96])
def test_a_category_page_takes_at_most_12_queries(
    client: Client, django_assert_max_num_queries: Callable[[int], Any], size: int, variants: bool
) -> None:
    kinds = [{"attributes": {"Glaze": glaze}, "price": price} for glaze, price in (("Rust", "12"), ("Fern", "14"))]
    for number in range(size + 1):
        make_product(
            f"Mug {number}",
            brand=f"Maker {number % 3}",
            categories=["Table > Mugs"],
            variants=kinds if variants else None,
            attributes={"Size": ("small", "large")[number % 2]},
            picture=number % 10 == 0,
        )
    index()
    # What a shop that is in use has: a page in the menus, and settings of its own.
    Page.objects.get(depth=2).add_child(instance=Page(title="Journal", slug="journal", show_in_menus=True))
    BrandSettings.for_site(Site.objects.get(is_default_site=True)).save()
    makers = "brand=maker-0&brand=maker-1&brand=maker-2"
    for path in ("/shop/table/", "/shop/table/mugs/", "/shop/"):
        for query in ("", f"&{makers}&min=5&in_stock=1"):
            # The first page of all, when nothing is kept: no counts, rates, menus, nor the shop's own name.
            cache.clear()
            with django_assert_max_num_queries(12):
                page = html(client, f"{path}?size={size}{query}")
            assert page.count('class="card"') == size
            # The same from another country, whose taxes change what the price filter means.
            cache.clear()
            client.cookies["country"] = "DE"
            with django_assert_max_num_queries(12):
                html(client, f"{path}?size={size}{query}")
            del client.cookies["country"]
        with django_assert_max_num_queries(9):
            html(client, f"{path}?size={size}&{makers}&size-is=small&size-is=large")


def test_suggestions_are_a_fragment_with_searches_shelves_and_products(client: Client, shelf: None) -> None:
    page = html(client, "/search/suggest/?q=mu")
    assert '<a role="option" aria-selected="false" href="/shop/table/mugs/"' in page
    assert 'href="/search/?q=mug' in page
    assert "<mark>Mu</mark>gs" in page
    assert "£" in page
    assert "<html" not in page
    assert "<small" in page  # the shelf above tells two of one name apart


@pytest.mark.parametrize("query", ["", "q=", "q=m", "q=%00", "q=" + "x" * 300, "q=xyzzy", "q=%22%22", "q=-"])
def test_nothing_to_suggest_is_an_empty_answer(client: Client, shelf: None, query: str) -> None:
    assert html(client, f"/search/suggest/?{query}").strip() == ""


def test_suggestions_find_plurals_and_part_numbers(client: Client) -> None:
    make_product("Toner", part_number="CF-280X")
    make_product("Glass bowl")
    index()
    assert "Toner" in html(client, "/search/suggest/?q=cf280")
    assert "Glass bowl" in html(client, "/search/suggest/?q=bowls")


def test_a_plural_is_not_suggested_beside_its_singular(client: Client) -> None:
    for title in ("Moon bowl", "Ember bowl", "Pasta bowls", "Bowls set"):
        make_product(title)
    index()
    page = html(client, "/search/suggest/?q=bow")
    assert re.findall(r'href="/search/\?q=([^"]+)"', page) == ["bowl", "bowls+set"]


def test_answers_of_yes_or_no_stand_in_one_list_and_their_chips_say_which(client: Client) -> None:
    for number in range(4):
        make_product(
            f"Mug {number}",
            categories=["Table"],
            attributes={"Dishwasher safe": number < 3, "Oven safe": number % 2 == 0, "Holds": 100 * (number % 2 + 1)},
        )
    index()
    page = html(client, "/shop/table/")
    assert page.count(">Features<") == 1
    features = page[page.index('id="facet-features."') : page.index("</details>", page.index('id="facet-features."'))]
    assert re.findall(r'name="(\w+)" value="(\w+)">([^<]+)<span>(\d)', features) == [
        ("dishwasher_safe", "true", "Dishwasher safe", "3"),
        ("oven_safe", "true", "Oven safe", "2"),
    ]
    page = html(client, "/shop/table/?dishwasher_safe=true&oven_safe=true&holds=100")
    assert "<strong>2 things</strong> of 4" in page
    for label in ("Dishwasher safe", "Oven safe", "Holds: 100"):
        assert f'aria-label="Remove filter: {label}"' in page
    # Whoever asks for a no can take it away again.
    page = html(client, "/shop/table/?dishwasher_safe=false")
    assert "<strong>1 thing</strong> of 4" in page
    assert 'aria-label="Remove filter: Dishwasher safe: No"' in page
    assert 'id="facet-dishwasher_safe"' in page


def test_prices_are_bars_with_two_handles(client: Client, shelf: None) -> None:
    page = html(client, "/shop/table/mugs/?min=20&max=30")
    assert 'data-borders="10 12 14 16 18 20 22 24 26 28 30 32 34 36 38 40"' in page
    assert page.count("<rect ") == 15
    assert page.count('class="on"') == 5
    start, end = re.findall(r'<input id="price-\w+" type="range" max="15" value="(\d+)"', page)
    assert (start, end) == ("5", "10")
    assert 'aria-valuetext="£20"' in page
    assert 'aria-valuetext="£30"' in page
    # One price is no range.
    assert "data-range" not in html(client, "/shop/table/jugs/")


def test_a_long_filter_has_a_field_and_a_link(client: Client) -> None:
    for number in range(13):
        make_product(brand=f"Maker {number:02}")
    index()
    page = html(client, "/shop/")
    assert 'id="find-brand"' in page
    assert 'href="/shop/?all=brand#facet-brand"' in page
    page = html(client, "/shop/?all=brand")
    assert page.count('name="brand"') == 13
    assert '<input type="hidden" name="all" value="brand">' in page
