"""Whatever somebody sends gets the right status and a page that helps, and never a broken server.

The list pages have a table of their own in search/test_pages.py, which knows their filters.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from django.core.signing import Signer
from django.test import Client
from django.urls import reverse

from search import operations
from shop.accounts.models import User
from shop.basket.models import Basket
from shop.checkout.models import Checkout
from shop.order.models import Order
from tests.factories import make_product

from .orders.buying import SAME, buy, put

pytestmark = pytest.mark.django_db

HUGE = "99999999999999999999"
NASTY = ("\x00", "a\x00b", "x" * 5000, HUGE, f"-{HUGE}", "²", "-1", "1e400", "NaN", "<script>", "' OR 1=1 --", "\ud83d")


@pytest.fixture
def shop(client: Client) -> dict[str, Any]:
    """A product, and an order, an address and a list that belong to somebody else."""
    product = make_product("Ember bowl", slug="ember-bowl", stock=3, categories=["Bowls"])
    for _done in operations.rebuild():
        pass
    other = User.objects.create_user("other@example.com", "a long password")
    stranger = Client()
    stranger.force_login(other)
    order = buy(stranger, product)
    address = other.addresses.create(line1="1 Lane", country_id="GB", line4="Leeds", postcode="LS1 4DY")
    wishes = other.wishlists.create(name="Mine")
    mine = User.objects.create_user("ada@example.com", "a long password")
    return {"product": product, "order": order, "address": address, "list": wishes, "user": mine}


def helps(response: Any) -> bool:
    """A whole page with the shop's frame, from which one can go on."""
    html = response.content.decode()
    return '<main id="main"' in html and 'href="/shop/"' in html and "Traceback" not in html


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/shop/?page=9999", 404),
        ("/shop/bowls/?page=9999", 404),
        ("/search/?q=bowl&page=9999", 404),
        ("/products/nothing/", 404),
        (f"/products/{HUGE}/", 404),
        ("/products/ember-bowl/?variant=" + HUGE, 200),
        ("/products/ember-bowl/reviews/?page=9999", 404),
        ("/journal/nowhere/", 404),
        ("/shop/%FF/", 404),
        ("/%00/", 404),
        ("/products/%00/", 404),
        ("/checkout/paid/%00/", 404),
        ("/search/?q=" + "%FF" * 50, 200),
        ("/search/?q=" + "x" * 4000, 200),
        ("/account/order/ABC/wrong/", 404),
        ("/account/wishlists/shared/abc/wrong/", 404),
        ("/checkout/done/00000000-0000-4000-8000-000000000000/", 404),
    ],
)
def test_an_address_that_leads_nowhere_helps_on(client: Client, shop: dict[str, Any], path: str, status: int) -> None:
    response = client.get(path)
    assert response.status_code == status
    assert helps(response)


@pytest.mark.parametrize(
    ("quantity", "status", "says"),
    [
        ("-1", 400, "Choose 1 or more."),
        ("0", 400, "Choose 1 or more."),
        ("4", 409, "only 2 of Ember bowl left"),
        ("1000000", 409, "We send at most 99 of one thing"),
        (HUGE, 409, "We send at most 99 of one thing"),
        ("two", 400, "is not a number of things"),
        ("\x00", 400, "is not a number of things"),
        ("9" * 5000, 400, "is not a number of things"),
    ],
)
def test_a_quantity_that_cannot_be(client: Client, shop: dict[str, Any], quantity: str, status: int, says: str) -> None:
    response = client.post("/basket/add/", {"product": shop["product"].pk, "quantity": quantity}, **SAME)
    assert response.status_code == status
    assert says in response.content.decode()
    assert helps(response)


def test_the_cookie_of_a_closed_basket_opens_a_new_one(client: Client, shop: dict[str, Any]) -> None:
    put(client, shop["product"])
    line = Basket.objects.latest("pk").lines.get()
    closed = Basket.objects.filter(pk=line.basket_id)
    closed.update(status=Basket.SUBMITTED)
    response = client.get("/basket/")
    assert response.status_code == 200
    assert "Nothing in here yet" in response.content.decode()
    put(client, make_product())
    assert closed.get().lines.get() == line
    for number in (closed.get().pk, HUGE, "-1", "x", ""):
        for value in (Signer(salt="shop.basket").sign(str(number)), f"{number}:forged", "\x00"):
            client.cookies["oscar_open_basket"] = value
            assert client.get("/basket/").status_code == 200


def test_what_belongs_to_somebody_else_is_not_there(client: Client, shop: dict[str, Any]) -> None:
    client.force_login(shop["user"])
    put(client, make_product())
    number, line = shop["order"].number, shop["order"].basket.lines.first()
    token = Checkout.objects.get(order=shop["order"]).token
    for path in (
        f"/account/orders/{number}/",
        f"/account/addresses/{shop['address'].pk}/",
        f"/account/addresses/{shop['address'].pk}/delete/",
        f"/account/addresses/{HUGE}/",
        f"/account/wishlists/{shop['list'].key}/",
        f"/checkout/done/{token}/",
    ):
        response = client.get(path)
        assert (path, response.status_code) == (path, 404)
        assert helps(response)
    for path in (f"/account/orders/{number}/cancel/", f"/account/orders/{number}/again/"):
        assert (path, client.post(path).status_code) == (path, 404)
    for do in ("update", "remove", "later"):
        response = client.post("/basket/", {"line": line.pk, "quantity": "1", "do": do})
        assert response.status_code == 404
    assert line.basket.lines.get() == line
    assert Order.objects.get(number=number).status == shop["order"].status


def test_a_voucher_that_is_not_there(client: Client, shop: dict[str, Any]) -> None:
    put(client, shop["product"])
    for code in ("NOSUCH", "x" * 5000, "\x00", "A\x00B"):
        response = client.post("/basket/voucher/", {"code": code})
        assert response.status_code in (400, 404)
        assert helps(response)
    assert client.post("/basket/voucher/", {"remove": "A\x00B"}).status_code == 404


GETS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("/shop/", ("page", "size", "sort", "min", "max", "brand", "category", "all", "in_stock", "q", "colour")),
    ("/shop/bowls/", ("page", "brand", "min")),
    ("/search/", ("q", "page", "brand")),
    ("/search/suggest/", ("q",)),
    ("/products/ember-bowl/", ("variant", "colour")),
    ("/products/ember-bowl/reviews/", ("page",)),
    ("/products/recent/", ("ids",)),
    ("/basket/", ("line", "next")),
    ("/account/login/", ("next",)),
    ("/account/orders/", ("page", "q")),
    ("/checkout/", ("token",)),
    ("/", ("page",)),
)
POSTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("/basket/add/", ("product", "quantity", "from", "colour")),
    ("/basket/", ("line", "quantity", "do")),
    ("/basket/voucher/", ("code", "remove")),
    ("/account/login/", ("username", "password", "email", "next")),
    ("/account/register/", ("email", "password", "password1", "first_name")),
    ("/account/password/", ("email",)),
    ("/account/addresses/add/", ("name", "first_name", "line1", "postcode", "country", "town", "phone")),
    ("/account/profile/", ("first_name", "last_name")),
    ("/account/profile/email/", ("email", "new_email", "password")),
    ("/account/wishlists/add/", ("product", "list", "name")),
    ("/account/wishlists/", ("name",)),
    ("/checkout/", ("email",)),
    ("/checkout/address/", ("name", "line1", "postcode", "country", "town", "phone", "ship", "seen", "saved")),
    ("/checkout/review/", ("token", "seen", "payment", "terms", "do")),
    ("/products/ember-bowl/reviews/", ("score", "title", "body")),
    ("/newsletter/", ("email", "source")),
    ("/country/", ("country", "next")),
)


@pytest.mark.parametrize(("path", "names"), GETS, ids=[path for path, _names in GETS])
def test_no_question_breaks_the_server(client: Client, shop: dict[str, Any], path: str, names: tuple[str, ...]) -> None:
    client.force_login(shop["user"])
    for name in names:
        for value in NASTY:
            response = client.get(f"{path}?{name}={quote(value, errors='replace')}")
            assert response.status_code < 500, (name, value)
        for raw in ("%FF", "%C3%28", "%ED%A0%80"):
            assert client.get(f"{path}?{name}={raw}").status_code < 500, (name, raw)


@pytest.mark.parametrize(("path", "names"), POSTS, ids=[path for path, _names in POSTS])
def test_no_form_breaks_the_server(client: Client, shop: dict[str, Any], path: str, names: tuple[str, ...]) -> None:
    if path not in ("/account/login/", "/account/register/", "/account/password/"):
        client.force_login(shop["user"])
    put(client, make_product("Field jug"))
    good = {
        "quantity": "1",
        "product": str(shop["product"].pk),
        "score": "4",
        "title": "Good",
        "body": "Yes",
        "country": "GB",
    }
    for name in names:
        for value in NASTY:
            sent = {key: good.get(key, "x") for key in names} | {name: value.encode(errors="replace").decode()}
            response = client.post(path, sent, **SAME)
            assert response.status_code < 500, (name, value)


@pytest.mark.parametrize("number", ["9" * 30, "9" * 6000, "²", "-1", "0", "x", ""])
def test_numbers_that_are_none_in_the_back_offices(db: None, number: str) -> None:
    """Superscripts are digits to Python and no numbers, and a database holds no number of thirty digits."""
    staff = Client()
    staff.force_login(User.objects.create_superuser("root@example.org", "x"))
    for to in ("csv", "paid"):
        answer = staff.post("/dashboard/orders/bulk/", {"order": number, "to": to})
        assert answer["Location"] == "/dashboard/orders/"
    for kind in ("product", "category"):
        assert staff.get(f"/cms/snippets/content/{kind}story/add/", {kind: number}).status_code == 200
    chosen = staff.get(reverse("product_chooser:chosen_multiple"), {"id": number})
    assert chosen.status_code == 200
