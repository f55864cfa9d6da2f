"""The frame around every page: menus, error pages, the country choice, and forms that hold no token."""

import re
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client, RequestFactory
from masthead import errors
from masthead.navigation import navigation
from wagtail.models import Page

from search import operations
from shop.catalogue.models import Category, Product, ProductClass


@pytest.fixture
def shelves(db: None) -> tuple[Category, Category]:
    table = Category.add_root(name="For the table", slug="table")
    bowls = table.add_child(name="Bowls", slug="bowls")
    table.refresh_from_db()
    return table, bowls


@pytest.mark.django_db
def test_the_menus_count_each_product_once(shelves: tuple[Category, Category], rf: RequestFactory) -> None:
    table, bowls = shelves
    cups = Category.objects.get(pk=table.pk).add_child(name="Cups", slug="cups")
    kind = ProductClass.objects.create(name="Things")
    both = Product.objects.create(title="Bowl and cup", slug="both", product_class=kind)
    both.categories.add(bowls, cups)
    hidden = Product.objects.create(title="Hidden", slug="hidden", product_class=kind, is_public=False)
    hidden.categories.add(bowls)
    for _done in operations.rebuild():
        pass
    shelf = navigation(rf.get("/")).shelves[0]
    assert (shelf.title, shelf.url, shelf.count) == ("For the table", "/shop/table/", 1)
    assert [(child.url, child.count) for child in shelf.children] == [
        ("/shop/table/bowls/", 1),
        ("/shop/table/cups/", 1),
    ]


@pytest.mark.django_db
def test_the_menus_cost_no_query_once_made(
    shelves: tuple[Category, Category], rf: RequestFactory, django_assert_num_queries: Any
) -> None:
    cache.clear()
    with django_assert_num_queries(3):  # Two, and the look for the site, which is kept on the request.
        navigation(rf.get("/"))
    with django_assert_num_queries(0):
        navigation(rf.get("/"))


@pytest.mark.django_db
def test_the_menus_follow_a_change(
    shelves: tuple[Category, Category], rf: RequestFactory, django_capture_on_commit_callbacks: Any
) -> None:
    table, _ = shelves
    assert navigation(rf.get("/")).shelves[0].title == "For the table"
    with django_capture_on_commit_callbacks(execute=True):
        table.name = "Tableware"
        table.save()
    assert navigation(rf.get("/")).shelves[0].title == "Tableware"
    with django_capture_on_commit_callbacks(execute=True):
        page = Page.objects.get(depth=2).add_child(instance=Page(title="Journal", slug="journal", show_in_menus=True))
    assert [(link.title, link.url) for link in navigation(rf.get("/")).journal] == [("Journal", "/journal/")]
    with django_capture_on_commit_callbacks(execute=True):
        page.unpublish()
    assert navigation(rf.get("/")).journal == ()


@pytest.mark.django_db
def test_a_page_that_is_not_there_helps_on(client: Client, shelves: tuple[Category, Category]) -> None:
    response = client.get("/no-such-page/")
    html = response.content.decode()
    assert response.status_code == 404
    assert "That page slipped off the shelf." in html and 'href="/shop/table/"' in html and 'name="q"' in html
    assert "csrfmiddlewaretoken" not in html


def test_the_page_for_a_broken_server_needs_nothing() -> None:
    # No database mark: a query would fail the test.
    response = errors.server_error(RequestFactory().get("/"))
    assert response.status_code == 500 and "Something broke here" in response.content.decode()


@pytest.mark.django_db
def test_a_stale_form_is_explained() -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post("/i18n/setlang/", {"language": "de"})
    assert response.status_code == 403 and "That form was too old." in response.content.decode()


@pytest.mark.django_db
def test_the_country_is_kept_and_the_way_back_stays_here() -> None:
    client = Client(enforce_csrf_checks=True, headers={"sec-fetch-site": "same-origin"})
    response = client.post("/country/", {"country": "DE", "next": "/shop/?page=2"})
    assert (response.status_code, response["Location"]) == (303, "/shop/?page=2")
    assert client.cookies["country"].value == "DE"
    assert client.post("/country/", {"country": "DE", "next": "https://evil.example/"})["Location"] == "/"
    client.post("/country/", {"country": "XX"})
    assert client.cookies["country"].value == "DE"
    assert client.get("/country/").status_code == 405


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("headers", "accepted"),
    [
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "same-site", "origin": "http://testserver"}, False),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "none"}, False),
        ({"origin": "http://testserver"}, True),
        ({"origin": "http://testserver:81"}, False),
        ({"origin": "https://testserver"}, False),
        ({"origin": "null"}, False),
        ({"origin": "http://testserver.evil.example"}, False),
        ({}, False),
    ],
)
def test_who_may_send_a_form_without_a_token(headers: dict[str, str], accepted: bool) -> None:
    response = Client(enforce_csrf_checks=True).post("/country/", {"country": "DE"}, headers=headers)
    assert (response.status_code == 303) is accepted
    assert ("country" in response.cookies) is accepted


@pytest.mark.django_db
def test_a_form_of_unknown_origin_is_asked_about_once() -> None:
    client = Client(enforce_csrf_checks=True)
    asked = client.post("/country/", {"country": "DE", "next": '/"><b>'})
    html = asked.content.decode()
    assert asked.status_code == 403 and "no-store" in asked["Cache-Control"]
    assert 'name="country" value="DE"' in html and 'value="/&quot;&gt;&lt;b&gt;"' in html
    token = html.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    answered = client.post("/country/", {"country": "DE", "next": "/", "csrfmiddlewaretoken": token})
    assert answered.status_code == 303 and client.cookies["country"].value == "DE"
    forged = client.post("/country/", {"country": "FR", "csrfmiddlewaretoken": "x" * 64})
    assert forged.status_code == 403 and client.cookies["country"].value == "DE"


@pytest.mark.django_db
def test_a_page_that_is_not_there_offers_the_other_languages_front_page(client: Client) -> None:
    assert 'href="/de/" hreflang="de" lang="de"' in client.get("/no-such-page/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/no-such-page/", "/no.such.file", "/media/no-such-picture.jpg"])
def test_the_helpful_page_comes_in_debug_too(client: Client, settings: Any, path: str) -> None:
    settings.DEBUG = True
    settings.MIDDLEWARE = ["masthead.middleware.NotFoundPageMiddleware", *settings.MIDDLEWARE]
    response = client.get(path)
    assert response.status_code == 404 and "That page slipped off the shelf." in response.content.decode()
    assert client.get("/shop")["Location"] == "/shop/"


@pytest.mark.django_db
def test_the_personal_fragment_has_a_place_on_every_page(client: Client) -> None:
    def names(html: str) -> set[str]:
        return set(re.findall(r'data-personal="([a-z-]+)"', html))

    page = client.get("/no-such-page/").content.decode()
    assert 'data-personal="/basket/personal/"' in page
    assert names(page) == names(client.get("/basket/personal/").content.decode()) == {"account", "count", "mini-basket"}
