"""Asking for a return in a browser: in the account, and by a guest's link."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client

from shop.accounts.models import User
from shop.customer.links import order_path, order_signature, return_path
from shop.order.models import Order
from shop.order.states import change_status
from shop.outbox.operations import drain_all
from shop.returns.models import Return

from .sending_back import approve, ask, line_of, sent_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> User:
    return User.objects.create_user("ada@example.com", "x")


@pytest.fixture
def as_ada(ada: User) -> Client:
    client = Client()
    client.force_login(ada)
    return client


@pytest.fixture
def order(ada: User) -> Order:
    return sent_order(user=ada)


def ask_url(order: Order, *, guest: bool = False) -> str:
    return f"{order_path(order.number)}return/" if guest else f"/account/orders/{order.number}/return/"


def filled(order: Order, title: str = "Bowl", quantity: str = "1", **more: str) -> dict[str, str]:
    pk = line_of(order, title).pk
    return {"key": str(uuid.uuid4()), f"line-{pk}": quantity, f"reason-{pk}": "damaged", "note": "A chip", **more}


def test_a_member_asks_and_follows_it(as_ada: Client, ada: User, order: Order) -> None:
    page = as_ada.get(f"/account/orders/{order.number}/").content.decode()
    assert f'href="{ask_url(order)}"' in page
    form = as_ada.get(ask_url(order)).content.decode()
    assert form.count("3 can be sent back.") == 2
    # A reason has to be given for what comes back, so that only the note is called optional.
    assert form[form.index("<main") : form.index("</main>")].count("(optional)") == 1
    answer = as_ada.post(ask_url(order), filled(order), follow=True)
    back = Return.objects.get()
    assert answer.redirect_chain == [(f"/account/orders/{order.number}/returns/{back.number}/", 303)]
    text = answer.content.decode()
    assert "We have it." in text and "It arrived damaged" in text and "A chip" in text
    assert back.changes.get().by == ada and back.lines.get().quantity == 1
    approve(back)
    page = as_ada.get(answer.redirect_chain[0][0]).content.decode()
    assert "Mill Lane" in page and "Send nothing back" in page
    listed = as_ada.get(f"/account/orders/{order.number}/").content.decode()
    assert back.number in listed and "Approved" in listed


def test_a_guest_asks_by_the_link_in_the_mail() -> None:
    order = sent_order()
    client = Client(enforce_csrf_checks=True)
    page = client.get(order_path(order.number))
    assert f'href="{ask_url(order, guest=True)}"' in page.content.decode()
    # A form's answer has to say whence it comes, and no other site may learn the address.
    assert page["Referrer-Policy"] == "same-origin"
    form = client.get(ask_url(order, guest=True))
    assert form["Referrer-Policy"] == "same-origin" and form["Cache-Control"] == "private, no-store"
    data = filled(order) | {"csrfmiddlewaretoken": str(form.context["csrf_token"])}
    answer = client.post(ask_url(order, guest=True), data)
    back = Return.objects.get()
    assert answer["Location"] == return_path(order.number, back.number)
    page = client.get(answer["Location"])
    assert "1 × Bowl" in page.content.decode()
    token = {"csrfmiddlewaretoken": str(page.context["csrf_token"])}
    assert client.post(f"{answer['Location']}withdraw/", token, follow=True).status_code == 200
    back.refresh_from_db()
    assert back.state == "withdrawn" and back.changes.last().by is None  # type: ignore[union-attr]


def test_pressed_twice_it_is_one_return(as_ada: Client, order: Order) -> None:
    data = filled(order, quantity="3")
    first, second = (as_ada.post(ask_url(order), data)["Location"] for _ in range(2))
    assert first == second and Return.objects.count() == 1


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"quantity": "4"}, "3 of it can be sent back at most"),
        ({"quantity": "-1"}, "less than nothing"),
        ({"quantity": "0"}, "Say what you want to send back"),
        ({"quantity": ""}, "Say what you want to send back"),
        ({"quantity": "one"}, "no whole number"),
        ({"quantity": "9" * 40}, "at most"),
        ({"note": "x" * 2001}, "at most 2000"),
        ({"key": "no"}, "UUID"),
        ({"reason": ""}, "Say why this comes back"),
        ({"reason": "whim"}, "not one of the available choices"),
    ],
)
def test_what_makes_no_sense_is_said(as_ada: Client, order: Order, values: dict[str, str], words: str) -> None:
    reason = {f"reason-{line_of(order).pk}": values.pop("reason")} if "reason" in values else {}
    page = as_ada.post(ask_url(order), filled(order, **values) | reason)
    assert page.status_code == 422 and words in page.content.decode()
    assert not Return.objects.exists()


def test_somebody_elses_order_and_return_are_unknown(as_ada: Client, order: Order) -> None:
    ben = Client()
    ben.force_login(User.objects.create_user("ben@example.com", "x"))
    back = ask(order, Bowl=1)
    one = f"/account/orders/{order.number}/returns/{back.number}/"
    for client in (ben, Client()):
        for url in (ask_url(order), one):
            assert client.get(url).status_code in (302, 404)
        assert client.post(ask_url(order), filled(order)).status_code in (302, 404)
        assert client.post(f"{one}withdraw/").status_code in (302, 404)
    # An account's order is not a guest's, whoever has its link.
    assert as_ada.get(ask_url(order, guest=True))["Location"] == ask_url(order)
    assert Client().post(ask_url(order, guest=True), filled(order)).status_code == 302
    assert Client().post(f"{return_path(order.number, back.number)}withdraw/").status_code == 404
    # A return is of its own order.
    other = sent_order()
    borrowed = f"/account/order/{other.number}/{order_signature(other.number)}/returns/{back.number}/"
    assert Client().get(borrowed).status_code == 404
    assert Client().get(return_path(other.number, "NO-SUCH")).status_code == 404
    for wrong in ("x", order_signature(order.number)):
        assert Client().get(f"/account/order/{other.number}/{wrong}/return/").status_code == 404
    back.refresh_from_db()
    assert back.state == "requested" and Return.objects.count() == 1


def test_a_line_of_another_order_is_no_field_of_this_one(as_ada: Client, order: Order) -> None:
    other = sent_order()
    page = as_ada.post(ask_url(order), filled(other))
    assert page.status_code == 422 and not Return.objects.exists()


def test_where_nothing_can_come_back_it_is_said(as_ada: Client, order: Order) -> None:
    ask(order, Bowl=3, Jug=3)
    page = as_ada.get(ask_url(order), follow=True).content.decode()
    assert "nothing in this order that can be sent back" in page and f'href="{ask_url(order)}"' not in page


def test_what_is_on_its_way_is_withdrawn_and_what_is_here_is_not(as_ada: Client, order: Order) -> None:
    from .sending_back import receive

    back = approve(ask(order, Bowl=1))
    url = f"/account/orders/{order.number}/returns/{back.number}/"
    receive(back)
    page = as_ada.post(f"{url}withdraw/", follow=True).content.decode()
    assert "cannot become" in page and "Yes, withdraw" not in page
    back.refresh_from_db()
    assert back.state == "received"
    assert as_ada.get(f"{url}withdraw/").status_code == 405


def test_the_link_in_the_mail_leads_to_the_return(mailoutbox: list[Any]) -> None:
    order = sent_order()
    back = approve(ask(order, Bowl=1))
    drain_all()
    assert return_path(order.number, back.number) in mailoutbox[-1].body
    assert "Mill Lane" in Client().get(return_path(order.number, back.number)).content.decode()


def test_an_accounts_mail_leads_to_the_account(order: Order, as_ada: Client) -> None:
    back = ask(order, Bowl=1)
    answer = as_ada.get(return_path(order.number, back.number), follow=True)
    assert answer.redirect_chain[-1][0] == f"/account/orders/{order.number}/returns/{back.number}/"


def test_a_deleted_account_leaves_no_words(ada: User, order: Order) -> None:
    from shop.accounts import personal
    from shop.accounts.deletion import delete_account

    back = ask(order, Bowl=1)
    (exported,) = next(each for each in personal.holdings() if each.name == "returns").export(ada)
    assert exported["note"] == "Too blue" and exported["lines"][0]["title"] == "Bowl"
    change_status(order, "delivered")
    delete_account(ada)
    back.refresh_from_db()
    assert back.note == ""


def test_the_page_of_an_order_with_returns_is_read_in_few_queries(
    as_ada: Client, order: Order, django_assert_max_num_queries: Any
) -> None:
    for _ in range(3):
        ask(order, Bowl=1, Jug=1)
    url = f"/account/orders/{order.number}/"
    as_ada.get(url)
    with django_assert_max_num_queries(18):
        as_ada.get(url)
