"""Staff sends orders off in parts, and says how they are followed."""

from __future__ import annotations

import re
import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from shop.accounts.roles import SUPPORT
from shop.ledger.models import MoneyEntry
from shop.ledger.operations import enter
from shop.order.models import Order, Shipment
from shop.order.shipments import dispatch
from shop.order.states import change_status
from shop.outbox.operations import drain_all
from shop.payment.refunds import refund
from tests.factories import make_product
from tests.integration.ledger.buying import order_of

from .pages import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def support() -> Client:
    return signed_in(SUPPORT)


@pytest.fixture
def order() -> Order:
    made = order_of(make_product("Bowl", stock=9), make_product("Jug", stock=9), quantity=3)
    assert made is not None
    return change_status(made, "paid")


def url_of(order: Order) -> str:
    return reverse("dashboard:order-dispatch", args=[order.number])


def filled(order: Order, **values: Any) -> dict[str, Any]:
    """The form with how many bowls and jugs leave."""
    lines = {f"line-{line.pk}": values.pop(line.title, "") for line in order.lines.all()}
    return {"key": str(uuid.uuid4()), **lines, **values}


def test_part_of_an_order_leaves_with_tracking(support: Client, order: Order, mailoutbox: Any) -> None:
    detail = reverse("dashboard:order-detail", args=[order.number])
    assert url_of(order) in support.get(detail).content.decode()
    page = support.get(url_of(order)).content.decode()
    assert page.count('value="3"') == 2
    data = filled(order, Bowl="2", carrier="dhl", tracking_number=" 00340 ")
    answer = support.post(url_of(order), data, follow=True)
    text = answer.content.decode()
    assert (
        "2 things have left the house" in text
        and "1 in the house, 2 dispatched" in text
        and "tracking-id=00340" in text
    )
    # Pressed twice.
    assert "left only once" in support.post(url_of(order), data, follow=True).content.decode()
    made = Shipment.objects.get()
    assert (made.by.email, made.tracking_number) == ("support@example.com", "00340")
    drain_all()
    assert [each.subject for each in mailoutbox][-1] == f"Your order {order.number} is on its way"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"Bowl": "4"}, "3 of “Bowl” are still here"),
        ({"Bowl": "-1"}, "greater than or equal to 0"),
        ({"Bowl": "two"}, "whole number"),
        ({"Bowl": "9" * 30}, "are still here"),
        ({"Bowl": "0"}, "Nothing leaves"),
        ({}, "Nothing leaves"),
        ({"Bowl": "1", "carrier": "pigeon"}, "not one of the available choices"),
        ({"Bowl": "1", "tracking_number": "1"}, "Say whose"),
        ({"Bowl": "1", "carrier": "dhl", "tracking_number": "<b>"}, "A tracking number has"),
        ({"Bowl": "1", "carrier": "dhl", "tracking_number": "1" * 65}, "at most 64"),
        ({"Bowl": "1", "carrier": "other", "tracking_url": "javascript:alert(1)"}, "valid URL"),
        ({"Bowl": "1", "key": "no"}, "valid UUID"),
        ({"Bowl": "1", "key": ""}, "required"),
    ],
)
def test_what_makes_no_sense_is_said_and_nothing_leaves(
    support: Client, order: Order, values: dict[str, str], words: str
) -> None:
    page = support.post(url_of(order), filled(order, **values))
    assert page.status_code == 422 and words in page.content.decode(), page.content.decode()
    assert not Shipment.objects.exists()
    order.refresh_from_db()
    assert order.status == "paid"


def test_a_line_of_another_order_is_no_field_of_this_one(support: Client, order: Order) -> None:
    other = order_of(make_product("Lamp"))
    assert other is not None
    change_status(other, "paid")
    data = filled(order, Bowl="1") | {f"line-{other.lines.get().pk}": "1"}
    support.post(url_of(order), data)
    assert set(Shipment.objects.get().lines.values_list("line__title", flat=True)) == {"Bowl"}


def test_what_was_cancelled_meanwhile_does_not_leave(support: Client, order: Order) -> None:
    data = filled(order, Bowl="1")
    change_status(order, "cancelled")
    assert "cannot become" in support.post(url_of(order), data, follow=True).content.decode()
    assert not Shipment.objects.exists()
    assert support.get(url_of(order)).status_code == 302


def give_back(order: Order, *, extra: Decimal = Decimal(0), **lines: int) -> None:
    """By bank, as it was paid."""
    chosen = {order.lines.get(title=title).pk: number for title, number in lines.items()}
    refund(order, lines=chosen, extra=extra, by=None, why="sorry", reference="statement 7")


def numbers(page: str) -> list[str]:
    """With what the form for bowls and jugs begins."""
    return re.findall(r'<input type="number" name="line-\d+" value="(\d*)"', page)


def detail(support: Client, order: Order) -> str:
    return support.get(reverse("dashboard:order-detail", args=[order.number])).content.decode()


def test_what_was_refunded_leaves_only_if_somebody_says_so(support: Client, order: Order) -> None:
    assert numbers(support.get(url_of(order)).content.decode()) == ["3", "3"]
    assert "Dispatch all that is left" in detail(support, order) and "still here" not in detail(support, order)
    give_back(order, Bowl=2)
    page = support.get(url_of(order)).content.decode()
    assert numbers(page) == ["1", "3"]
    assert "2 of these were refunded: they leave only if you say so." in page
    text = detail(support, order)
    assert "2 × Bowl." in text and "Dispatch all that is left" not in text and url_of(order) in text
    # The button of a page that was open before leads to the form.
    status_url = reverse("dashboard:order-status", args=[order.number])
    assert support.post(status_url, {"to": "dispatched"})["Location"] == url_of(order)
    answer = support.post(reverse("dashboard:order-bulk"), {"order": [order.pk], "to": "dispatched"}, follow=True)
    assert "has things that were refunded" in answer.content.decode() and not Shipment.objects.exists()
    # Goodwill: all of it leaves.
    support.post(url_of(order), filled(order, Bowl="3", Jug="3"))
    order.refresh_from_db()
    assert order.status == "dispatched" and "still here" not in detail(support, order)


@pytest.mark.parametrize("by_lines", [True, False])
def test_an_order_of_which_all_was_refunded_is_to_be_cancelled(support: Client, order: Order, by_lines: bool) -> None:
    if by_lines:
        give_back(order, Bowl=3, Jug=3)
    else:
        give_back(order, extra=order.total_incl_tax)
    page = support.get(url_of(order)).content.decode()
    assert numbers(page) == ["0", "0"] and page.count("3 of these were refunded") == 2
    assert "Nothing that is paid for is left to be dispatched" in detail(support, order)
    assert support.post(url_of(order), filled(order, Bowl="0", Jug="0")).status_code == 422
    orders = support.get(reverse("dashboard:order-list"), {"status": "to-dispatch"}).content.decode()
    assert "Refunded, and still here" in orders
    change_status(order, "cancelled")
    assert "still here" not in detail(support, order)


def test_what_left_before_it_was_refunded_is_not_still_here(support: Client, order: Order) -> None:
    lines = {line.title: line for line in order.lines.all()}
    dispatch(order, quantities={lines["Bowl"].pk: 3}, by=None, key=uuid.uuid4())
    give_back(order, Bowl=3)
    assert numbers(support.get(url_of(order)).content.decode()) == ["3"]
    text = support.get(reverse("dashboard:order-list")).content.decode()
    assert "still here" not in text and "still here" not in detail(support, order)


def test_what_a_bank_holds_for_a_dispute_is_not_paid_back(support: Client, order: Order) -> None:
    enter(order, MoneyEntry.Kind.DISPUTED, order.total_incl_tax, key="disputed:dp_1", currency="GBP")
    assert numbers(support.get(url_of(order)).content.decode()) == ["3", "3"]


def test_the_list_of_what_is_to_leave_asks_the_same_number_of_questions(
    support: Client, order: Order, django_assert_max_num_queries: Any
) -> None:
    give_back(order, Bowl=1)
    url, lamp = reverse("dashboard:order-list"), make_product("Lamp", stock=9)
    for _ in range(5):
        made = order_of(lamp)
        assert made is not None
        change_status(made, "paid")
        give_back(made, Lamp=1)
    support.get(url)
    with django_assert_max_num_queries(14):
        text = support.get(url, {"status": "to-dispatch"}).content.decode()
    assert text.count("Refunded, and still here") == 6


def test_tracking_is_put_right(support: Client, order: Order, mailoutbox: Any) -> None:
    change_status(order, "dispatched")
    made = Shipment.objects.get()
    url = reverse("dashboard:order-tracking", args=[order.number, made.pk])
    assert "Add tracking" in support.get(reverse("dashboard:order-detail", args=[order.number])).content.decode()
    assert support.get(url).status_code == 200
    data = {"carrier": "other", "tracking_number": "7", "tracking_url": "https://track.example.org/7", "tell": "on"}
    assert "The customer is told" in support.post(url, data, follow=True).content.decode()
    made.refresh_from_db()
    assert (made.carrier, made.tracking_url) == ("other", "https://track.example.org/7")
    drain_all()
    assert "https://track.example.org/7" in mailoutbox[-1].body
    assert 'value="https://track.example.org/7"' in support.get(url).content.decode()
    assert support.post(url, {"tracking_number": "7"}).status_code == 422
    other = order_of(make_product("Lamp"))
    assert other is not None
    assert support.get(reverse("dashboard:order-tracking", args=[other.number, made.pk])).status_code == 404
