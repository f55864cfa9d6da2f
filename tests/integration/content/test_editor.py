"""What a marketer sees while writing."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter

from content.blocks.media import VideoBlock, video_address
from content.blocks.text import TEXT_FEATURES
from content.handlers import PICTURE_AVIF, PICTURE_SIZES, make_avif_sizes, make_picture_sizes
from content.models import HomePage, StandardPage, StoryPage
from content.pictures import filter_specs, picture_of
from content.rich_text import render_prose
from content.selectors import lookup_of
from shop.outbox.models import OutboxEntry
from tests.factories import make_product

from .contract import BLOCKS
from .pages import block, home, image, journal, story

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("fate", ["there", "deleted"])
def test_the_editor_opens_with_every_block(marketer: Client, fate: str) -> None:
    product = make_product("Ember bowl")
    raw = [block(name.split()[0], make(product.pk), number) for number, (name, make) in enumerate(BLOCKS.items(), 1)]
    raw.append(block("carousel", {"slides": 1}, 99))
    page = story(raw)
    page.save_revision()
    number = product.pk
    if fate == "deleted":
        product.delete()
    html = marketer.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert (f" (no. {number}): choose another" in html) is (fate == "deleted")
    assert "carousel" in html
    assert "product-entity.js" in html


@pytest.mark.parametrize("model", [HomePage, StoryPage, StandardPage])
def test_every_kind_of_page_can_be_begun(marketer: Client, model: type) -> None:
    parent = journal() if model is StoryPage else home()
    if model is HomePage:
        assert marketer.get(reverse("wagtailadmin_pages:edit", args=[parent.pk])).status_code == 200
        return
    url = reverse("wagtailadmin_pages:add", args=["content", model.__name__.lower(), parent.pk])
    assert marketer.get(url).status_code == 200


def test_a_preview_in_the_editor_shows_what_is_typed_with_the_live_price(marketer: Client) -> None:
    product = make_product("Ember bowl", price="28.00")
    page = story()
    url = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
    text = {
        "blocks": [
            {
                "key": "a",
                "text": "See the bowl today",
                "type": "unstyled",
                "depth": 0,
                "inlineStyleRanges": [],
                "entityRanges": [{"key": 0, "offset": 8, "length": 4}],
            }
        ],
        "entityMap": {"0": {"type": "PRODUCT", "mutability": "MUTABLE", "data": {"id": str(product.pk), "title": "x"}}},
    }
    form = {
        "title": "Draft title",
        "slug": page.slug,
        "kicker": "",
        "standfirst": "",
        "date": "2026-02-20",
        "byline": "",
        "lead_alt": "",
        "body-count": "2",
        "body-0-deleted": "",
        "body-0-order": "0",
        "body-0-type": "text",
        "body-0-id": "",
        "body-0-value-text": json.dumps(text),
        "body-1-deleted": "",
        "body-1-order": "1",
        "body-1-type": "product",
        "body-1-id": "",
        "body-1-value-product": str(product.pk),
        "body-1-value-note": "Because",
        "body-1-value-style": "panel",
    }
    answer = json.loads(marketer.post(url, form).content)
    assert answer["is_valid"] is True, answer
    html = marketer.get(url).content.decode()
    assert "Draft title" in html
    assert 'class="mention"' in html
    assert html.count("£28") == 2
    assert "Draft title" not in marketer.get(page.url).content.decode()


def test_a_story_that_was_never_saved_has_a_preview(marketer: Client) -> None:
    url = reverse("wagtailadmin_pages:preview_on_add", args=["content", "storypage", journal().pk])
    form = {"title": "Never saved", "slug": "never-saved", "date": "2026-02-20", "body-count": "0"}
    assert json.loads(marketer.post(url, form).content)["is_valid"] is True
    assert "Never saved" in marketer.get(url).content.decode()


def test_a_named_product_survives_the_editor() -> None:
    product = make_product("Ember bowl")
    converter = ContentstateConverter(features=TEXT_FEATURES)
    stored = f'<p data-block-key="abcde">The <a id="{product.pk}" linktype="product">bowl</a>.</p>'
    for _ in ("there", "deleted"):
        state = converter.from_database_format(stored)
        assert json.loads(state)["entityMap"]["0"]["type"] == "PRODUCT"
        again = converter.to_database_format(state)
        assert f'id="{product.pk}"' in again
        assert 'linktype="product"' in again
        assert ">bowl</a>" in again
        product = type(product).objects.filter(pk=product.pk).first() or product
        stored = again.replace(f'id="{product.pk}"', f'id="{product.pk + 999}"')
        product.pk += 999


def test_a_mention_escapes_what_was_written() -> None:
    product = make_product("Ember bowl", price="28.00")
    source = f'<p><a linktype="product" id="{product.pk}">bowl &amp; <b>&lt;lid&gt;</b></a></p>'
    products = lookup_of([], None)
    assert render_prose(source, products) == "<p>bowl &amp; <b>&lt;lid&gt;</b></p>"
    block_ = StoryPage.body.field.stream_block.child_blocks["text"]
    value = block_.to_python({"text": source})
    html = render_prose(source, lookup_of([(block_, value)], None))
    assert "bowl &amp; " in html
    assert "&lt;lid&gt;" in html
    assert "<lid>" not in html


def test_rich_text_elsewhere_links_to_the_product_and_survives_its_end() -> None:
    from wagtail.rich_text import expand_db_html

    product = make_product("Ember bowl")
    source = f'<p><a linktype="product" id="{product.pk}">bowl</a> <a linktype="product" id="x">lid</a></p>'
    assert expand_db_html(source) == f'<p><a href="{product.get_absolute_url()}">bowl</a> <a>lid</a></p>'
    product.delete()
    assert expand_db_html(source) == "<p><a>bowl</a> <a>lid</a></p>"


@pytest.mark.parametrize(
    ("url", "player"),
    [
        ("https://www.youtube.com/watch?v=dQw4w9WgXcQ", "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"),
        ("https://youtu.be/dQw4w9WgXcQ", "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"),
        ("https://vimeo.com/76979871", "https://player.vimeo.com/video/76979871?dnt=1"),
        ("https://films.example/76979871", ""),
    ],
)
def test_films_come_from_two_places(url: str, player: str) -> None:
    assert video_address(url) == player
    film = VideoBlock()
    value = film.to_python({"url": url, "title": "A film", "picture": None, "minutes": None})
    if player:
        html = film.render(value)
        assert f'data-film="{player}"' in html
        assert f'href="{url}"' in html
        assert "<iframe" not in html
    else:
        with pytest.raises(Exception) as raised:
            film.clean(value)
        assert "not a film on YouTube or Vimeo" in str(raised.value.block_errors["url"])


def test_picture_sizes_are_made_by_the_worker_and_never_by_a_page() -> None:
    made = image(1000, 700)
    before = picture_of(made)
    assert before is not None
    assert before.srcset == ""
    entry = OutboxEntry.objects.get(topic=PICTURE_SIZES)
    make_picture_sizes([entry.payload, {"image": 999_999}])
    after = picture_of(type(made).objects.get(pk=made.pk), alt="A shelf")
    assert after is not None
    assert "480w" in after.srcset
    assert after.sources[0][0] == "image/webp"
    assert (after.width, after.height, after.alt) == (1000, 700, "A shelf")
    # AVIF comes later, all of its sizes at once, and then first.
    entry = OutboxEntry.objects.get(topic=PICTURE_AVIF)
    make_avif_sizes([entry.payload])
    best = picture_of(type(made).objects.get(pk=made.pk), alt="A shelf")
    assert best is not None
    assert [kind for kind, _ in best.sources] == ["image/avif", "image/webp"]
    assert best.sources[0][1].count(".avif") == best.srcset.count(" ") // 2 + 1 == 3
    made.renditions.filter(filter_spec="width-480|format-avif").delete()
    assert picture_of(type(made).objects.get(pk=made.pk)).sources[0][0] == "image/webp"


def test_no_size_is_larger_than_the_picture() -> None:
    assert filter_specs(300) == ["width-300|format-webp", "width-300|format-jpeg"]
    assert [spec for spec in filter_specs(1000) if "webp" in spec] == [
        "width-480|format-webp",
        "width-800|format-webp",
        "width-1000|format-webp",
    ]
    assert "width-1600|format-webp" in filter_specs(4000)
    assert not any("4000" in spec for spec in filter_specs(4000))


def test_a_page_is_not_moved_onto_an_address_of_the_shop(marketer: Client) -> None:
    below = home().add_child(instance=StandardPage(title="Help", slug="help"))
    page = below.add_child(instance=StandardPage(title="Basket", slug="basket"))
    url = reverse("wagtailadmin_pages:move_confirm", args=[page.pk, home().pk])
    marketer.post(url)
    page.refresh_from_db()
    assert page.get_parent().pk == below.pk
