"""Page types: front page, journal, lookbook, landing, standard and contact pages."""

from __future__ import annotations

import datetime
import xml.etree.ElementTree as ElementTree
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale, PageViewRestriction

from content.models import (
    Author,
    ContactMessage,
    ContactPage,
    HomeContentsEntry,
    LandingPage,
    LookbookPage,
    StandardPage,
    StoryPage,
    Topic,
)
from content.reading import plain_words, reading_minutes
from content.reserved import RESERVED
from search import operations
from shop.outbox.models import OutboxEntry
from tests.factories import make_category, make_product

from .pages import block, home, image, items, journal, story

pytestmark = pytest.mark.django_db


def topic(name: str = "Bread") -> Topic:
    return Topic.objects.create(name=name, slug=name.lower(), locale=Locale.get_default())


def test_the_front_page_shows_cover_contents_and_blocks(client: Client, django_assert_max_num_queries: Any) -> None:
    cover = story(title="Buy the bowl first", kicker="Buying guide", standfirst="Six pieces.", lead_picture=image())
    other = story(title="Bread that forgives", lead_picture=image())
    table = make_category("For the table")
    cup = make_product("River mug", price="22.00", categories=[table])
    page = home()
    page.issue_line = "Number 14, the early spring issue"
    page.issue_number = "No. 14"
    page.cover_story = cover
    page.contents = [
        HomeContentsEntry(page=cover, line="Six pieces", number="4"),
        HomeContentsEntry(page=other, title="One loaf", line="No kneading", number="18"),
    ]
    page.body = type(page).body.field.to_python(
        [
            block("product_grid", {"title": "Out of the kilns", "products": items(cup.pk), "row": True}),
            block("category_tiles", {"title": "", "categories": items(table.pk)}, 2),
            block("stories", {"title": "From the Journal", "stories": [], "limit": 3, "layout": "lead"}, 3),
            block("newsletter", {"title": "The Friday letter", "text": "One story.", "button": "Send"}, 4),
            block("recently_viewed", {"title": "You looked at these"}, 5),
        ]
    )
    page.save_revision().publish()
    for _done in operations.rebuild():
        pass
    client.get("/")
    with django_assert_max_num_queries(22):
        html = client.get("/").content.decode()
    for text in (
        "Number 14",
        "Buy the bowl first",
        "One loaf",
        "Out of the kilns",
        "£22",
        "The Friday letter",
        "1 thing",
    ):
        assert text in html, text
    assert 'data-recent="/products/recent/"' in html
    assert 'action="/newsletter/"' in html
    assert html.count("<h1") == 1


def test_the_journal_has_pages_of_twelve_and_topics(client: Client, django_assert_max_num_queries: Any) -> None:
    bread = topic()
    for number in range(14):
        made = story(title=f"Story {number:02d}", date=datetime.date(2026, 1, 1 + number), lead_picture=image(40, 30))
        if number < 2:
            made.topics.add(bread)
            made.save()
    client.get("/journal/")
    with django_assert_max_num_queries(14):
        first = client.get("/journal/").content.decode()
    assert first.count('class="tease"') == 12
    assert first.index("Story 13") < first.index("Story 12")
    assert "Story 00" not in first
    assert "Story 00" in client.get("/journal/?page=2").content.decode()
    past = client.get("/journal/?page=9999")
    assert past.status_code == 404
    assert "That is past the last page." in past.content.decode()
    assert 'href="/journal/?page=2"' in past.content.decode()
    titles = [client.get(f"/journal/?page={n}").content.decode().split("</title>")[0] for n in (1, 2)]
    assert titles[0].split("<title>")[1] != titles[1].split("<title>")[1]
    assert client.get("/journal/?page=x").status_code == 200
    about_bread = client.get("/journal/topic/bread/").content.decode()
    assert about_bread.count('class="tease"') == 2
    assert client.get("/journal/topic/nothing/").status_code == 404


def test_the_feed_is_rss_that_readers_take(client: Client) -> None:
    author = Author.objects.create(name="Ines Calder", slug="ines")
    made = story(title="Bread & butter", standfirst="One <loaf>", author=author)
    story(title="Not out yet", live=False)
    response = client.get("/journal/feed/")
    assert response["Content-Type"].startswith("application/rss+xml")
    channel = ElementTree.fromstring(response.content).find("channel")
    assert channel is not None
    found = channel.findall("item")
    assert [item.findtext("title") for item in found] == ["Bread & butter"]
    assert found[0].findtext("link") == f"http://testserver{made.url}"
    assert found[0].findtext("description") == "One <loaf>"
    assert found[0].findtext("pubDate")


def test_read_on_prefers_the_same_topic(client: Client) -> None:
    bread = topic()
    old = story(title="Old bread", date=datetime.date(2024, 1, 1))
    old.topics.add(bread)
    old.save()
    for number in range(3):
        story(title=f"News {number}", date=datetime.date(2026, 1, 1 + number))
    page = story(title="New bread")
    page.topics.add(bread)
    page.save()
    html = client.get(page.url).content.decode()
    read_on = html.split('id="more-h"')[1]
    assert read_on.index("Old bread") < read_on.index("News 2")
    assert "News 0" not in read_on


def test_a_private_section_stays_out_of_lists(client: Client) -> None:
    hidden = story(title="Only for some")
    page = story(title="For all")
    PageViewRestriction.objects.create(page=hidden, restriction_type=PageViewRestriction.LOGIN)
    assert "Only for some" not in client.get("/journal/").content.decode()
    assert "Only for some" not in client.get(page.url).content.decode()
    assert client.get(hidden.url).status_code == 302


def test_reading_takes_a_minute_for_220_words() -> None:
    page = StoryPage(title="Long", body=[])
    page.body = StoryPage.body.field.to_python([block("text", {"text": f"<p>{'word ' * 441}</p>", "dropcap": False})])
    assert reading_minutes("", plain_words(page.body)) == 3
    assert reading_minutes("", plain_words(None)) == 1


def test_what_an_editor_chooses_is_no_word_of_the_story() -> None:
    # An excerpt once read "mugs Section The clay comes in bags".
    blocks = StoryPage._meta.get_field("body").stream_block
    body = blocks.to_python([
        {"type": "heading", "value": {"text": "Mugs", "level": "2"}},
        {"type": "callout", "value": {"kind": "warn", "text": "<p>Hot</p>", "link_text": ""}},
    ])  # fmt: skip
    assert plain_words(body) == "Mugs Hot"


def test_what_was_left_out_is_no_word_of_the_story() -> None:
    # Who searched for "none" found stories whose notes were empty, and an excerpt read "None None Narrow bodies".
    blocks = StoryPage._meta.get_field("body").stream_block
    picture = image()
    body = blocks.to_python([
        {"type": "quote", "value": {"quote": "Nothing is lost.", "source": None}},
        {"type": "product", "value": {"product": 1}},
        {"type": "video", "value": {"url": "https://vimeo.com/76979871", "title": "Throwing", "picture": None}},
        {"type": "gallery", "value": {"pictures": [{"picture": {"image": picture.pk, "alt_text": None}}]}},
        {"type": "comparison", "value": {"title": None, "products": [], "rows": [{"label": "Lid", "values": ["None"]}]}},
    ])  # fmt: skip
    # What an editor wrote stays.
    assert plain_words(body) == "Nothing is lost. Throwing Prices and stock are today’s. Lid None"


@pytest.mark.parametrize("model", [LandingPage, LookbookPage, StandardPage])
def test_the_other_pages_show_their_blocks(model: Any, client: Client) -> None:
    product = make_product("Ember bowl", price="28.00")
    page = model(title="A page", standfirst="About it")
    page.body = model.body.field.to_python([block("product_grid", {"title": "Bowls", "products": items(product.pk)})])
    home().add_child(instance=page)
    html = client.get(page.url).content.decode()
    assert "About it" in html
    assert "£28" in html
    assert html.count("<h1") == 1


@pytest.mark.parametrize("slug", sorted(word for word in RESERVED if "." not in word))
def test_no_page_below_the_front_page_takes_an_address_of_the_shop(slug: str) -> None:
    with pytest.raises(ValidationError, match="address of the shop itself"):
        home().add_child(instance=StandardPage(title="Page", slug=slug))


def test_deeper_pages_may_have_any_slug() -> None:
    made = journal().add_child(instance=StoryPage(title="Shop", slug="shop", body=[]))
    assert made.url == "/journal/shop/"


def test_the_editor_refuses_a_reserved_slug_too(marketer: Client) -> None:
    url = reverse("wagtailadmin_pages:add", args=["content", "standardpage", home().pk])
    response = marketer.post(url, {"title": "Basket", "slug": "basket", "standfirst": "", "body-count": "0"})
    assert response.status_code == 200
    assert "address of the shop itself" in response.content.decode()


@pytest.fixture
def contact() -> ContactPage:
    return home().add_child(instance=ContactPage(title="Write to us", slug="write-to-us", mail_to="desk@example.org"))


MESSAGE = {"name": "Ada", "email": "ada@example.org", "subject": "Lids", "text": "Do you sell lids?", "website": ""}


def test_a_message_is_kept_and_mailed_and_the_page_is_not_cached(client: Client, contact: ContactPage) -> None:
    page = client.get(contact.url)
    assert "no-store" in page["Cache-Control"] or "no-cache" in page["Cache-Control"]
    response = client.post(contact.url, MESSAGE)
    assert response.status_code == 302
    assert ContactMessage.objects.get().text == "Do you sell lids?"
    assert OutboxEntry.objects.filter(topic="mail.send").count() == 1
    assert "Your message is here" in client.get(response["Location"]).content.decode()


def test_a_machine_is_thanked_and_forgotten(client: Client, contact: ContactPage) -> None:
    assert client.post(contact.url, {**MESSAGE, "website": "http://spam.example"}).status_code == 302
    assert not ContactMessage.objects.exists()


def test_a_message_without_an_address_is_refused_with_the_reason(client: Client, contact: ContactPage) -> None:
    response = client.post(contact.url, {**MESSAGE, "email": "nobody"})
    assert response.status_code == 400
    html = response.content.decode()
    assert "That is no e-mail address. It has a name, an @ and a domain" in html
    assert "Do you sell lids?" in html
    assert not ContactMessage.objects.exists()


def test_the_sixth_message_within_an_hour_is_refused(client: Client, contact: ContactPage) -> None:
    for _ in range(5):
        assert client.post(contact.url, MESSAGE).status_code == 302
    response = client.post(contact.url, MESSAGE)
    assert response.status_code == 400
    assert "5 messages within the hour" in response.content.decode()
    assert ContactMessage.objects.count() == 5


def test_visitors_behind_the_proxy_have_a_limit_each(client: Client, contact: ContactPage) -> None:
    for number in range(6):
        headers = {"X-Forwarded-For": f"203.0.113.{number}"}
        assert client.post(contact.url, MESSAGE, headers=headers).status_code == 302
    assert ContactMessage.objects.count() == 6


def test_a_story_without_a_kicker_says_what_it_is_with_a_capital() -> None:
    assert story().kicker_line == "Story"
    assert story(title="With words", kicker="Recipe").kicker_line == "Recipe"


def test_the_feed_names_whoever_the_page_names(client: Client) -> None:
    story(title="By many hands", byline="Words by the kitchen desk")
    assert "Words by the kitchen desk" in client.get("/journal/feed/").content.decode()
