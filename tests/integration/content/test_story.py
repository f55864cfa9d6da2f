"""A story with products in it, as a visitor gets it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from content.selectors import stories_about
from shop.outbox.operations import drain_all
from tests.factories import make_product

from .pages import block, image, items, story


@pytest.mark.django_db
def test_a_story_shows_a_product_in_a_grid_and_in_a_sentence(client: Client) -> None:
    bowl = make_product("Ember bowl", price="28.00")
    page = story(
        [
            block(
                "text", {"text": f'<p>The <a linktype="product" id="{bowl.pk}">ember bowl</a>.</p>', "dropcap": True}
            ),
            block("product_grid", {"title": "Bowls", "products": items(bowl.pk), "row": False}, 2),
        ],
        lead_picture=image(),
        lead_alt="A shelf",
    )
    html = client.get(page.url).content.decode()
    assert '<p class="dropcap"' in html
    assert f'<a class="mention" href="/products/{bowl.slug}/">ember <span class="nowrap">bowl' in html
    assert html.count("£28") >= 2
    assert 'class="product-grid"' in html
    assert 'alt="A shelf"' in html


@pytest.mark.django_db
def test_a_story_with_three_grids_of_24_needs_few_queries(client: Client, django_assert_max_num_queries: Any) -> None:
    products = [make_product(f"Thing {number}", price="10.00") for number in range(72)]
    grids = [
        block(
            "product_grid",
            {"title": f"Grid {n}", "products": items(*(p.pk for p in products[n * 24 : n * 24 + 24]))},
            n + 1,
        )
        for n in range(3)
    ]
    page = story(
        [*grids, block("picture", {"picture": {"image": image().pk, "alt_text": "A"}, "width": "text"}, 9)],
        lead_picture=image(),
    )
    client.get(page.url)
    with django_assert_max_num_queries(14):
        html = client.get(page.url).content.decode()
    assert html.count('class="card"') == 72


@pytest.mark.django_db
def test_search_finds_what_a_story_says_after_what_it_is_called(client: Client) -> None:
    story([block("text", {"text": "<p>A paste of bicarbonate takes steel off a glaze.</p>"})], title="Lines")
    named = story(title="Bicarbonate, and what it mends")
    story([block("text", {"text": "<p>More bicarbonate.</p>"})], title="Not out yet", live=False)
    drain_all()
    request = client.get("/search/", {"q": "bicarbonate"}).wsgi_request
    request.LANGUAGE_CODE = "en-gb"
    assert [tease.title for tease in stories_about("bicarbonate", 3, request)] == [named.title, "Lines"]
    assert [tease.title for tease in stories_about("steel bicarbonate", 3, request)] == ["Lines"]
    assert stories_about("bicarbonate", 1, request)[0].title == named.title
    assert stories_about("linoleum", 3, request) == []
    html = client.get("/search/", {"q": "steel glaze"}).content.decode()
    assert "Lines" in html
