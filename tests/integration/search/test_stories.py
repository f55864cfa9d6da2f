"""Stories and pages in search: what is found, by both engines, and how table and index follow the pages."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings as configured
from django.core.cache import cache
from django.core.management import call_command
from django.utils import timezone
from wagtail.models import Locale, Page, PageViewRestriction, ReferenceIndex

from content.models import LookbookPage, StandardPage, StoryPage, Topic
from search.elastic import keeping, kinds
from search.selectors import find_pages, find_products
from search.stories import operations
from search.suggestions import suggest
from search.types import ListingQuery
from shop.catalogue.models import Product
from shop.catalogue.operations import CHANGED
from shop.outbox.operations import enqueue
from tests.factories import make_market, make_product
from tests.integration.content.pages import block, home, items, journal, story

from .stories import find, settle, text, titles

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _empty(engine: str) -> None:
    """Every test has the engine, and an index where that is Elasticsearch."""
    if configured.ELASTICSEARCH_URL:
        keeping.build(kind=kinds.PAGES)


def german() -> Locale:
    return Locale.objects.get_or_create(language_code="de")[0]


@pytest.mark.parametrize(
    ("asked", "found", "why"),
    [
        ("bicarbonate", ["Bicarbonate, and what it mends", "Stains", "Lines"], "title, standfirst, then words"),
        ("steel bicarbonate", ["Lines"], "all words, wherever they stand"),
        ("bicarbonat", ["Bicarbonate, and what it mends", "Stains", "Lines"], "a letter is missing at the end"),
        ("the lines", ["Lines"], "words that are everywhere count for nothing"),
        ("ember bowl", ["Stains"], "the products in it"),
        ("Repairs", ["Lines"], "its topic"),
        ("line", ["Lines"], "one of many"),
        ("café", ["Coffee at the cafe"], "accents"),
        ("linoleum", [], "nothing says that"),
    ],
)
def test_what_is_found_and_in_which_order(asked: str, found: list[str], why: str) -> None:
    bowl = make_product("Ember bowl")
    topic = Topic.objects.create(name="Repairs", slug="repairs")
    lines = story([text("A paste of bicarbonate takes steel off a glaze.")], title="Lines")
    lines.topics.add(topic)
    lines.save()
    story(title="Bicarbonate, and what it mends", date=datetime.date(2020, 1, 1))
    story(
        [block("product_grid", {"title": "", "products": items(bowl.pk), "row": False})],
        title="Stains",
        standfirst="Bicarbonate and vinegar.",
    )
    story(title="Coffee at the cafe")
    assert titles(asked) == found, why


def test_of_two_that_fit_alike_the_newer_comes_first() -> None:
    for year in (2019, 2026, 2022):
        story(title=f"Glazes of {year}", date=datetime.date(year, 1, 1))
    assert titles("glazes") == ["Glazes of 2026", "Glazes of 2022", "Glazes of 2019"]


def test_a_better_fit_beats_a_newer_page() -> None:
    story([text("A word on casting iron, long ago.")], title="Sand", date=timezone.localdate())
    story(title="Iron casting", date=datetime.date(2015, 1, 1))
    assert titles("iron casting") == ["Iron casting", "Sand"]


def test_the_very_title_is_known_as_such() -> None:
    story(title="How to season a pan")
    story([text("How to season a pan is told elsewhere.")], title="Season a pan in an oven, and how to")
    assert [page.fit for page in find("how to season a pan").pages] == ["title", "named"]
    assert [page.fit for page in find("elsewhere").pages] == ["said"]


def test_each_language_has_its_own() -> None:
    story(title="A good kettle")
    page = story(title="Gute Teekannen", locale=german())
    page.standfirst = "Kettle heißt hier anders."
    page.save()
    assert titles("kettle") == ["A good kettle"]
    assert titles("kettle", language="de") == ["Gute Teekannen"]
    assert titles("Teekanne", language="de") == ["Gute Teekannen"]
    assert titles("Teekanne") == []
    assert titles("kettle", language="fr") == []


def test_a_change_of_language_takes_the_page_along() -> None:
    page = story(title="Kettle")
    assert titles("kettle") == ["Kettle"]
    page.locale = german()
    page.save()
    assert titles("kettle") == []
    assert titles("kettle", language="de") == ["Kettle"]


def test_a_title_that_changes_is_found_by_the_new_one() -> None:
    page = story(title="Kettle")
    settle()
    page.title, page.slug = "Trivet", "trivet"
    page.save_revision()
    settle()
    assert titles("kettle") == ["Kettle"], "a draft is nobody's business"
    page.save_revision().publish()
    assert titles("trivet") == ["Trivet"]
    assert titles("kettle") == []


def test_drafts_unpublished_and_deleted_pages_are_not_found() -> None:
    page = story(title="Kettle", live=False)
    assert titles("kettle") == []
    page.save_revision().publish()
    assert titles("kettle") == ["Kettle"]
    Page.objects.get(pk=page.pk).unpublish()
    assert titles("kettle") == []
    page.refresh_from_db()
    page.save_revision().publish()
    assert titles("kettle") == ["Kettle"]
    Page.objects.get(pk=page.pk).delete()
    assert titles("kettle") == []


def test_a_page_appears_and_goes_by_the_clock() -> None:
    page = story(title="Kettle", live=False)
    page.go_live_at = timezone.now() + datetime.timedelta(hours=1)
    page.save_revision().publish()
    assert titles("kettle") == []
    past = timezone.now() - datetime.timedelta(minutes=1)
    revision = page.revisions.get(approved_go_live_at__isnull=False)
    revision.approved_go_live_at = past
    revision.content["go_live_at"] = past.isoformat()
    revision.save()
    call_command("publish_scheduled")
    assert titles("kettle") == ["Kettle"]
    StoryPage.objects.filter(pk=page.pk).update(expire_at=past)
    call_command("publish_scheduled")
    assert titles("kettle") == []


def test_what_is_closed_to_some_is_found_by_none() -> None:
    story(title="Kettle")
    assert titles("kettle") == ["Kettle"]
    closed = PageViewRestriction.objects.create(page=journal(), restriction_type=PageViewRestriction.LOGIN)
    assert titles("kettle") == [], "what is below a closed page is closed"
    closed.delete()
    assert titles("kettle") == ["Kettle"]


def test_a_page_that_moves_below_a_closed_one_is_gone() -> None:
    page = story(title="Kettle")
    settle()
    club = home().add_child(instance=type(journal())(title="Club", slug="club"))
    PageViewRestriction.objects.create(page=club, restriction_type=PageViewRestriction.LOGIN)
    Page.objects.get(pk=page.pk).move(Page.objects.get(pk=club.pk), pos="last-child")
    assert titles("kettle") == []


def test_plain_pages_are_found_where_they_are_asked_for() -> None:
    home().add_child(instance=StandardPage(title="Returns", slug="returns"))
    journal().add_child(instance=LookbookPage(title="Many happy returns", slug="many"))
    assert titles("returns") == ["Many happy returns"]
    assert titles("returns", kinds=("story", "page")) == ["Returns", "Many happy returns"]


def test_a_story_follows_the_names_of_its_products() -> None:
    bowl = make_product("Ember")
    told = story([block("product_grid", {"title": "", "products": items(bowl.pk), "row": False})], title="Stains")
    ReferenceIndex.create_or_update_for_object(told)
    assert titles("ember") == ["Stains"]

    def change(**values: Any) -> None:
        Product.objects.filter(pk=bowl.pk).update(**values)
        # As catalogue_changed says it, which says it once a transaction and so once a test.
        enqueue(CHANGED, {"products": [bowl.pk]})

    change(title="Cinder")
    assert titles("ember") == [] and titles("cinder") == ["Stains"]
    change(is_public=False)
    assert titles("cinder") == []
    change(is_public=True)
    assert titles("cinder") == ["Stains"]
    number = bowl.pk
    bowl.delete()
    enqueue(CHANGED, {"products": [number]})
    assert titles("cinder") == []


def test_a_topic_that_is_renamed_takes_its_stories_along() -> None:
    topic = Topic.objects.create(name="Repairs", slug="repairs")
    page = story(title="Lines")
    page.topics.add(topic)
    page.save()
    assert titles("repairs") == ["Lines"]
    topic.name = "Mending"
    topic.save()
    assert titles("repairs") == []
    assert titles("mending") == ["Lines"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [("ket", ["Kettles of iron"]), ("kettles of i", ["Kettles of iron"]), ("iron ket", ["Kettles of iron"]), ("x", [])],
)
def test_what_is_being_typed_goes_on(typed: str, found: list[str]) -> None:
    story(title="Kettles of iron")
    story([text("Nothing of it.")], title="Spoons")
    assert titles(typed, typing=True) == found


@pytest.mark.parametrize(
    "bad", ["", "   ", "?!…", "<script>alert(1)</script>", "a" * 10_000, "и" * 40, '"AND OR', "%", "_"]
)
def test_what_is_no_search_finds_nothing(bad: str) -> None:
    story(title="Kettle")
    assert find(bad).pages == ()


def test_the_number_of_queries_does_not_grow_with_the_stories(
    django_assert_max_num_queries: Callable[[int], Any],
) -> None:
    for number in range(12):
        story(title=f"Kettle {number}")
    settle()
    # With Elasticsearch it is the one for the number under which its answer is kept.
    with django_assert_max_num_queries(1):
        assert len(find_pages("kettle", language="en-gb", limit=12).pages) == 12
    with django_assert_max_num_queries(14):
        operations.refresh_all()


def test_many_are_counted() -> None:
    for number in range(5):
        story(title=f"Kettle {number}")
    found = find("kettle", limit=2)
    assert (len(found.pages), found.total) == (2, 5)


def test_a_word_that_pages_have_is_not_taken_for_a_product_s(index: Callable[[], None]) -> None:
    make_product("Wedding ring")
    index()
    in_english, in_german = make_market(), replace(make_market(), language="de")
    weeding = ListingQuery(text="weeding")
    assert find_products(weeding, market=in_english).corrected == "wedding"
    assert [card.title for card in suggest("weeding", market=in_english).products] == ["Wedding ring"]
    story(title="Weeding at the mill")
    settle()
    cache.clear()  # where the database keeps what it made of a question
    found = find_products(weeding, market=in_english)
    assert (found.ids, found.corrected, found.left_out) == ((), "", ("weeding",))
    assert suggest("weeding", market=in_english).products == ()
    assert find_products(weeding, market=in_german).corrected == "wedding", "nobody wrote of it in German"


def test_a_word_of_its_own_that_is_not_sold_is_not_bent_to_another(index: Callable[[], None]) -> None:
    make_product("Weaving frame")
    make_product("Soft brush")
    index()
    for typed, other in (("wedding", "weaving"), ("sofa", "soft")):
        found = find_products(ListingQuery(text=typed), market=make_market())
        assert (found.ids, found.corrected, found.did_you_mean) == ((), "", other)
        assert suggest(typed, market=make_market()).products == ()
    # What else was typed is found, and the question is asked where it would find something.
    found = find_products(ListingQuery(text="sofa brush"), market=make_market())
    assert (len(found.ids), found.corrected, found.left_out, found.did_you_mean) == (1, "", ("sofa",), "soft brush")
    assert find_products(ListingQuery(text="sofa frame"), market=make_market()).did_you_mean == ""
