"""The basket, as a visitor changes it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from shop.accounts.models import User
from shop.basket.models import Basket, Line
from tests.factories import make_offer, make_product, make_variant

pytestmark = pytest.mark.django_db
SAME = {"HTTP_SEC_FETCH_SITE": "same-origin"}


def put(client: Client, product: Any, quantity: Any = 1, **headers: Any) -> Any:
    return client.post("/basket/add/", {"product": product.pk, "quantity": quantity}, **SAME, **headers)


def test_looking_makes_no_basket(client: Client) -> None:
    assert client.get("/basket/").status_code == 200
    assert client.get("/basket/personal/").status_code == 200
    client.force_login(User.objects.create_user("ada@example.com", "x"))
    assert client.get("/basket/").status_code == 200
    assert not Basket.objects.exists()


def test_adding_leads_to_the_basket_and_remembers_it(client: Client) -> None:
    mug = make_product("Kiln mug", price="22", stock=5)
    answer = put(client, mug, 2)
    assert (answer.status_code, answer["Location"]) == (303, "/basket/")
    page = client.get("/basket/")
    assert page.context["basket"].total == Decimal("48.50")  # with 4.50 delivery
    assert page.context["basket"].count == 2
    assert "Kiln mug is in the basket." in page.content.decode()
    assert "£22 each" in page.content.decode()
    pot = make_product("Pot", variants=[{"attributes": {"Size": size}, "stock": 5} for size in ("S", "L")])
    put(client, pot.children.order_by("pk")[1], 1)
    assert "Pot, L is in the basket." in client.get("/basket/").content.decode()
    assert client.cookies["oscar_open_basket"]["httponly"]


def test_a_script_gets_count_and_mini_basket(client: Client) -> None:
    answer = put(client, make_product("Kiln mug", price="22"), 3, HTTP_ACCEPT="application/json").json()
    assert answer["ok"] and answer["count"] == 3
    assert "Kiln mug" in answer["message"] and "3 at £22" in answer["mini_basket_html"]


def test_a_foreign_page_has_to_ask() -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/basket/add/", {"product": make_product().pk}, HTTP_SEC_FETCH_SITE="cross-site")
    assert answer.status_code == 403
    assert strict.post("/basket/", {"line": 1, "do": "remove"}, **SAME).status_code == 403
    assert not Line.objects.exists()


@pytest.mark.parametrize(
    ("quantity", "status", "says"),
    [
        (-1, 400, "Choose 1 or more"),
        (0, 400, "Choose 1 or more"),
        ("lots", 400, "not a number"),
        ("", 400, "not a number"),
        (4, 409, "only 3 of Kiln mug left"),
        (10**30, 409, "at most 99"),
    ],
)
def test_impossible_quantities_change_nothing_and_say_why(
    client: Client, quantity: Any, status: int, says: str
) -> None:
    answer = put(client, make_product("Kiln mug", stock=3), quantity)
    assert answer.status_code == status
    assert says in answer.content.decode()
    assert not Line.objects.exists()


def test_what_is_in_the_basket_counts_towards_the_stock(client: Client) -> None:
    mug = make_product("Kiln mug", stock=3)
    put(client, mug, 2)
    answer = put(client, mug, 2)
    assert answer.status_code == 409 and "You have 2 in the basket already" in answer.content.decode()
    assert Line.objects.get().quantity == 2


def test_unknown_hidden_and_sold_out_products(client: Client) -> None:
    for product, status in (
        (make_product(is_public=False), 404),
        (make_product(stock=0), 409),
        (make_product(price=None), 409),
    ):
        assert put(client, product).status_code == status
    for value in ("999999", "abc", "", "-5", str(10**40)):
        assert client.post("/basket/add/", {"product": value}, **SAME).status_code in (400, 404)
    assert not Line.objects.exists()


def test_a_parent_leads_to_its_page_to_choose(client: Client) -> None:
    parent = make_product("Teapot", variants=[{"attributes": {"Glaze": glaze}} for glaze in ("Fern", "Rust")])
    answer = put(client, parent)
    assert (answer.status_code, answer["Location"]) == (303, parent.get_absolute_url())
    said = put(client, parent, HTTP_ACCEPT="application/json")
    assert said.status_code == 422 and "Choose one" in said.json()["message"]
    client.post("/basket/add/", {"product": parent.pk, "glaze": "Fern"}, **SAME)
    assert Line.objects.get().product == parent.children.order_by("pk").first()


def test_buying_all_takes_what_can_be_had(client: Client) -> None:
    mug, gone = make_product("Mug"), make_product("Gone", stock=0)
    client.post("/basket/add/", {"product": [mug.pk, gone.pk]}, **SAME)
    assert Line.objects.get().product == mug
    assert "Gone is sold out" in client.get("/basket/").content.decode()


def change(client: Client, line: Line, do: str, quantity: Any = 1) -> Any:
    return client.post("/basket/", {"line": line.pk, "do": do, "quantity": quantity})


def test_changing_and_removing_a_line(client: Client) -> None:
    put(client, make_product(stock=5))
    line = Line.objects.get()
    assert change(client, line, "update", 4).status_code == 303
    line.refresh_from_db()
    assert line.quantity == 4
    assert change(client, line, "update", 6).status_code == 409
    assert change(client, line, "update", -1).status_code == 400
    assert change(client, line, "dance").status_code == 400
    assert change(client, line, "update", 0).status_code == 303
    assert not Line.objects.exists()
    assert change(client, line, "remove").status_code == 404


def test_another_visitors_line_cannot_be_touched(client: Client) -> None:
    put(client, make_product())
    line = Line.objects.get()
    assert change(Client(), line, "remove").status_code == 404
    assert Line.objects.filter(pk=line.pk).exists()


def test_a_closed_basket_in_the_cookie_is_an_empty_basket(client: Client) -> None:
    put(client, make_product())
    Basket.objects.update(status=Basket.SUBMITTED)
    assert client.get("/basket/").context["basket"].count == 0
    put(client, make_product())
    assert Basket.objects.count() == 2


def test_a_forged_cookie_is_an_empty_basket(client: Client) -> None:
    put(client, make_product())
    other = Client()
    other.cookies["oscar_open_basket"] = f"{Basket.objects.get().pk}:forged"
    assert other.get("/basket/").context["basket"].count == 0


def test_keeping_for_later_and_putting_back(client: Client) -> None:
    put(client, make_product("Kiln mug", stock=5), 2)
    change(client, Line.objects.get(), "later")
    page = client.get("/basket/")
    assert page.context["basket"].count == 0 and page.context["basket"].kept[0].title == "Kiln mug"
    change(client, Line.objects.get(), "back")
    page = client.get("/basket/")
    assert page.context["basket"].count == 2 and not page.context["basket"].kept


def test_a_changed_price_is_told(client: Client) -> None:
    mug = make_product("Kiln mug", price="20")
    put(client, mug)
    mug.stockrecords.update(price="22")
    assert "Kiln mug went from £20 to £22" in client.get("/basket/").content.decode()
    change(client, Line.objects.get(), "update", 1)
    assert "went from" not in client.get("/basket/").content.decode()


def test_less_stock_no_stock_and_no_product_are_told_and_hold_up_the_checkout(client: Client) -> None:
    few, none, gone = (make_product(name, stock=5) for name in ("Few", "None", "Gone"))
    for product in (few, none, gone):
        put(client, product, 4)
    few.stockrecords.update(num_in_stock=2)
    none.stockrecords.update(num_in_stock=0)
    gone.is_public = False
    gone.save()
    page = client.get("/basket/")
    text = page.content.decode()
    assert "Only 2 of Few are left" in text and "None is sold out" in text and "Gone is no longer sold" in text
    assert not page.context["basket"].can_check_out


def test_signing_in_merges_the_baskets_and_says_so(client: Client) -> None:
    user = User.objects.create_user("ada@example.com", "correct horse battery")
    mug, jug = make_product("Mug"), make_product("Jug")
    mine = Basket.objects.create(owner=user)
    mine.strategy = None
    Line.objects.create(
        basket=mine,
        product=mug,
        stockrecord=mug.stockrecords.get(),
        line_reference=f"{mug.pk}_{mug.stockrecords.get().pk}",
    )
    put(client, mug, 3)
    put(client, jug, 2)
    response = client.post("/account/login/", {"email": user.email, "password": "correct horse battery"})
    assert response.status_code in (302, 303), response.content.decode()
    assert client.cookies["oscar_open_basket"].value == ""
    assert "5 things that you chose before signing in" in client.get("/basket/").content.decode()
    assert {line.product: line.quantity for line in mine.lines.all()} == {mug: 3, jug: 2}
    assert Basket.objects.exclude(pk=mine.pk).get().status == Basket.MERGED


def fill(client: Client, count: int) -> None:
    parent = make_product("Teapot", variants=[])
    for number in range(count):
        product = make_variant(parent, attributes={"Glaze": f"G{number}"}) if number % 2 else make_product(picture=True)
        put(client, product)


def test_twenty_lines_need_few_queries(client: Client, django_assert_max_num_queries: Any) -> None:
    client.force_login(User.objects.create_user("ada@example.com", "x"))
    fill(client, 20)
    make_offer(everything=True, percent=10)
    make_offer("Mugs", products=[make_product()], percent=20)
    client.get("/basket/")
    with django_assert_max_num_queries(11):
        page = client.get("/basket/")
    view = page.context["basket"]
    assert len(view.lines) == 20
    assert view.discounts[0].amount == Decimal("20.00")
    assert view.total == Decimal("180.00")


def test_a_zero_byte_is_no_error(client: Client) -> None:
    """PostgreSQL takes none, in a value to be stored or to be looked for."""
    mug = make_product("Kiln mug", price="22", stock=5)
    answer = client.post("/basket/add/", {"product": mug.pk, "from": "/a\x00b/"}, **SAME)
    assert answer.status_code == 303
    assert Line.objects.get().source == "/ab/"
    assert client.post("/basket/voucher/", {"code": "NO\x00PE"}).status_code == 404
    assert client.post("/basket/voucher/", {"remove": "NO\x00PE"}).status_code == 404
    client.force_login(User.objects.create_user("ada@example.com", "x"))
    answer = client.post("/account/wishlists/add/", {"product": mug.pk, "list": "a\x00b"}, **SAME)
    assert (answer.status_code, answer["Location"]) == (303, "/account/wishlists/")
