"""What Elasticsearch is told of a product, and that it takes it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from search.elastic import mapping
from search.elastic.documents import document, spellings
from search.elastic.measures import measures
from search.rows import Reader
from tests.elastic import call
from tests.factories import make_brand, make_category, make_product, make_stock, set_attribute

pytestmark = pytest.mark.django_db


@pytest.fixture
def index(elasticsearch: str, settings: Any) -> str:
    """An empty index with our mappings."""
    path = f"{elasticsearch}/{settings.SEARCH_INDEX_PREFIX}-try"
    call(path, "PUT", "", mapping.definition())
    return path


def words(path: str, text: str, analyzer: str = "text") -> list[str]:
    return [token["token"] for token in call(path, "POST", "/_analyze", {"analyzer": analyzer, "text": text})["tokens"]]


@pytest.mark.elasticsearch
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("UPS and NAS", ["upss", "and", "nass"]),
        ("an iOS UPS's gas", ["an", "ioss", "upss", "gass"]),
        ("TVs, PCs, cups", ["tv", "pc", "cup"]),
        ("bus, glass", ["buss", "glass"]),
    ],
)
def test_two_letters_with_a_vowel_have_no_plural(index: str, text: str, found: list[str]) -> None:
    assert words(index, text) == words(index, text, "asked") == found


def test_a_document_says_everything_about_a_product() -> None:
    mug = make_product(
        "Mug Fern",
        subtitle="350 ml",
        brand=make_brand("Harrow Pottery"),
        description="<p>For tea</p><p>and coffee &amp; milk.</p>",
        categories=["Kitchen > Mugs"],
        specification=[["Height", "9 cm"]],
        tags=["gift"],
        attributes={"Colour": "Fern Green"},
        variants=[
            {"title": title, "price": price, "part_number": f"MG-{title[:2]}7"}
            for title, price in (("Small", "8.00"), ("Large", "12.50"), ("Huge", "20.00"))
        ],
    )
    (row,) = Reader().read([mug.pk])
    found = document(row)
    kitchen, mugs = make_category("Kitchen").pk, make_category("Kitchen > Mugs").pk
    assert found["title"] == ["Mug Fern", "350 ml", "Small", "Large", "Huge"]
    assert found["brand"] == "Harrow Pottery"
    assert found["brand_slug"] == "harrow-pottery"
    assert found["body"] == "For tea and coffee & milk."
    assert set(found["attributes"]) == {"Colour: Fern Green", "Height: 9 cm"}
    assert found["shelves"] == [mug.product_class.name, "Kitchen", "Mugs"]
    assert found["categories"] == sorted([kitchen, mugs])
    assert found["kinds"] == [f"class:{mug.product_class.slug}", f"category:{mugs}", "mug", "fern"]
    assert found["codes"] == ["colour"]
    assert found["facets"] == {"colour": ["fern green"], "brand": ["harrow-pottery"]}
    assert found["prices"] == [800, 1250, 2000]
    assert (found["price_low"], found["price_high"], found["has_price"]) == (800, 2000, True)
    assert {"mg", "sm7", "mgsm7", "sm"} <= set(found["numbers"])
    assert "MG-Sm7" in found["names"]
    assert "gift" in found["names"]
    assert set(found) == set(mapping.MAPPINGS["properties"]) - {"all"}


def test_a_category_called_as_the_brand_says_nothing_of_the_sort_of_thing() -> None:
    mug = make_product("Mug", brand=make_brand("Harrow Pottery"), categories=["H > Harrow Pottery", "Kitchen > Mugs"])
    found = document(Reader().read([mug.pk])[0])
    assert [kind for kind in found["kinds"] if kind.startswith("category:")] == [
        f"category:{make_category('Kitchen > Mugs').pk}"
    ]
    assert "Harrow Pottery" in found["shelves"]


def test_a_product_without_a_price_has_none() -> None:
    found = document(Reader().read([make_product("Mug", price=None).pk])[0])
    assert (found["prices"], found["price_low"], found["has_price"]) == ([], None, False)


def test_facets_are_those_of_the_database_engine() -> None:
    mug = make_product("Mug")
    set_attribute(mug, "colour", "Blue")
    set_attribute(mug, "care", "Wash it by hand " * 10)
    (row,) = Reader().read([mug.pk])
    assert set(document(row)["facets"]) == {code for code, _value in row.short_facets} == {"colour"}


def test_prices_are_whole_pence() -> None:
    mug = make_product("Mug", price=None)
    make_stock(mug, Decimal("19.99"))
    assert document(Reader().read([mug.pk])[0])["prices"] == [1999]


@pytest.mark.parametrize(
    ("number", "found"),
    [
        ("DMC-FZ1000", ["dmc", "fz1000", "dmcfz1000", "fz", "1000", "dmcfz"]),
        ("CF280X", ["cf280x", "cf", "280"]),
        ("0012345678905", ["0012345678905", "12345678905"]),
    ],
)
def test_a_part_number_is_found_whole_and_in_parts(number: str, found: list[str]) -> None:
    assert spellings([number]) == found


def test_the_fingerprint_tells_mappings_apart(settings: Any) -> None:
    english = mapping.fingerprint(mapping.definition())
    assert english == mapping.fingerprint(mapping.definition())
    settings.LANGUAGE_CODE = "de"
    assert english != mapping.fingerprint(mapping.definition())


@pytest.mark.elasticsearch
def test_elasticsearch_takes_a_document_and_no_unknown_field(index: str) -> None:
    mug = make_product("Mug", brand=make_brand(), description="For tea.", categories=[make_category("Kitchen")])
    set_attribute(mug, "colour", "Blue")
    body = document(Reader().read([mug.pk])[0])
    assert call(index, "PUT", f"/_doc/{mug.pk}?refresh=true", body)["result"] == "created"
    found = call(index, "POST", "/_search", {"query": {"term": {"facets.colour": "blue"}}, "_source": False})
    assert [hit["_id"] for hit in found["hits"]["hits"]] == [str(mug.pk)]
    with pytest.raises(Exception, match="400"):
        call(index, "PUT", "/_doc/0", {**body, "colour_of_the_owner": "red"})


@pytest.mark.elasticsearch
def test_english_words_are_brought_together(index: str) -> None:
    assert words(index, "The Crème brûlée batteries' and Mugs") == ["the", "creme", "brulee", "battery", "and", "mug"]
    assert words(index, "Women's shoes", "plain") == ["women's", "shoes"]


@pytest.mark.elasticsearch
@pytest.mark.parametrize("size", ['13"', "13 in", "13in", "13-inch", "13 inches", "13''", "13”"])
def test_inches_are_written_in_many_ways(index: str, size: str) -> None:
    assert words(index, f"laptop {size} black") == ["laptop", "13", "inch", "black"]


@pytest.mark.elasticsearch
@pytest.mark.parametrize(
    "text",
    ["500 GB", "500gb", "2 TB", "2TB", "2000 gb", "1.5 TB", "1,7 l", "15 m cable", "XP-610 m", "802.11g", "٣ GB"],
)
def test_a_question_spells_measures_as_products_do(index: str, text: str) -> None:
    """One is done by Elasticsearch, the other by us: of whatever is a measure, both make the same word."""
    asked = words(index, text, "asked")
    assert set(measures([text])) <= set(asked)
    assert ("500gb" in asked) == text.startswith("500") and ("2000gb" in asked) == text.startswith("2")


@pytest.mark.elasticsearch
def test_a_number_with_in_in_it_is_left_alone(index: str) -> None:
    assert words(index, "100 ink 5 inner 7insert") == ["100", "ink", "5", "inner", "7insert"]


@pytest.mark.elasticsearch
def test_german_words_are_taken_apart(settings: Any, elasticsearch: str) -> None:
    settings.LANGUAGE_CODE = "de"
    path = f"{elasticsearch}/{settings.SEARCH_INDEX_PREFIX}-german"
    call(path, "PUT", "", mapping.definition())
    assert set(words(path, "Kaffeetasse")) > set(words(path, "Tassen"))
    assert set(words(path, "Kaffeetasse")) > set(words(path, "Kaffee"))
    assert words(path, "Häuser") == words(path, "Haeuser") == words(path, "Haus")
    assert set(words(path, "Holztische")) > set(words(path, "Tisch"))
