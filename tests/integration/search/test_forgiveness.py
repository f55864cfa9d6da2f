"""What the database engine makes of words that no product has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from search import operations, spelling
from search.models import ListingWord
from search.selectors import find_products
from search.types import ListingQuery, ListingResult
from shop.outbox.operations import drain_all
from tests.factories import make_market, make_product
from tests.integration.content.pages import story

pytestmark = pytest.mark.django_db


def index() -> None:
    for _done in operations.rebuild():
        pass


def found(text: str, *, exact: bool = False) -> ListingResult:
    return find_products(ListingQuery(text=text, exact=exact), market=make_market())


@pytest.fixture
def shop() -> dict[str, int]:
    """Six teapots, of which one cannot spell, a kettle and shears."""
    made = {f"teapot {number}": make_product(f"Garden teapot {number}").pk for number in range(12)}
    made["tepot"] = make_product("Blue tepot").pk
    made["kettle"] = make_product("Ember kettle", brand="Foundry Row").pk
    made["shears"] = make_product("Kitchen scissors").pk
    index()
    return made


@pytest.mark.parametrize(
    ("typed", "taken", "first"),
    [
        ("kettel", "kettle", "kettle"),
        ("KETTEL", "kettle", "kettle"),
        ("ektle", "", ""),  # five letters, two wrong
        ("ekttel", "kettle", "kettle"),
        ("embr kettle", "ember kettle", "kettle"),
        ("fuondry", "foundry", "kettle"),
        ("scisors", "scissors", "shears"),
        ("gardn teapto", "garden teapot", "teapot 0"),
        ("ke", "", "kettle"),  # the beginning of a word is none that is wrong
        ("x9ttle", "", ""),
    ],
)
def test_a_mistyped_word_is_taken_for_the_nearest(shop: dict[str, int], typed: str, taken: str, first: str) -> None:
    result = found(typed)
    assert result.corrected == taken
    assert result.ids[:1] == ((shop[first],) if first else ())


def test_who_wants_the_word_as_it_is_gets_that_and_a_question(shop: dict[str, int]) -> None:
    result = found("kettel", exact=True)
    assert (result.ids, result.corrected, result.did_you_mean) == ((), "", "kettle")
    assert found("xyzzy", exact=True).did_you_mean == ""


def test_a_word_that_hardly_any_product_has_leads_to_the_common_one(shop: dict[str, int]) -> None:
    result = found("tepot")
    assert (result.ids, result.corrected, result.did_you_mean) == ((shop["tepot"],), "", "teapot")
    # A rare word that is near to nothing common is just rare.
    assert found("kettle").did_you_mean == ""


def test_what_is_left_is_relaxed_as_before(shop: dict[str, int]) -> None:
    result = found("kettel xyzzy")
    assert (result.ids, result.corrected, result.left_out) == ((shop["kettle"],), "kettle xyzzy", ("xyzzy",))
    nothing = found("xyzzy plugh")
    assert (nothing.ids, nothing.corrected, nothing.left_out) == ((), "", ("xyzzy", "plugh"))


def test_a_new_title_is_known_at_once_and_counted_later(shop: dict[str, int]) -> None:
    new = make_product("Walnut trivet")
    operations.refresh([new.pk])
    assert found("trivte").ids == (new.pk,)
    other = make_product("Oak trivet")
    operations.refresh([other.pk])
    spelling.recount()
    assert ListingWord.objects.get(word="trivet").number == 2


def test_words_are_learnt_from_titles_and_brands(shop: dict[str, int]) -> None:
    rows = {row.word: (row.label, row.number) for row in ListingWord.objects.all()}
    assert rows["teapot"] == ("teapot", 12)
    assert rows["foundry"] == ("foundry", 1)
    # A stem is shown as it is mostly written.
    assert rows["scissor"] == ("scissors", 1)


def test_a_known_question_costs_nothing_more(
    shop: dict[str, int], django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    cache.clear()
    with django_assert_max_num_queries(15):
        found("gardn teapto")
    with django_assert_max_num_queries(3):
        found("gardn teapto")


def page(client: Client, query: str) -> str:
    response = client.get(f"/search/?{query}")
    assert response.status_code == 200
    return response.content.decode()


def test_the_page_says_what_it_searched_for_and_leads_back(client: Client, shop: dict[str, int]) -> None:
    html = page(client, "q=kettel&in_stock=1")
    assert "Showing results for <strong>kettle</strong>." in html
    assert '<a href="/search/?q=kettel&amp;exact=1&amp;in_stock=1">Search instead for “kettel”</a>' in html
    assert "<h1>Results for “kettle”</h1>" in html
    # What is in the field, and in the form of the filters, is what was typed.
    assert 'name="q" type="search" value="kettel"' in html
    exact = page(client, "q=kettel&exact=1")
    assert "Showing results for" not in exact
    assert "We found nothing for that." in exact
    assert 'Did you mean <a href="/search/?q=kettle"><strong>kettle</strong></a>?' in exact
    assert 'class="card"' in exact
    german = client.get("/de/search/?q=kettel").content.decode()
    assert "Ergebnisse für <strong>kettle</strong>." in german
    assert "Stattdessen nach „kettel“ suchen" in german


def test_a_filter_keeps_the_words_as_they_were_wanted(client: Client, shop: dict[str, int]) -> None:
    html = page(client, "q=tepot&exact=1")
    assert '<input type="hidden" name="exact" value="1">' in html


def test_a_search_that_finds_nothing_offers_stories_and_best_sellers(client: Client, shop: dict[str, int]) -> None:
    story([], title="A kettle for the sill")
    html = page(client, "q=xyzzy")
    assert "What people buy most" in html
    assert 'class="card"' in html
    assert "From the Journal" in html
    assert "A kettle for the sill" in html
    # One that finds something shows stories about it only.
    assert "From the Journal" not in page(client, "q=teapot")


def test_a_search_with_stories_leads_to_both_kinds(client: Client, shop: dict[str, int]) -> None:
    assert "Kinds of result" not in page(client, "q=teapot")
    story([], title="One teapot for two")
    drain_all()
    html = page(client, "q=teapot")
    assert '<nav aria-label="Kinds of result">' in html
    for place in ("products", "found-stories"):
        assert f'href="#{place}"' in html
        assert f'id="{place}"' in html


def test_the_page_has_a_description_in_the_visitor_s_language(client: Client, shop: dict[str, int]) -> None:
    assert '<meta name="description" content="Products, stories and pages about “kettle”.">' in page(client, "q=kettel")
    assert '<meta name="description" content="Search the shop’s products, stories and pages.">' in page(client, "")
    german = client.get("/de/search/?q=kettle").content.decode()
    assert '<meta name="description" content="Produkte, Geschichten und Seiten zu „kettle“.">' in german
