"""Wish lists."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from oscar.apps.wishlists.models import WishList

from shop.accounts.models import User
from shop.basket.models import Line
from shop.customer import links, operations
from tests.factories import make_product
from tests.integration.accounts.conftest import PASSWORD

pytestmark = pytest.mark.django_db
LISTS = "/account/wishlists/"
SAME = {"HTTP_SEC_FETCH_SITE": "same-origin"}


def test_the_first_wish_makes_the_first_list(as_ada: Client, ada: User) -> None:
    mug = make_product("Kiln mug", price="22")
    answer = as_ada.post(f"{LISTS}add/", {"product": mug.pk}, follow=True, **SAME)
    found = WishList.objects.get(owner=ada)
    assert answer.redirect_chain == [(f"{LISTS}{found.key}/", 303)]
    text = answer.content.decode()
    assert "Kiln mug" in text and "£22" in text and "It is on “My wish list”" in text
    as_ada.post(f"{LISTS}add/", {"product": mug.pk}, **SAME)
    assert found.lines.count() == 1


def test_a_stranger_signs_in_and_the_wish_is_there(client: Client, ada: User) -> None:
    mug = make_product("Kiln mug")
    answer = client.post(f"{LISTS}add/", {"product": mug.pk}, **SAME)
    assert answer["Location"] == "/account/login/?next=%2Faccount%2Fwishlists%2F"
    assert not WishList.objects.exists()
    values = {"email": ada.email, "password": PASSWORD, "next": LISTS}
    page = client.post("/account/login/", values, follow=True)
    assert "It is on “My wish list”" in page.content.decode()
    assert [line.product for line in WishList.objects.get(owner=ada).lines.all()] == [mug]


def test_another_site_cannot_add(ada: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ada)
    answer = client.post(f"{LISTS}add/", {"product": make_product().pk}, HTTP_SEC_FETCH_SITE="cross-site")
    assert answer.status_code == 403
    assert not WishList.objects.exists()


@pytest.mark.parametrize("product", ["", "abc", "999999", str(10**30), "-1"])
def test_a_product_that_is_not_sold_is_said_to_be_so(as_ada: Client, product: str) -> None:
    page = as_ada.post(f"{LISTS}add/", {"product": product}, follow=True, **SAME)
    assert "not sold here any more" in page.content.decode()
    hidden = make_product(is_public=False)
    assert "not sold" in as_ada.post(f"{LISTS}add/", {"product": hidden.pk}, follow=True, **SAME).content.decode()


def test_making_renaming_and_deleting(as_ada: Client, ada: User) -> None:
    as_ada.post(LISTS, {"name": "Birthday"})
    found = WishList.objects.get(owner=ada)
    url = f"{LISTS}{found.key}/"
    assert as_ada.post(LISTS, {"name": " "}).status_code == 422
    as_ada.post(url, {"name": "Christmas"})
    assert "Christmas" in as_ada.get(LISTS).content.decode()
    assert as_ada.get(f"{url}delete/").status_code == 200
    as_ada.post(f"{url}delete/")
    assert not WishList.objects.exists()


def test_sharing_by_a_link_that_can_be_taken_back(as_ada: Client, ada: User) -> None:
    found = operations.wish(ada, make_product("Kiln mug").pk)
    link = links.wish_list_path(found.key)
    stranger = Client()
    assert stranger.get(link).status_code == 404
    as_ada.post(f"{LISTS}{found.key}/change/", {"do": "share"})
    page = stranger.get(link)
    assert page.status_code == 200
    text = page.content.decode()
    assert "Kiln mug" in text and "A wish list of Ada" in text
    assert "Fenwick" not in text and "ada@example.com" not in text
    assert link in as_ada.get(f"{LISTS}{found.key}/").content.decode()
    assert stranger.get(link[:-3] + "xx/").status_code == 404
    as_ada.post(f"{LISTS}{found.key}/change/", {"do": "private"})
    found.refresh_from_db()
    as_ada.post(f"{LISTS}{found.key}/change/", {"do": "share"})
    assert stranger.get(link).status_code == 404
    assert stranger.get(links.wish_list_path(found.key)).status_code == 200


def test_moving_to_the_basket_and_taking_off(as_ada: Client, ada: User) -> None:
    mug, jug, out = make_product("Kiln mug"), make_product("Jug"), make_product("Vase", stock=0)
    for product in (mug, jug, out):
        found = operations.wish(ada, product.pk)
    change = f"{LISTS}{found.key}/change/"
    lines = {line.product: line.pk for line in found.lines.all()}
    assert as_ada.post(change, {"do": "basket", "line": lines[mug]})["Location"] == "/basket/"
    assert [line.product for line in Line.objects.all()] == [mug]
    page = as_ada.post(change, {"do": "basket", "line": lines[out]}, follow=True)
    assert "Vase" in page.content.decode() and found.lines.filter(product=out).exists()
    as_ada.post(change, {"do": "remove", "line": lines[jug]})
    assert [line.product for line in found.lines.all()] == [out]
    assert as_ada.post(change, {"do": "remove", "line": "77777"}).status_code == 404
    assert as_ada.post(change, {"do": "dance"}, follow=True).status_code == 200


def test_a_product_of_several_kinds_leads_to_its_page(as_ada: Client, ada: User) -> None:
    parent = make_product("Mug", variants=[{"attributes": {"Glaze": "Rust"}}, {"attributes": {"Glaze": "Fern"}}])
    found = operations.wish(ada, parent.pk)
    answer = as_ada.post(f"{LISTS}{found.key}/change/", {"do": "basket", "line": found.lines.get().pk})
    assert answer["Location"] == parent.get_absolute_url()
    assert found.lines.exists()


def test_a_deleted_product_stays_by_name(as_ada: Client, ada: User) -> None:
    mug = make_product("Kiln mug")
    found = operations.wish(ada, mug.pk)
    mug.delete()
    text = as_ada.get(f"{LISTS}{found.key}/").content.decode()
    assert "Kiln mug" in text and "No longer sold" in text


def test_somebody_elses_list_is_not_there(as_ada: Client, ben: User) -> None:
    found = operations.wish(ben, make_product().pk)
    url = f"{LISTS}{found.key}/"
    assert as_ada.get(url).status_code == 404
    assert as_ada.post(url, {"name": "mine"}).status_code == 404
    assert as_ada.post(f"{url}change/", {"do": "share"}).status_code == 404
    assert as_ada.post(f"{url}delete/").status_code == 404
    as_ada.post(f"{LISTS}add/", {"product": make_product().pk, "list": found.key}, **SAME)
    found.refresh_from_db()
    assert (found.visibility, found.lines.count()) == (WishList.PRIVATE, 1)


def test_lists_in_a_fixed_number_of_queries(as_ada: Client, ada: User, django_assert_max_num_queries: Any) -> None:
    for number in range(21):
        operations.make_wish_list(ada, f"List {number}")
    for number in range(26):
        found = operations.wish(ada, make_product(f"Mug {number}").pk)
    as_ada.get(LISTS)
    with django_assert_max_num_queries(10):
        assert len(as_ada.get(LISTS).context["lists"]) == 20
    with django_assert_max_num_queries(16):
        assert len(as_ada.get(f"{LISTS}{found.key}/").context["wishes"]) == 24
