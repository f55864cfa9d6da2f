"""What each page says to browsers and caches: the policies, no inline script or style, nothing personal where shared."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from content.models import HomePage
from search import operations
from shop.accounts.models import User
from shop.accounts.roles import MARKETER, MERCHANDISER
from shop.catalogue.models import ProductImage
from tests.factories import make_product
from tests.people import signed_in

from .content.pages import block, items, story
from .orders.buying import ADDRESS, go_to_review, put

pytestmark = pytest.mark.django_db

INLINE = (
    re.compile(r"<style\b", re.I),
    re.compile(r"<[^>]*\sstyle=", re.I),
    re.compile(r"<[a-z][^>]*\son[a-z]+=", re.I),
    re.compile(r'href="javascript:', re.I),
)
SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script>", re.I | re.S)
PUBLIC = (
    "/",
    "/shop/",
    "/shop/bowls/",
    "/shop/bowls/?page=9999",
    "/search/",
    "/search/?q=bowl",
    "/products/ember-bowl/",
    "/de/products/ember-bowl/",
    "/no-such-page/",
)
PERSONAL = (
    "/basket/",
    "/basket/personal/",
    "/checkout/address/",
    "/checkout/review/",
    "/account/",
    "/account/orders/",
    "/account/addresses/",
    "/account/addresses/add/",
    "/account/wishlists/",
    "/account/profile/",
    "/account/profile/email/",
    "/account/data/",
    "/account/delete/",
)
DOORS = ("/account/login/", "/account/register/", "/account/password/")


@pytest.fixture
def shop() -> Any:
    kinds = [{"attributes": {"Glaze": glaze}} for glaze in ("Rust", "Fern")]
    product = make_product("Ember bowl", slug="ember-bowl", categories=["Bowls"], variants=kinds, picture=True)
    for _done in operations.rebuild():
        pass
    return product


def strict(response: Any) -> str:
    """Check the policy and that the page keeps to it; returns the page."""
    policy = response["Content-Security-Policy"]
    assert "unsafe" not in policy
    for rule in ("frame-ancestors 'self'", "object-src 'none'", "base-uri"):
        assert rule in policy
    assert response["X-Content-Type-Options"] == "nosniff"
    html: str = response.content.decode()
    for pattern in INLINE:
        assert not pattern.search(html), pattern.pattern
    for attributes, body in SCRIPT.findall(html):
        assert "application/ld+json" in attributes or (" src=" in attributes and not body.strip())
    return html


@pytest.mark.parametrize("path", PUBLIC)
def test_a_public_page_is_the_same_for_everyone(client: Client, shop: Any, path: str) -> None:
    response = client.get(path)
    html = strict(response)
    assert "csrfmiddlewaretoken" not in html
    assert "csrftoken" not in response.cookies
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")
    assert not set(re.findall(r"[\w-]+", response.get("Cache-Control", ""))) & {"private", "no-store"}
    # What was said to this visitor shows where it was said, and not here.
    put(client, shop.children.first())
    assert "is in the basket." not in client.get(path).content.decode()


def test_a_story_is_the_same_for_everyone(client: Client, shop: Any) -> None:
    grid = block("product_grid", {"title": "Bowls", "products": items(shop.pk), "row": False})
    panel = block("add_to_basket", {"product": shop.pk, "title": "", "text": ""}, 2)
    letter = block("newsletter", {"title": "Letter", "text": "One.", "button": "Send"}, 3)
    response = client.get(story([grid, panel, letter]).url)
    html = strict(response)
    assert "Ember bowl" in html
    assert "csrfmiddlewaretoken" not in html
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")


def test_what_is_personal_is_kept_by_nobody(client: Client, shop: Any) -> None:
    client.force_login(User.objects.create_user("ada@example.com", "a long password"))
    put(client, shop.children.first())
    go_to_review(client, name=ADDRESS["name"])
    for path in PERSONAL:
        response = client.get(path)
        assert (path, response.status_code) == (path, 200)
        strict(response)
        said = response["Cache-Control"]
        assert "no-store" in said and "private" in said, (path, said)


@pytest.mark.parametrize("path", DOORS)
def test_doors_are_strict_too(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200
    strict(response)
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("path", ["/cms/", "/dashboard/"])
def test_the_back_offices_have_a_policy_of_their_own(path: str) -> None:
    response = signed_in({"/cms/": MARKETER, "/dashboard/": MERCHANDISER}[path]).get(path)
    assert response.status_code == 200
    policy = response["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'self'" in policy
    assert "'unsafe-eval'" not in policy
    assert "*" not in policy
    assert ("script-src 'self' 'unsafe-inline'" in policy) == (path == "/cms/")


@pytest.mark.parametrize(("size", "limit"), [(24, 60), (96, 200)])
def test_a_category_page_is_light(client: Client, size: int, limit: int) -> None:
    """24 products keep to 60 kB; 96 cannot: a card with its pictures takes about 1.8 kB."""
    kinds = [{"attributes": {"Glaze": glaze}} for glaze in ("Rust", "Fern")]
    for number in range(size):
        make_product(
            f"Stoneware serving bowl {number}",
            subtitle="Ines Calder, 22 cm",
            brand=f"Maker {number % 12}",
            categories=["Table > Bowls"],
            variants=kinds,
            attributes={"Size": f"S{number % 8}", "Foot": f"F{number % 6}"},
            compare_at="35",
            picture=True,
        )
    # As the worker leaves them: every picture in three formats and six sizes.
    ProductImage.objects.update(has_sizes=True, width=1600, height=2000)
    for _done in operations.rebuild():
        pass
    response = client.get(f"/shop/table/bowls/?size={size}")
    assert response.content.decode().count('class="card"') == size
    assert len(response.content) <= limit * 1000, len(response.content)


def test_other_pages_are_light(client: Client, shop: Any) -> None:
    things = [make_product(f"Thing {number}", brand="Calder") for number in range(36)]
    grids = [
        block("product_grid", {"title": "Grid", "products": items(*(one.pk for one in part)), "row": False}, n)
        for n, part in enumerate((things[:12], things[12:24]), start=1)
    ]
    home = HomePage.objects.first()
    paths = [story(grids).url, "/products/ember-bowl/", "/search/?q=thing"]
    if home is not None:
        paths.append("/")
    for one in things[:20]:
        put(client, one)
    for path in [*paths, "/basket/"]:
        size = len(client.get(path).content)
        assert size <= 60_000, (path, size)
