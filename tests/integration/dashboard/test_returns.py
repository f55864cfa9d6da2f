"""Support's way with returns: answered, taken in, paid back."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from shop.accounts.roles import MARKETER, SUPPORT
from shop.invoices.seller import Seller
from shop.order.models import Order, Shipment
from shop.payment.models import Refund
from shop.returns.models import Return
from tests.integration.returns.sending_back import approve, ask, came_back, line_of, sent_order

from .pages import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def support() -> Client:
    return signed_in(SUPPORT)


@pytest.fixture
def order() -> Order:
    return sent_order()


def test_parcels_go_to_the_shop_where_nobody_has_said_where(
    support: Client, order: Order, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SHOP_RETURN_ADDRESS = []
    own = Seller(name="Kiln Ltd", address="14 Tanner’s Yard\nLondon")
    monkeypatch.setattr("shop.dashboard.returns.forms.seller", lambda: own)
    page = support.get(reverse("dashboard:return-detail", args=[ask(order, Bowl=2).number])).content.decode()
    assert "Kiln Ltd\n14 Tanner’s Yard\nLondon" in page


def step(client: Client, back: Return, do: str, **values: Any) -> Any:
    answer = client.post(reverse("dashboard:return-detail", args=[back.number]), {"do": do, **values}, follow=True)
    back.refresh_from_db()
    return answer


def test_from_the_list_to_the_refund(support: Client, order: Order, settings: Any) -> None:
    settings.SHOP_RETURN_ADDRESS = ["Fern & Kiln", "Unit 4"]
    back = ask(order, Bowl=2)
    row = back.lines.get()
    assert "1 return waits for us" in support.get(reverse("dashboard:return-list")).content.decode()
    assert "Returns that wait for us" in support.get("/dashboard/").content.decode()
    page = support.get(reverse("dashboard:return-detail", args=[back.number])).content.decode()
    assert "Fern &amp; Kiln\nUnit 4" in page and "Too blue" in page
    step(support, back, "approve", **{"approve-send_to": "Unit 4", "approve-answer": "Thank you"})
    assert (back.state, back.send_to, back.answer) == ("approved", "Unit 4", "Thank you")
    step(support, back, "receive", **{f"received-{row.pk}": "2", f"restocked-{row.pk}": "1"})
    assert back.state == "received" and line_of(order).stockrecord.num_in_stock == 7
    page = step(support, back, "look", **{f"refunded-{row.pk}": "2", "delivery": "", "extra": "1"}).content.decode()
    assert "It comes to £7.66." in page and not Refund.objects.exists()
    page = step(support, back, "refund", **{f"refunded-{row.pk}": "2", "extra": "1", "expected": "7.66"})
    made = Refund.objects.get()
    assert (made.amount, made.by.email, back.state) == (Decimal("7.66"), "support@example.com", "refunded")
    assert "Refund of £7.66" in page.content.decode()
    # Pressed again.
    step(support, back, "refund", **{f"refunded-{row.pk}": "2", "extra": "1", "expected": "7.66"})
    assert Refund.objects.count() == 1
    assert back.number in support.get(reverse("dashboard:order-detail", args=[order.number])).content.decode()


def test_another_amount_than_was_looked_at_is_not_sent(support: Client, order: Order) -> None:
    back = came_back(order, Bowl=2)
    row = back.lines.get()
    for expected in ("", "1.00"):
        page = step(support, back, "refund", **{f"refunded-{row.pk}": "2", "expected": expected})
        assert page.status_code == 422 and "another amount than before" in page.content.decode()
    assert not Refund.objects.exists() and back.state == "received"


def test_what_came_by_bank_needs_a_reference(support: Client) -> None:
    back = came_back(sent_order(by_card=False), Bowl=2)
    row = back.lines.get()
    data = {f"refunded-{row.pk}": "2"}
    page = step(support, back, "look", **data).content.decode()
    assert "£6.66 you send by bank</b>" in page and "£6.66 was sent back" in page
    page = step(support, back, "refund", **data, expected="6.66")
    assert page.status_code == 422 and "say by which reference" in page.content.decode()
    page = step(support, back, "refund", **data, expected="6.66", reference="FT 7").content.decode()
    assert back.state == "refunded" and "£6.66 by bank transfer" in page


@pytest.mark.parametrize(
    ("do", "values", "words"),
    [
        ("approve", {"approve-send_to": " "}, "required"),
        ("decline", {"decline-answer": ""}, "required"),
        ("receive", {}, "cannot become"),
        ("refund", {}, "cannot become"),
        ("nonsense", {}, "Choose what to do"),
        ("", {}, "Choose what to do"),
    ],
)
def test_what_does_not_fit_is_said(support: Client, order: Order, do: str, values: dict[str, str], words: str) -> None:
    back = ask(order, Bowl=2)
    pk = back.lines.get().pk
    if do == "receive":
        values = {f"received-{pk}": "1", f"restocked-{pk}": "0"}
    page = step(support, back, do, **values)
    assert words in page.content.decode() and back.state == "requested"


@pytest.mark.parametrize(
    ("received", "restocked"), [("3", "0"), ("-1", "0"), ("1", "2"), ("", ""), ("x", "0"), ("0", "0")]
)
def test_numbers_that_do_not_fit_are_said(support: Client, order: Order, received: str, restocked: str) -> None:
    back = approve(ask(order, Bowl=2))
    pk = back.lines.get().pk
    page = step(support, back, "receive", **{f"received-{pk}": received, f"restocked-{pk}": restocked})
    assert page.status_code == 422 and back.state == "approved"
    assert "Nothing is done yet" in page.content.decode()


def test_declined_withdrawn_and_closed(support: Client, order: Order) -> None:
    one, two, three = ask(order, Bowl=1), approve(ask(order, Bowl=1)), came_back(order, Jug=1)
    step(support, one, "decline", **{"decline-answer": "It was glued."})
    step(support, two, "withdraw", **{"withdraw-why": "she keeps it"})
    step(support, three, "close", **{"close-answer": "It was used."})
    assert [each.state for each in (one, two, three)] == ["declined", "withdrawn", "closed"]
    assert two.changes.last().why == "she keeps it"  # type: ignore[union-attr]
    found = support.get(reverse("dashboard:return-list"), {"state": "declined"}).context["returns"]
    assert list(found) == [one]
    assert list(support.get(reverse("dashboard:return-list"), {"q": three.number}).context["returns"]) == [three]


def test_staff_writes_one_down_also_when_it_is_late(support: Client, order: Order) -> None:
    Shipment.objects.update(created_at="2020-01-01T00:00:00Z")
    url = reverse("dashboard:order-return", args=[order.number])
    assert url in support.get(reverse("dashboard:order-detail", args=[order.number])).content.decode()
    assert support.get(url).status_code == 200
    pk = line_of(order).pk
    data = {"key": str(uuid.uuid4()), f"line-{pk}": "2", f"reason-{pk}": "faulty"}
    assert support.post(url, data | {f"line-{pk}": "4"}).status_code == 422
    locations = {support.post(url, data)["Location"] for _ in range(2)}
    back = Return.objects.get()
    assert locations == {reverse("dashboard:return-detail", args=[back.number])}
    assert back.changes.get().by.email == "support@example.com"
    assert "waits" in support.get(reverse("dashboard:return-list")).content.decode()


def test_who_may_not_may_not(order: Order) -> None:
    back = ask(order, Bowl=1)
    marketer = signed_in(MARKETER)
    for url in (
        reverse("dashboard:return-list"),
        reverse("dashboard:return-detail", args=[back.number]),
        reverse("dashboard:order-return", args=[order.number]),
    ):
        assert marketer.get(url).status_code == 403
        assert marketer.post(url, {"do": "approve", "approve-send_to": "x"}).status_code in (403, 405)
    back.refresh_from_db()
    assert back.state == "requested"


def test_the_list_takes_few_queries(support: Client, django_assert_max_num_queries: Any) -> None:
    for _ in range(4):
        ask(sent_order(), Bowl=1, Jug=1)
    url = reverse("dashboard:return-list")
    support.get(url)
    with django_assert_max_num_queries(16):
        assert len(support.get(url).context["returns"]) == 4
