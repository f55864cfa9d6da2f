"""One story or page above the products, where it fits what was searched for better than any of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings as configured
from django.test import Client
from wagtail.models import Locale, PageViewRestriction

from content.models import StandardPage
from search.elastic import keeping, kinds
from tests.factories import make_product
from tests.integration.content.pages import block, home, journal, story

from .stories import settle, text

pytestmark = pytest.mark.django_db
LEAD = 'aria-labelledby="lead-h"'


@pytest.fixture(autouse=True)
def _shop(engine: str, index: Callable[[], None]) -> None:
    """Three teapots of Harrow Pottery and a pan, in both engines."""
    for number in range(3):
        make_product(f"Teapot {number}", brand="Harrow Pottery", description="For long afternoons.")
    make_product("Iron pan", description="Season it in your kitchen.", categories=["Kitchen"])
    index()
    if configured.ELASTICSEARCH_URL:
        keeping.build(kind=kinds.PAGES)


def page(client: Client, query: str) -> str:
    settle()
    if configured.ELASTICSEARCH_URL:
        # What the database has to answer is another test's.
        keeping.build()
    response = client.get(f"/search/?{query}")
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize(
    ("asked", "title", "leads", "why"),
    [
        ("how to season a pan", "How to season a pan", True, "it is the very title"),
        ("teapot", "Teapot", False, "the very title, but whoever searches for a thing wants the thing"),
        ("teapot", "The teapot that lasts", False, "products are called so, too"),
        ("iron pan", "Iron pan", False, "a product has the same name"),
        ("season", "How to season a pan", True, "products only say it in their text"),
        ("afternoons", "The garden", False, "it says nothing of that"),
        ("harrow pottery", "A visit to Harrow Pottery", False, "a maker is searched for because of its products"),
        ("kitchen", "The kitchen of a cook", False, "a shelf is"),
        ("sourdough", "Sourdough in a week", True, "no product has it"),
    ],
)
def test_a_story_leads_where_it_fits_best(client: Client, asked: str, title: str, leads: bool, why: str) -> None:
    story(title=title)
    html = page(client, f"q={asked.replace(' ', '+')}")
    assert (LEAD in html) is leads, why
    if leads:
        assert html.index("<h1>") < html.index(LEAD)
        assert html.count(f">{title}</a>") == 1, "it stands above, and not below once more"
        assert html.index(LEAD) < (html.index('id="products"') if 'id="products"' in html else html.index("instead-h"))


def test_it_leads_on_the_first_page_of_a_plain_list_only(client: Client) -> None:
    story(title="How to season a pan")
    assert LEAD in page(client, "q=season")
    for more in ("in_stock=1", "sort=price", "max=900"):
        html = page(client, f"q=season&{more}")
        assert LEAD not in html
        assert "How to season a pan" in html, "it stands below as any other"


def test_a_plain_page_answers_for_the_shop(client: Client) -> None:
    home().add_child(instance=StandardPage(title="Returns", slug="returns", standfirst="Within thirty days."))
    html = page(client, "q=returns")
    assert LEAD in html
    assert "No product has these words" in html
    assert "We found nothing" not in html
    assert "Within thirty days." in html
    assert "Standard page" not in html


def test_no_one_sees_what_is_closed_even_while_the_worker_is_behind(client: Client) -> None:
    story(title="Sourdough in a week")
    assert LEAD in page(client, "q=sourdough")
    PageViewRestriction.objects.create(page=journal(), restriction_type=PageViewRestriction.LOGIN)
    assert "Sourdough in a week" not in client.get("/search/?q=sourdough").content.decode()


def test_it_is_in_the_language_of_the_visitor(client: Client) -> None:
    german = Locale.objects.get_or_create(language_code="de")[0]
    story([text("Nichts als Mehl.")], title="Sauerteig", locale=german)
    assert LEAD not in page(client, "q=sauerteig")


def test_suggestions_name_stories_that_begin_so(client: Client) -> None:
    story([block("text", {"text": "<p>Bread.</p>"})], title="Sourdough in a week")
    settle()
    assert "Sourdough in a week" in client.get("/search/suggest/?q=sourd").content.decode()
    assert "Sourdough in a week" in client.get("/search/suggest/?q=sourdough+in").content.decode()


def test_stories_cost_a_handful_of_queries(client: Client, django_assert_max_num_queries: Callable[[int], Any]) -> None:
    for number in range(6):
        story(title=f"Season {number}")
    story(title="Season")
    page(client, "q=season")
    with django_assert_max_num_queries(32):
        html = client.get("/search/?q=season").content.decode()
    assert LEAD in html
