"""Orders in the account, and by a guest's link."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from shop.accounts.models import User
from shop.basket.models import Line
from shop.customer import links
from shop.order.models import Order
from shop.outbox.operations import drain_all
from shop.partner.models import StockRecord
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
    assert page.context["order"].tax == Decimal("16.00")
    assert "£16" in text and "£80" in text and "14 Tanner’s Row" in text and "Mug 7" in text


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


def test_of_what_there_is_too_little_as_many_as_there_are(as_ada: Client, ada: User) -> None:
    mug = make_product("Kiln mug", stock=5)
    order = make_order(ada, mug)
    order.lines.update(quantity=4)
    StockRecord.objects.filter(product=mug).update(num_in_stock=3)
    text = as_ada.post(f"/account/orders/{order.number}/again/", follow=True).content.decode()
    assert "3 things are in the basket." in text and "There are only 3 of Kiln mug left." in text
    # Once more: no more of them.
    text = as_ada.post(f"/account/orders/{order.number}/again/", follow=True).content.decode()
    assert "You have 3 in the basket already." in text and Line.objects.get().quantity == 3


def test_who_has_cancelled_puts_the_things_into_a_basket_again() -> None:
    guest = Client()
    mug, jug = make_product("Kiln mug", stock=3), make_product("Rain jug", stock=3)
    order = buy(guest, mug, jug)
    link = links.order_path(order.number)
    assert "Buy again" in guest.get(link).content.decode()
    guest.post(f"{link}cancel/")
    done = guest.get(f"/checkout/done/{order.checkout.token}/").content.decode()
    assert "A receipt is on its way" not in done
    for page in (guest.get(link).content.decode(), done):
        assert "Put these into the basket again" in page and f'action="{link}again/"' in page
    jug.is_public = False
    jug.save()
    # By the link in the mail, in another browser, too.
    for browser in (guest, Client()):
        answer = browser.post(f"{link}again/", follow=True)
        assert answer.redirect_chain == [("/basket/", 303)]
        text = answer.content.decode()
        assert "1 thing is in the basket." in text and "Rain jug is no longer sold." in text
    assert Line.objects.filter(basket__status="Open", product=mug).count() == 2
    mug.is_public = False
    mug.save()
    assert Client().post(f"{link}again/")["Location"] == link
    assert Client().get(f"{link}again/").status_code == 405


def test_a_link_buys_no_order_of_an_account_again(ada: User) -> None:
    hers = make_order(ada, make_product(), status="cancelled")
    assert Client().post(f"{links.order_path(hers.number)}again/").status_code == 404
    assert Client().post(f"/account/order/{hers.number}/guessed/again/").status_code == 404


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
    assert order.status_changes.get(new_status="cancelled").by == ada


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
    assert page["Cache-Control"] == "private, no-store" and page["Referrer-Policy"] == "same-origin"
    assert "Whoever has it may also cancel the order" in page.content.decode()


def test_a_guest_cancels_by_the_link_while_nothing_has_left() -> None:
    order = buy(Client(), make_product("Kiln mug", stock=3))
    guest, link = Client(enforce_csrf_checks=True), links.order_path(order.number)
    page = guest.get(link).content.decode()
    assert f'action="{link}cancel/"' in page
    assert guest.post(f"{link}cancel/").status_code == 403, "not from another site"
    token = guest.cookies["csrftoken"].value
    assert guest.post(f"{link}cancel/", {"csrfmiddlewaretoken": token})["Location"] == link
    order.refresh_from_db()
    change = order.status_changes.get(new_status="cancelled")
    assert (order.status, change.by, change.why) == ("cancelled", None, "customer")
    assert "Cancel this order" not in guest.get(link).content.decode()
    sent = make_order(None, make_product(), guest_email="eve@example.com", status="partly-dispatched")
    answer = Client().post(f"{links.order_path(sent.number)}cancel/", follow=True)
    sent.refresh_from_db()
    assert sent.status == "partly-dispatched" and "cannot be cancelled" in answer.content.decode()


def test_a_link_cancels_no_order_but_its_own_and_none_of_an_account(ada: User) -> None:
    first = make_order(None, make_product(), guest_email="eve@example.com", status="paid")
    second = make_order(None, make_product(), guest_email="eve@example.com", status="paid")
    hers = make_order(ada, make_product(), status="paid")
    borrowed = links.order_path(second.number).replace(second.number, first.number)
    for path in (borrowed, links.order_path(hers.number), f"/account/order/{first.number}/guessed/"):
        assert Client().post(f"{path}cancel/").status_code == 404
        assert Client().get(f"{path}cancel/").status_code == 405
    assert {order.status for order in Order.objects.all()} == {"paid"}


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
