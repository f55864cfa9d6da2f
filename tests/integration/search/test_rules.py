"""Rules from the draft to what a page asks: publishing, history, undo, and what reading them costs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from search import categories
from search import operations as listing
from search.rules import operations, reading
from search.rules.content import Banner, Content, Entry, from_json
from search.rules.models import Rule, RuleBook
from search.rules.operations import RuleError
from search.rules.selectors import answer_for, guidance_for, published_book
from search.selectors import find_products
from search.types import NO_GUIDANCE, Guidance, ListingQuery
from shop.accounts.models import User
from tests.factories import make_category, make_market, make_product
from tests.integration.content.pages import in_german, story

pytestmark = pytest.mark.django_db
POT = ListingQuery(text="pot")


def pin(product_id: int = 7, place: int = 1) -> Entry:
    return Entry("pin", "product", str(product_id), label="Night teapot", place=place)


def draft(*queries: str, **more: Any) -> Rule:
    more.setdefault("entries", (pin(),))
    return operations.create(Content(queries=queries or ("pot",), **more), by=None)


def publish(rule: Rule, **more: Any) -> None:
    rule.refresh_from_db()
    operations.publish(rule.pk, seen=rule.draft_number, by=None, **more)
    rule.refresh_from_db()


@pytest.fixture(autouse=True)
def _committed(django_capture_on_commit_callbacks: Any) -> Any:
    """What waits for the commit is done at the end of each operation, as it is outside of a test's transaction."""
    original = operations.transaction.on_commit
    operations.transaction.on_commit = lambda done, **kwargs: done()
    yield
    operations.transaction.on_commit = original


def test_a_draft_says_nothing_until_it_is_published() -> None:
    rule = draft()
    assert guidance_for(POT) == NO_GUIDANCE
    publish(rule, note="For spring")
    assert guidance_for(POT) == Guidance(pins=((1, 7),), words=("pot",))
    version = rule.versions.get()
    assert (version.number, version.note, rule.is_changed) == (1, "For spring", False)
    changed = Content(queries=("pot",), entries=(pin(8),))
    operations.save_draft(rule.pk, changed, seen=1, by=None)
    assert guidance_for(POT).pins == ((1, 7),)
    rule.refresh_from_db()
    assert rule.is_changed and rule.draft_number == 2
    publish(rule)
    assert guidance_for(POT).pins == ((1, 8),)


def test_undo_publishes_an_earlier_version_as_a_new_one() -> None:
    rule = draft()
    publish(rule)
    operations.save_draft(rule.pk, Content(queries=("pot",), entries=(pin(8),)), seen=1, by=None)
    publish(rule)
    operations.publish_again(rule.pk, number=1, by=None)
    rule.refresh_from_db()
    assert guidance_for(POT).pins == ((1, 7),)
    assert [version.number for version in rule.versions.all()] == [3, 2, 1] and not rule.is_changed
    assert from_json(rule.draft).entries[0].value == "7"
    with pytest.raises(RuleError, match="what holds now"):
        operations.publish_again(rule.pk, number=1, by=None)
    # Work that is not published stays.
    operations.save_draft(rule.pk, Content(queries=("pot",), entries=(pin(9),)), seen=rule.draft_number, by=None)
    operations.publish_again(rule.pk, number=2, by=None)
    rule.refresh_from_db()
    assert from_json(rule.draft).entries[0].value == "9" and rule.is_changed
    assert guidance_for(POT).pins == ((1, 8),)


def test_taking_off_and_putting_back() -> None:
    rule = draft()
    publish(rule)
    operations.withdraw(rule.pk, by=None, note="Sold out")
    rule.refresh_from_db()
    assert guidance_for(POT) == NO_GUIDANCE and rule.published is None
    with pytest.raises(RuleError, match="not on the site"):
        operations.withdraw(rule.pk, by=None)
    with pytest.raises(RuleError, match="took the rule off"):
        operations.publish_again(rule.pk, number=2, by=None)
    operations.publish_again(rule.pk, number=1, by=None)
    assert guidance_for(POT).pins == ((1, 7),)
    with pytest.raises(RuleError, match="take it off first"):
        operations.delete(rule.pk)
    operations.withdraw(rule.pk, by=None)
    operations.delete(rule.pk)
    assert not Rule.objects.exists()


def test_what_somebody_else_saved_is_not_overwritten_or_published() -> None:
    ada = User.objects.create_user("ada@example.com", "x")
    rule = draft()
    operations.save_draft(rule.pk, Content(queries=("pot",), entries=(pin(8),)), seen=1, by=ada)
    for act in (
        lambda: operations.save_draft(rule.pk, Content(queries=("jug",)), seen=1, by=None),
        lambda: operations.publish(rule.pk, seen=1, by=None),
    ):
        with pytest.raises(RuleError, match=r"ada@example\.com saved this draft"):
            act()
    assert guidance_for(POT) == NO_GUIDANCE


def test_the_same_draft_is_published_once() -> None:
    rule = draft()
    publish(rule)
    with pytest.raises(RuleError, match="published already"):
        operations.publish(rule.pk, seen=1, by=None)
    assert rule.versions.count() == 1


def test_what_cannot_be_right_is_neither_kept_nor_published() -> None:
    with pytest.raises(RuleError, match="Place 1 has 2 pins"):
        draft(entries=(pin(7), pin(8)))
    rule = draft(entries=())
    with pytest.raises(RuleError, match="does nothing yet"):
        operations.publish(rule.pk, seen=1, by=None)
    assert not rule.versions.exists() and not RuleBook.objects.exclude(version="").exists()


def test_synonyms_in_a_circle_are_not_published() -> None:
    for left, right in (("tv", "television"), ("television", "tv")):
        rule = operations.create(Content(kind="synonyms", queries=(left,), also=(right,), one_way=True), by=None)
        if left == "tv":
            publish(rule)
        else:
            with pytest.raises(RuleError, match="leads back to itself"):
                publish(rule)


def test_reading_costs_nothing_while_nothing_changed(django_assert_num_queries: Any) -> None:
    rule = draft()
    publish(rule)
    with django_assert_num_queries(1):
        guidance_for(POT)
    with django_assert_num_queries(0):
        assert guidance_for(POT).pins == ((1, 7),)
        assert guidance_for(ListingQuery(text="cup")) == NO_GUIDANCE and answer_for("pot") is None
    operations.withdraw(rule.pk, by=None)
    with django_assert_num_queries(1):
        assert guidance_for(POT) == NO_GUIDANCE
    with django_assert_num_queries(0):
        assert guidance_for(POT) == NO_GUIDANCE


def test_without_any_rule_one_query_finds_out(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        assert guidance_for(POT) == NO_GUIDANCE
    with django_assert_num_queries(0):
        assert guidance_for(POT) == NO_GUIDANCE


def test_another_process_follows_when_the_name_is_forgotten(django_assert_num_queries: Any) -> None:
    rule = draft()
    publish(rule)
    book = published_book()
    # What a process sees whose cache is its own: another process published, and the name has run out since.
    RuleBook.objects.update(version="another", content=[])
    assert published_book() is book
    cache.delete(reading.KEY)
    with django_assert_num_queries(1):
        assert published_book().rules == {}
    # The same version once more: one query, and the book is not made again.
    cache.delete(reading.KEY)
    held = published_book()
    cache.delete(reading.KEY)
    with django_assert_num_queries(1):
        assert published_book() is held


def test_a_rule_begins_and_ends_without_anybody_saving() -> None:
    now = timezone.now()
    publish(draft(starts=now + timedelta(hours=1), ends=now + timedelta(hours=2)))
    hours = [guidance_for(POT, now=now + timedelta(minutes=minutes)).pins for minutes in (0, 90, 150)]
    assert hours == [(), ((1, 7),), ()]


def test_the_published_rules_guide_the_lists() -> None:
    mug = make_product("Rust mug", categories=["Table"])
    vase = make_product("River vase", categories=["Table"])
    for _done in listing.rebuild():
        pass
    table = make_category("Table").pk
    publish(draft("mug", entries=(pin(vase.pk),), also=("pitcher",)))
    publish(operations.create(
        Content(kind="category", category_id=table, category_name="Table", entries=(Entry("hide", "product", str(mug.pk)),)),
        by=None,
    ))  # fmt: skip
    market = make_market()
    assert find_products(ListingQuery(text="mugs"), market=market).ids == (vase.pk, mug.pk)
    assert find_products(ListingQuery(text="mugs"), market=market, guidance=NO_GUIDANCE).ids == (mug.pk,)
    assert find_products(ListingQuery(category_id=table), market=market).ids == (vase.pk,)
    assert find_products(ListingQuery(text="mugs", category_id=table), market=market).ids == (vase.pk, mug.pk)
    # What is gone from the shop is skipped.
    vase.delete()
    listing.refresh([vase.pk])
    assert find_products(ListingQuery(text="mugs"), market=market).ids == (mug.pk,)


def test_a_page_with_categories_finds_out_by_itself(django_assert_num_queries: Any) -> None:
    make_category("Table")
    categories.find("table")
    with django_assert_num_queries(0):
        assert guidance_for(POT) == NO_GUIDANCE
    publish(draft())
    guidance_for(POT)
    # Another process publishes, and the cache of this one is its own.
    operations.withdraw(Rule.objects.get().pk, by=None)
    cache.set(reading.KEY, reading._held.version)
    assert guidance_for(POT).pins
    categories.find("table")
    with django_assert_num_queries(1):
        assert guidance_for(POT) == NO_GUIDANCE


def test_a_search_is_sent_to_a_page_in_the_visitors_language(client: Client) -> None:
    publish(draft("delivery", entries=(), redirect="/journal/delivery/"))
    publish(draft("everything", entries=(), redirect="/shop/?sort=newest"))
    for url, target in (
        ("/search/?q=Delivery", "/journal/delivery/"),
        ("/search/?q=deliveries", "/journal/delivery/"),
        ("/search/?q=everything&in_stock=1", "/shop/?sort=newest"),
        ("/de/search/?q=everything", "/de/shop/?sort=newest"),
        ("/de/search/?q=delivery", "/journal/delivery/"),
    ):
        answer = client.get(url)
        assert (answer.status_code, answer["Location"]) == (302, target), url
    assert client.get("/search/?q=cup").status_code == 200 and client.get("/search/").status_code == 200


def test_a_search_is_sent_to_a_pages_translation(client: Client) -> None:
    said = story(title="How it is sent")
    german = in_german(said, title="Wie versandt wird")
    publish(draft("delivery", entries=(), redirect=f"{said.url}#prices"))
    assert client.get("/search/?q=delivery")["Location"] == f"{said.url}#prices"
    assert german.url.startswith("/de/")
    assert client.get("/de/search/?q=delivery")["Location"] == f"{german.url}#prices"
    found = client.get("/de/api/search?q=delivery").json()
    assert found["redirect"] == f"http://testserver{german.url}#prices"
    german.unpublish()
    assert client.get("/de/search/?q=delivery")["Location"] == f"{said.url}#prices"


@pytest.mark.parametrize(
    "address",
    ["/search/?q=a", "/de/search/?q=a", "/search", "/s%65arch/", "/x/../search/", "/./search/", "/x/%2e%2e/search/"],
)
def test_a_redirect_cannot_lead_in_a_circle(address: str) -> None:
    with pytest.raises(RuleError):
        draft("pot", entries=(), redirect=address)


def test_banners_stand_above_searches_and_categories_in_their_language(client: Client) -> None:
    make_product("Rust mug", categories=["Table"])
    for _done in listing.rebuild():
        pass
    banners = (Banner("en-gb", "Mugs <b>& more</b>", "/shop/table/"), Banner("de", "Becher"))
    publish(draft("mug", entries=(), banners=banners))
    table = make_category("Table").pk
    publish(operations.create(
        Content(kind="category", category_id=table, category_name="Table", banners=(Banner("en-gb", "Laid for you"),)), by=None
    ))  # fmt: skip
    page = client.get("/search/?q=mug").content.decode()
    assert '<p class="banner"><a href="/shop/table/">Mugs &lt;b&gt;&amp; more&lt;/b&gt;</a></p>' in page
    assert '<p class="banner">Becher</p>' in client.get("/de/search/?q=mug").content.decode()
    assert '<p class="banner">Laid for you</p>' in client.get("/shop/table/").content.decode()
    for url in ("/de/shop/table/", "/shop/", "/search/?q=cup", "/search/"):
        assert 'class="banner"' not in client.get(url).content.decode(), url
