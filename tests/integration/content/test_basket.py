"""What the basket tells of the stories that its things were chosen from."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from shop.accounts.models import User
from shop.catalogue.models import Product
from tests.factories import make_offer, make_product, make_variant
from tests.integration.orders.buying import buy

from .pages import block, items, story

pytestmark = pytest.mark.django_db


def put(client: Client, product: Product, source: str) -> None:
    response = client.post(
        "/basket/add/", {"product": product.pk, "from": source}, headers={"sec-fetch-site": "same-origin"}
    )
    assert response.status_code == 303


def grid(*products: Product) -> Any:
    return block("product_grid", {"title": "Grid", "products": items(*(one.pk for one in products)), "row": False})


def main_of(client: Client) -> str:
    return client.get("/basket/").content.decode().split('<main id="main"')[1].split("</main>")[0]


def test_the_basket_leads_back_to_the_story_and_to_the_rest_of_it(client: Client) -> None:
    bowl, jug, gone = make_product("Ember bowl"), make_product("Field jug"), make_product("Last plate", stock=0)
    mug = make_product("River mug", variants=[{"title": "Rust"}, {"title": "Fern"}])
    page = story([grid(bowl, jug, gone, mug)], title="Buy the bowl first")
    put(client, bowl, f"{page.url_path}#some-block")
    put(client, mug.children.first(), f"{page.url_path}#some-block")
    html = main_of(client)
    assert f'Chosen from <a href="{page.url}">Buy the bowl first</a>.' in html
    aside = html.split("While the kettle boils")[1]
    assert "Field jug" in aside
    assert f'name="from" value="{page.url_path}"' in aside
    for title in ("Ember bowl", "Last plate", "River mug"):
        assert title not in aside
    page.unpublish()
    cache.clear()
    html = main_of(client)
    assert "Chosen from" not in html
    assert "While the kettle boils" not in html


@pytest.mark.parametrize("source", ["", "search", "/nowhere/", "#", "/" + "x" * 300, "<b>/", "/home/"])
def test_a_source_that_names_no_story_is_passed_over(client: Client, source: str) -> None:
    put(client, make_product("Ember bowl"), source)
    html = main_of(client)
    assert "Ember bowl" in html
    assert "Chosen from" not in html


def test_twenty_lines_of_a_story_stay_within_fifteen_queries(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    client.force_login(User.objects.create_user("ada@example.com", "x"))
    parent = make_product("Teapot", variants=[])
    things = [
        make_variant(parent, attributes={"Glaze": f"G{n}"}) if n % 2 else make_product(picture=True) for n in range(20)
    ]
    others = [make_product(f"Other {n}") for n in range(8)]
    page = story([grid(*others, *(one for one in things if one.parent_id is None))])
    make_offer(everything=True, percent=10)
    for thing in things:
        put(client, thing, f"{page.url_path}#b")
    client.get("/basket/")
    with django_assert_max_num_queries(15):
        html = main_of(client)
    assert html.count('class="line"') == 20
    assert html.count('class="card"') == 5


def test_whoever_has_ordered_is_offered_something_to_read(client: Client) -> None:
    for number in range(3):
        story(title=f"Story {number}")
    order = buy(client, make_product())
    page = client.get(f"/checkout/done/{order.checkout.token}/").content.decode()
    assert "Something to read while it travels" in page
    assert len(set(re.findall(r"Story \d", page.split("while it travels")[1]))) == 2
