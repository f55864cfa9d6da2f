"""The API's search and suggestions: what they answer, what they refuse and how, and what they cost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from search import api, operations
from search.rules.selectors import Redirect
from shop.outbox.operations import drain_all
from tests.factories import make_category, make_product
from tests.integration.content.pages import story

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> None:
    """Thirty mugs of two brands, one of them sold out, and a jug."""
    for number in range(30):
        make_product(
            f"Mug {number:02}",
            price=str(10 + number),
            brand=("Calder", "Harrow")[number % 2],
            categories=["Table > Mugs"],
            attributes={"Glaze": ("Rust", "Fern")[number % 2], "Oven safe": number % 3 == 0},
            stock=0 if number == 3 else 5,
            picture=number == 0,
        )
    make_product("Field jug", brand="Calder", categories=["Table > Jugs"])
    for _done in operations.rebuild():
        pass


def get(client: Client, path: str, status: int = 200) -> dict[str, Any]:
    response = client.get(path)
    assert response.status_code == status, response.content
    assert response["Content-Type"].startswith("application/json")
    return dict(response.json())


def test_products_come_with_price_picture_and_stock(client: Client, shop: None) -> None:
    found = get(client, "/api/search?q=mug&sort=price")
    assert (found["total"], found["page"], found["pages"], len(found["products"])) == (30, 1, 2, 24)
    first = found["products"][0]
    assert first["title"] == "Mug 00"
    assert first["url"].startswith("http://testserver/products/mug-00")
    assert first["price"] == {"amount": "10.00", "currency": "GBP", "is_from": False, "was": None}
    assert first["picture"]["url"].startswith("http://testserver/")
    assert first["in_stock"] is True
    assert found["products"][3]["in_stock"] is False
    assert found["products"][3]["picture"] is None


def test_facets_prices_and_pages(client: Client, shop: None) -> None:
    found = get(client, "/api/search?q=mug&brand=calder&page=1&glaze=rust&size=24")
    facets = {facet["code"]: facet for facet in found["facets"]}
    assert {value["value"]: (value["count"], value["selected"]) for value in facets["brand"]["values"]} == {
        "calder": (15, True)
    }
    assert facets["oven_safe"]["is_feature"]
    assert facets["glaze"]["parameter"] == "glaze"
    assert found["prices"]["low"] == "10.00"
    assert sum(bar["count"] for bar in found["prices"]["histogram"]) == found["total"] == 15
    assert found["links"] == {
        "self": "http://testserver/api/search?q=mug&brand=calder&glaze=rust",
        "first": "http://testserver/api/search?q=mug&brand=calder&glaze=rust",
        "last": "http://testserver/api/search?q=mug&brand=calder&glaze=rust",
        "next": None,
        "previous": None,
    }
    second = get(client, get(client, "/api/search?q=mug")["links"]["next"])
    assert (second["page"], len(second["products"]), second["links"]["next"]) == (2, 6, None)
    assert second["links"]["previous"] == "http://testserver/api/search?q=mug"


def test_parameters_are_those_of_the_page(client: Client, shop: None) -> None:
    jugs = make_category("Table > Jugs").pk
    for query, total in (
        ("", 31),
        (f"category={jugs}", 1),
        ("min=20&max=25", 6),
        ("in_stock=1", 30),
        ("q=mug+plugh", 30),
        ("q=mgu", 30),
        ("q=mgu&exact=1", 0),
    ):
        page = client.get(f"/search/?{query}" if "q=" in query else f"/shop/?{query}").content.decode()
        assert get(client, f"/api/search?{query}")["total"] == total
        assert f"<strong>{total} thing" in page or not total
    assert get(client, "/api/search?q=mug+plugh")["left_out"] == ["plugh"]
    assert get(client, "/api/search?q=mgu")["corrected"] == "mug"
    assert get(client, "/api/search?q=mgu&exact=1")["did_you_mean"] == "mug"


@pytest.mark.parametrize(
    ("query", "parameter", "value", "cure"),
    [
        ("min=abc", "min", "abc", "Write a number from 0 up, such as 25."),
        ("max=-1", "max", "-1", "Write a number from 0 up, such as 25."),
        ("max=1e400", "max", "1e400", "Write a number from 0 up, such as 25."),
        ("min=NaN", "min", "NaN", "Write a number from 0 up, such as 25."),
        ("page=0", "page", "0", "Write a whole number from 1 up."),
        ("page=two", "page", "two", "Write a whole number from 1 up."),
        ("size=5000", "size", "5000", "Take one of these: 24, 60, 96."),
        ("sort=upwards", "sort", "upwards", "Take one of these: relevance,"),
        ("plaid=1", "plaid", "1", "The filters of a list stand in its “facets”."),
        ("%3Cscript%3E=1", "<script>", "1", "The filters of a list stand in its “facets”."),
        ("a'b=1", "a'b", "1", "The filters of a list stand in its “facets”."),
    ],
)
def test_what_cannot_be_used_is_named_with_its_cure(
    client: Client, shop: None, query: str, parameter: str, value: str, cure: str
) -> None:
    errors = get(client, f"/api/search?{query}", 400)["errors"]
    assert [(error["parameter"], error["value"]) for error in errors] == [(parameter, value)]
    assert errors[0]["cure"].startswith(cure)
    assert errors[0]["message"]


@pytest.mark.parametrize("page", ["3", "999999", "9" * 400])
def test_a_page_after_the_last_is_not_there(client: Client, shop: None, page: str) -> None:
    error = get(client, f"/api/search?q=mug&page={page}", 404)["errors"][0]
    assert error["message"] == "This list ends with page 2."
    assert error["cure"] == "Ask for a page from 1 to 2."


def test_what_is_used_in_another_way_is_said(client: Client, shop: None) -> None:
    found = get(client, "/api/search?min=25&max=20")
    assert found["total"] == 6
    assert found["messages"][0]["parameter"] == "min"
    long = get(client, f"/api/search?q={'mug+' * 3000}")
    assert long["total"] == 30
    assert long["messages"][0]["message"].startswith("Your search has 11999 characters")


def test_a_redirect_is_named_and_the_products_are_found_all_the_same(
    client: Client, shop: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "answer_for", lambda text: Redirect("/journal/") if text == "mug" else None)
    found = get(client, "/api/search?q=mug")
    assert (found["redirect"], found["total"]) == ("http://testserver/journal/", 30)
    assert get(client, "/api/search?q=jug")["redirect"] is None


def test_stories_come_with_the_first_page(client: Client, shop: None) -> None:
    for number in range(4):
        story([], title=f"A mug for the sill {number}")
    drain_all()
    stories = get(client, "/api/search?q=mug")["stories"]
    assert len(stories) == 3
    assert stories[0]["title"].startswith("A mug for the sill")
    assert stories[0]["url"].startswith("http://testserver/journal/a-mug-for-the-sill-")
    # What the products were corrected to is what stories are about.
    assert len(get(client, "/api/search?q=mugg")["stories"]) == 3
    for path in ("/api/search?q=mug&page=2", "/api/search", "/api/search?q=jug"):
        assert get(client, path)["stories"] == [], path


def test_suggestions_come_in_groups(client: Client, shop: None) -> None:
    story([], title="A mug for the sill")
    drain_all()
    found = get(client, "/api/search/suggest?q=mu")
    assert found["searches"][0] == {"title": "mug", "url": "http://testserver/search/?q=mug", "note": ""}
    assert found["categories"] == [{"title": "Mugs", "url": "http://testserver/shop/table/mugs/", "note": "Table"}]
    assert len(found["products"]) == 5
    assert found["products"][0]["price"]["currency"] == "GBP"
    assert found["stories"][0]["title"] == "A mug for the sill"
    assert get(client, "/api/search/suggest?q=cald")["brands"][0]["url"] == "http://testserver/shop/?brand=calder"


def test_german_addresses_answer_in_german(client: Client, shop: None) -> None:
    errors = get(client, "/de/api/search?min=abc", 400)["errors"]
    assert errors[0]["cure"] == "Schreiben Sie eine Zahl ab 0, etwa 25."
    assert get(client, "/de/api/search?q=mug")["products"][0]["url"].startswith("http://testserver/de/products/")


def test_answers_are_for_everybody(client: Client, shop: None) -> None:
    for path in ("/api/search?q=mug", "/api/search/suggest?q=mu"):
        response = client.get(path, headers={"Accept-Language": "de"})
        assert not response.cookies
        assert "Cookie" not in response.get("Vary", "")
        assert "/de/" not in response.content.decode()


def test_the_description_is_complete_and_true(client: Client, shop: None) -> None:
    described = get(client, "/api/openapi.json")
    for path in ("/api/search", "/api/search/suggest"):
        held = described["paths"][path]["get"]
        assert held["summary"] and held["description"]
        assert all(parameter.get("description") for parameter in held["parameters"]), path
        name = held["responses"]["200"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
        assert set(get(client, f"{path}?q=mug")) == set(described["components"]["schemas"][name]["properties"])
    refused = described["paths"]["/api/search"]["get"]["responses"]
    assert {"200", "400", "404"} <= set(refused)
    assert all(schema.get("description") for schema in described["components"]["schemas"].values())
    assert {"q", "brand", "min", "sort", "page"} <= {
        parameter["name"] for parameter in described["paths"]["/api/search"]["get"]["parameters"]
    }


def test_people_can_read_it_and_nothing_comes_from_elsewhere(client: Client) -> None:
    response = client.get("/api/docs")
    page = response.content.decode()
    assert "script-src 'self';" in response["Content-Security-Policy"]
    assert "swagger" in page
    assert "https://" not in page


def test_other_addresses_are_a_json_404(client: Client) -> None:
    assert get(client, "/api/nothing", 404)["errors"][0]["value"] == "nothing"
    assert client.post("/api/search").status_code == 405


def test_what_it_costs(client: Client, shop: None, django_assert_max_num_queries: Callable[[int], Any]) -> None:
    for path, cold, warm in (("/api/search?q=mug", 14, 8), ("/api/search/suggest?q=mu", 11, 8)):
        cache.clear()
        with django_assert_max_num_queries(cold):
            get(client, path)
        with django_assert_max_num_queries(warm):
            get(client, path)


def test_of_very_many_unknown_parameters_the_first_are_named(client: Client) -> None:
    answer = client.get("/api/search?" + "&".join(f"x{number}=1" for number in range(900)))
    assert answer.status_code == 400
    errors = answer.json()["errors"]
    assert [error["parameter"] for error in errors] == [*(f"x{number}" for number in range(10)), ""]
    assert errors[-1]["message"] == "There are more names that are no filters: 890."
