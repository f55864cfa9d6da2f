"""Drafts and versions in the editor: what is unfinished is kept, and two versions can be compared."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from content.models import StandardPage, StoryPage
from shop.catalogue.models import Brand
from tests.factories import make_category, make_product

from .contract import BLOCKS
from .pages import block, home, image, items, story

pytestmark = pytest.mark.django_db

FILM = {"url": "https://vimeo.com/76979871", "title": "Throwing a bowl", "picture": None, "minutes": None}
RULE = {
    "title": "", "note": "", "category": None, "brand": None, "on_sale": False, "new": False, "in_stock": False,
    "saved_search": None, "order": "newest", "limit": 8, "row": False,
}  # fmt: skip


def compared(client: Client, before: list[dict[str, Any]], after: list[dict[str, Any]]) -> str:
    """The comparison of two versions of a story, as text."""
    page = story(before)
    first = page.save_revision()
    page.body = StoryPage.body.field.to_python(after)
    second = page.save_revision()
    answer = client.get(reverse("wagtailadmin_pages:revisions_compare", args=[page.pk, first.pk, second.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_film_without_a_still_can_be_compared(marketer: Client) -> None:
    html = compared(marketer, [], [block("video", FILM)])
    assert "Throwing a bowl" in html
    still = {"image": image(title="The wheel").pk, "alt_text": "A wheel", "decorative": False}
    html = compared(marketer, [block("video", FILM)], [block("video", {**FILM, "picture": still})])
    assert "The wheel: A wheel" in html


def test_every_block_can_be_compared_with_nothing(marketer: Client) -> None:
    product = make_product("Ember bowl")
    raw = [block(name.split()[0], make(product.pk), number) for number, (name, make) in enumerate(BLOCKS.items(), 1)]
    html = compared(marketer, [], raw)
    assert "Ember bowl" in html


def test_versions_are_compared_by_names(marketer: Client) -> None:
    bowl, mug = make_product("Ember bowl", sku="EB-1"), make_product("River mug", sku="RM-1")
    html = compared(
        marketer,
        [block("product", {"product": bowl.pk, "note": "", "style": "margin"})],
        [block("product", {"product": mug.pk, "note": "", "style": "margin"})],
    )
    assert "Ember bowl" in html
    assert "River mug" in html
    rule = {**RULE, "category": make_category("Linen").pk, "brand": Brand.objects.create(name="Harrow", slug="h").pk}
    html = compared(marketer, [block("rule_grid", RULE)], [block("rule_grid", rule)])
    assert "Linen" in html
    assert "Harrow" in html
    assert "None" not in html.split("Only reduced ones")[0].split("In the category")[-1]


EMPTY = {
    "video": {"url": "", "title": "", "picture": {"image": "", "alt_text": ""}, "minutes": ""},
    "hotspots": {"title": "", "note": "", "picture": {"image": "", "alt_text": ""}, "spots": streamfield([])},
    "comparison": {
        "title": "", "note": "", "caption": "", "products": streamfield([]),
        "rows": streamfield([("item", {"label": "Best at", "values": streamfield([])})]),
    },
    "lookbook": {
        "title": "", "note": "", "picture": {"image": "", "alt_text": ""}, "text": "", "page": "", "link_text": "",
        "products": streamfield([]),
    },
    "product": {"product": "", "note": "", "style": "margin"},
    "product_grid": {"title": "", "note": "", "products": streamfield([])},
    "rule_grid": {"title": "", "note": "", "category": "", "brand": "", "saved_search": "", "order": "", "limit": ""},
    "add_to_basket": {"product": "", "title": "", "text": ""},
    "buy_all": {"title": "", "products": streamfield([])},
    "picture": {"picture": {"image": "", "alt_text": ""}, "caption": "", "width": "text"},
    "gallery": {"title": "", "pictures": streamfield([])},
    "quote": {"quote": "", "source": ""},
    "heading": {"text": "", "level": ""},
}  # fmt: skip


def form_with(kind: str) -> dict[str, Any]:
    form = {
        "title": "Draft", "slug": "draft", "kicker": "", "standfirst": "", "date": "2026-02-20", "byline": "",
        "lead_alt": "", "body": streamfield([(kind, EMPTY[kind])]), "comments": inline_formset([]),
    }  # fmt: skip
    return nested_form_data(form)


@pytest.mark.parametrize("kind", EMPTY)
def test_a_block_that_was_only_begun_is_saved_and_drawn(marketer: Client, kind: str) -> None:
    page = story()
    answer = marketer.post(
        reverse("wagtailadmin_pages:edit", args=[page.pk]), form_with(kind), HTTP_ACCEPT="application/json"
    )
    assert answer.status_code == 200, answer.content.decode()[:2000]
    assert json.loads(answer.content)["success"] is True
    page.refresh_from_db()
    draft = page.get_latest_revision().as_object()
    assert [child.block_type for child in draft.body] == [kind]
    shown = marketer.get(reverse("wagtailadmin_pages:view_draft", args=[page.pk]))
    assert shown.status_code == 200
    published = marketer.post(
        reverse("wagtailadmin_pages:edit", args=[page.pk]), {**form_with(kind), "action-publish": "1"}
    )
    if kind not in ("rule_grid",):
        assert published.status_code == 200
        assert "could not be" in published.content.decode()


def test_a_comparison_with_a_value_missing_is_refused_when_it_is_published(marketer: Client) -> None:
    ember, river = make_product(), make_product()
    value = {
        "title": "", "note": "", "caption": "Today", "products": items({"product": ember.pk, "pick": False}, {"product": river.pk, "pick": False}),
        "rows": items({"label": "Best at", "values": items("Soup")}),
    }  # fmt: skip
    stream = StoryPage.body.field.stream_block
    body = stream.to_python([block("comparison", value)])
    assert len(stream.clean_deferred(body)) == 1
    with pytest.raises(Exception) as raised:
        stream.clean(body)
    assert "has 1 values for 2 products" in str(raised.value.as_json_data())


@pytest.mark.parametrize("publish", [True, False])
@pytest.mark.parametrize("slug", ["basket", "Search"])
def test_a_page_is_not_copied_onto_an_address_of_the_shop(marketer: Client, slug: str, publish: bool) -> None:
    page = home().add_child(instance=StandardPage(title="Help", slug="help"))
    form = {"new_title": "Copy", "new_slug": slug, "new_parent_page": home().pk}
    url = reverse("wagtailadmin_pages:copy", args=[page.pk])
    answer = marketer.post(url, {**form, "publish_copies": "on"} if publish else form)
    assert answer.status_code == 200
    assert "is an address of the shop itself" in answer.content.decode()
    assert not StandardPage.objects.filter(slug__iexact=slug).exists()
    # Below another page the word is free.
    assert marketer.post(url, {**form, "new_parent_page": page.pk}).status_code == 302


def test_words_of_a_link_without_a_page_are_refused_when_they_are_published() -> None:
    stream = StoryPage.body.field.stream_block
    value = {"kind": "info", "text": "<p>Note</p>", "link_text": "Read on", "link": None}
    body = stream.to_python([block("callout", value)])
    assert len(stream.clean_deferred(body)) == 1
    with pytest.raises(Exception) as raised:
        stream.clean(body)
    assert "“Read on” leads nowhere" in str(raised.value.as_json_data())
