"""Stories of products and categories: drafts, previews, and where they show."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale
from wagtail.test.utils.form_data import nested_form_data, streamfield

from content.models import CategoryStory, ProductStory
from shop.accounts.roles import MARKETER, MERCHANDISER, SUPPORT
from tests.factories import make_category, make_product
from tests.people import signed_in

from .pages import block

pytestmark = pytest.mark.django_db


def body_of(words: str) -> list[dict[str, Any]]:
    return [block("text", {"text": f"<p>{words}</p>", "dropcap": False})]


def make_story(product: Any, words: str, *, live: bool = True) -> ProductStory:
    story = ProductStory(product=product, locale=Locale.get_default(), live=live)
    story.body = ProductStory.body.field.to_python(body_of(words))
    story.save()
    return story


def test_a_story_is_on_its_product_page_only_when_published(client: Client) -> None:
    product = make_product("Ember bowl")
    story = make_story(product, "Thrown in Wales", live=False)
    assert "Thrown in Wales" not in client.get(product.get_absolute_url()).content.decode()
    story.save_revision().publish()
    assert "Thrown in Wales" in client.get(product.get_absolute_url()).content.decode()
    story.refresh_from_db()
    story.unpublish()
    assert "Thrown in Wales" not in client.get(product.get_absolute_url()).content.decode()


def test_an_edit_is_a_draft_until_it_is_published(client: Client) -> None:
    product = make_product("Ember bowl")
    story = make_story(product, "Old words")
    story.body = ProductStory.body.field.to_python(body_of("New words"))
    revision = story.save_revision()
    html = client.get(product.get_absolute_url()).content.decode()
    assert "Old words" in html
    assert "New words" not in html
    revision.publish()
    assert "New words" in client.get(product.get_absolute_url()).content.decode()


def test_the_preview_is_the_real_product_page_with_the_draft(client: Client) -> None:
    product = make_product("Ember bowl", price="28.00")
    story = make_story(product, "Old words")
    signed_in(MARKETER, client)
    url = reverse(ProductStory.snippet_viewset.get_url_name("preview_on_edit"), args=[story.pk])
    form = {
        "product": product.pk,
        "title": "How it is made",
        "body-count": "1",
        "body-0-deleted": "",
        "body-0-order": "0",
        "body-0-type": "text",
        "body-0-id": "",
        "body-0-value-text": json.dumps(
            {
                "blocks": [
                    {
                        "key": "a",
                        "text": "Draft words",
                        "type": "unstyled",
                        "depth": 0,
                        "inlineStyleRanges": [],
                        "entityRanges": [],
                    }
                ],
                "entityMap": {},
            }
        ),
        "body-0-value-dropcap": "",
    }
    assert json.loads(client.post(url, form).content)["is_valid"] is True
    html = client.get(url).content.decode()
    assert "Draft words" in html
    assert "How it is made" in html
    assert "Old words" not in html
    assert "Ember bowl" in html
    assert "£28" in html
    assert "Draft words" not in client.get(product.get_absolute_url()).content.decode()


def test_the_preview_of_a_category_story_is_the_real_category_page(client: Client) -> None:
    category = make_category("For the table")
    make_product("Ember bowl", categories=[category])
    story = CategoryStory(category=category, locale=Locale.get_default(), live=False)
    story.body = CategoryStory.body.field.to_python(body_of("Why we set tables"))
    story.save()
    story.save_revision()
    response = story.make_preview_request(preview_mode="")
    html = response.content.decode()
    assert response.status_code == 200
    assert "Why we set tables" in html
    assert "For the table" in html
    public = client.get(category.get_absolute_url()).content.decode()
    assert "Why we set tables" not in public
    story.get_latest_revision().publish()
    assert "Why we set tables" in client.get(category.get_absolute_url()).content.decode()


def test_a_product_has_one_story_in_a_language(client: Client) -> None:
    product = make_product("Ember bowl")
    make_story(product, "One")
    signed_in(MARKETER, client)
    url = reverse(ProductStory.snippet_viewset.get_url_name("add"))
    response = client.post(url, {"product": product.pk, "title": "Two", "body-count": "0"})
    assert response.status_code == 200
    assert "has a story in this language already" in response.content.decode()
    assert ProductStory.objects.count() == 1


def test_the_dashboard_link_opens_a_new_story_of_that_product(client: Client) -> None:
    product = make_product("Ember bowl")
    signed_in(MARKETER, client)
    html = client.get(
        reverse(ProductStory.snippet_viewset.get_url_name("add")), {"product": product.pk}
    ).content.decode()
    assert "Ember bowl" in html


@pytest.mark.parametrize(("role", "status"), [(MARKETER, 200), (MERCHANDISER, 200), (SUPPORT, 302)])
def test_who_may_write_stories(client: Client, role: str, status: int) -> None:
    signed_in(role, client)
    assert client.get(reverse(ProductStory.snippet_viewset.get_url_name("add"))).status_code == status


def test_a_story_about_a_variant_is_its_products(client: Client) -> None:
    plates = make_product(
        "Supper plates", variants=[{"attributes": {"Glaze": "Soot"}}, {"attributes": {"Glaze": "Fern"}}]
    )
    child = plates.children.first()
    signed_in(MARKETER, client)
    url = reverse(ProductStory.snippet_viewset.get_url_name("add"))
    form = {"product": child.pk, "title": "Soot and salt", "body-count": "0", "action-publish": "1"}
    assert client.post(url, form).status_code == 302
    story = ProductStory.objects.get()
    assert story.product_id == plates.pk
    assert story.live
    again = client.post(url, {**form, "product": plates.pk, "title": "Two"})
    assert "has a story in this language already" in again.content.decode()


def test_the_preview_of_a_story_about_a_variant_shows_it(client: Client) -> None:
    plates = make_product(
        "Supper plates", variants=[{"attributes": {"Glaze": "Soot"}}, {"attributes": {"Glaze": "Fern"}}]
    )
    signed_in(MARKETER, client)
    url = reverse(ProductStory.snippet_viewset.get_url_name("preview_on_add"))
    form = nested_form_data(
        {
            "product": plates.children.first().pk,
            "title": "Soot and salt",
            "body": streamfield([("heading", {"text": "Why it is black", "level": "2"})]),
        }
    )
    assert json.loads(client.post(url, form).content)["is_valid"] is True
    assert "Why it is black" in client.get(url).content.decode()


def test_the_list_of_stories_says_in_words_what_is_live(client: Client) -> None:
    make_story(make_product("Ember bowl"), "One")
    make_story(make_product("River mug"), "Two", live=False)
    signed_in(MARKETER, client)
    html = client.get(reverse(ProductStory.snippet_viewset.get_url_name("list"))).content.decode()
    table = html.split('class="listing', 1)[1].split("</table>")[0]
    assert re.search(r">\s*live\s*<", table)
    assert re.search(r">\s*draft\s*<", table)
    assert "True" not in table
