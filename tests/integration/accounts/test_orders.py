"""Orders in the account, and by a guest's link."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from shop.accounts.models import User
from shop.basket.models import Line
from shop.customer import links
from shop.outbox.operations import drain_all
from tests.factories import make_picture, make_product
from tests.integration.accounts.making import make_order
from tests.integration.orders.buying import buy

pytestmark = pytest.mark.django_db


def test_ten_orders_a_page_in_a_fixed_number_of_queries(
    as_ada: Client, ada: User, django_assert_max_num_queries: Any
) -> None:
    mug, jug = make_product("Kiln mug"), make_product("Rain jug")
    make_picture(mug)
    for _number in range(23):
        make_order(ada, mug, jug)
    as_ada.get("/account/orders/")
    with django_assert_max_num_queries(12):
        page = as_ada.get("/account/orders/")
    assert len(page.context["orders"]) == 10
    summary = page.context["orders"][0][0]
    assert (summary.count, summary.total, summary.state, len(summary.pictures)) == (2, "£20", "Delivered", 1)
    assert "/account/orders/?page=3" in page.content.decode()
    assert page.content.decode().count("/again/") == 10 and "#cancel" not in page.content.decode()
    assert len(as_ada.get("/account/orders/?page=3").context["orders"]) == 3
    assert page["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("number", ["9999", "0", "-1", "abc"])
def test_a_page_that_is_not_there_is_a_404(as_ada: Client, number: str) -> None:
    assert as_ada.get(f"/account/orders/?page={number}").status_code == 404


def test_an_account_without_orders_says_what_to_do(as_ada: Client) -> None:
    assert "Nothing ordered yet" in as_ada.get("/account/orders/").content.decode()
    assert "Nothing ordered yet" in as_ada.get("/account/").content.decode()


def test_an_order_shows_its_things_and_its_tax(as_ada: Client, ada: User, django_assert_max_num_queries: Any) -> None:
    order = make_order(ada, *(make_product(f"Mug {number}") for number in range(8)))
    url = f"/account/orders/{order.number}/"
    as_ada.get(url)
    with django_assert_max_num_queries(14):
        page = as_ada.get(url)
    text = page.content.decode()
    assert page.context["order"].tax == Decimal("13.33")
    assert "£13.33" in text and "£80" in text and "14 Tanner’s Row" in text and "Mug 7" in text


def test_somebody_elses_order_is_as_unknown_as_one_that_is_not(as_ada: Client, ben: User) -> None:
    order = make_order(ben, make_product())
    for path in ("", "again/", "cancel/"):
        url = f"/account/orders/{order.number}/{path}"
        assert (as_ada.post(url) if path else as_ada.get(url)).status_code == 404
    assert as_ada.get("/account/orders/NO-SUCH/").status_code == 404
    order.refresh_from_db()
    assert order.status == "delivered"


def test_buying_again_fills_the_basket_and_says_what_is_missing(as_ada: Client, ada: User) -> None:
    mug, gone, out = make_product("Kiln mug"), make_product("Old jug"), make_product("Vase", stock=0)
    order = make_order(ada, mug, gone, out)
    order.lines.filter(product=mug).update(quantity=3)
    gone.delete()
    answer = as_ada.post(f"/account/orders/{order.number}/again/", follow=True)
    assert answer.redirect_chain == [("/basket/", 303)]
    text = answer.content.decode()
    assert "3 things are in the basket." in text
    assert "Old jug is no longer sold." in text and "Vase" in text
    assert [line.product for line in Line.objects.all()] == [mug]


def test_an_order_is_cancelled_while_it_is_here(client: Client, ada: User) -> None:
    client.force_login(ada)
    order = buy(client, make_product("Kiln mug", stock=3))
    url = f"/account/orders/{order.number}/"
    assert f'href="{url}#cancel"' in client.get("/account/orders/").content.decode()
    assert 'id="cancel"' in client.get(url).content.decode()
    assert "Cancel this order" in client.get(url).content.decode()
    assert client.post(f"{url}cancel/")["Location"] == url
    order.refresh_from_db()
    assert order.status == "cancelled"
    assert order.status_changes.last().by == ada


@pytest.mark.parametrize("status", ["partly-dispatched", "dispatched", "delivered"])
def test_an_order_that_has_left_is_not_cancelled_by_its_buyer(client: Client, ada: User, status: str) -> None:
    # Staff may cancel what has left in part: the pipeline alone would let the buyer, too.
    client.force_login(ada)
    sent = make_order(ada, make_product(), status=status)
    assert 'id="cancel"' not in client.get(f"/account/orders/{sent.number}/").content.decode()
    page = client.post(f"/account/orders/{sent.number}/cancel/", follow=True)
    assert "cannot be cancelled" in page.content.decode()
    sent.refresh_from_db()
    assert sent.status == status


def test_a_guest_sees_the_order_by_the_link_in_the_mail(client: Client, mailoutbox: list[Any]) -> None:
    order = buy(client, make_product("Kiln mug"))
    drain_all()
    link = links.order_path(order.number)
    message = mailoutbox[0]
    assert link in message.body and link in message.alternatives[0][0]
    page = Client().get(link)
    assert page.status_code == 200 and "Kiln mug" in page.content.decode()
    assert page["Cache-Control"] == "private, no-store" and page["Referrer-Policy"] == "no-referrer"
    assert "Cancel this order" not in page.content.decode()
    assert "To cancel it, write to us" in page.content.decode()


@pytest.mark.parametrize("signature", ["x", "a" * 43, "a:b"])
def test_a_guessed_link_is_a_404(signature: str) -> None:
    order = make_order(None, make_product(), guest_email="eve@example.com")
    other = make_order(None, make_product(), guest_email="eve@example.com")
    assert Client().get(f"/account/order/{order.number}/{signature}/").status_code == 404
    borrowed = links.order_path(other.number).replace(other.number, order.number)
    assert Client().get(borrowed).status_code == 404


def test_the_link_to_an_accounts_order_asks_to_sign_in(ada: User, ben: User) -> None:
    order = make_order(ada, make_product())
    answer = Client().get(links.order_path(order.number), follow=True)
    assert answer.redirect_chain[-1][0].startswith("/account/login/?next=")
    as_ben = Client()
    as_ben.force_login(ben)
    assert as_ben.get(links.order_path(order.number), follow=True).status_code == 404
