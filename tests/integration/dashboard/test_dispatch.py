"""Staff sends orders off in parts, and says how they are followed."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from shop.accounts.roles import SUPPORT
from shop.order.models import Order, Shipment
from shop.order.states import change_status
from shop.outbox.operations import drain_all
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
