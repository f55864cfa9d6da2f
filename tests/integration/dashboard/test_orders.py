"""Support's way with orders: every change goes through the one table of states."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from oscar.apps.order.models import ShippingAddress

from shop.accounts.roles import MARKETER, SUPPORT
from shop.dashboard.orders.selectors import owed_by_bank
from shop.ledger.operations import sent_back
from shop.order.models import Order, OrderNote, OrderStatusChange
from shop.order.shipments import dispatch
from shop.order.states import change_status
from shop.outbox.operations import drain_all
from tests.factories import make_product
from tests.integration.orders.buying import buy
from themes.formats import money

from .pages import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def support() -> Client:
    return signed_in(SUPPORT)


def page_of(order: Order) -> str:
    return reverse("dashboard:order-detail", args=[order.number])


def move(client: Client, order: Order, to: str, **more: Any) -> None:
    answer = client.post(reverse("dashboard:order-status", args=[order.number]), {"to": to, **more})
    assert answer.status_code == 302
    order.refresh_from_db()


def test_the_enter_key_in_the_field_for_the_reason_moves_no_order(support: Client) -> None:
    words = support.get(page_of(buy(Client(), make_product("Bowl")))).content.decode()
    start = words.index('action="/dashboard/orders/', words.index("<main"))
    form = words[start : words.index("</form>", start)]
    # A browser presses a form's first button, and none where that one is disabled.
    assert 'name="why"' in form and 'value="paid"' in form
    first = form[form.index("<button") :]
    assert first.startswith('<button type="submit" disabled hidden>')


@pytest.mark.parametrize("rest", ["%00/", "%00/dispatch/", "%00/refund/", "%00/return/", "a%00b/shipping-address/"])
def test_a_number_with_a_letter_of_nothing_is_none(support: Client, rest: str) -> None:
    # PostgreSQL fails where it is asked for one.
    assert support.get(f"/dashboard/orders/{rest}").status_code == 404
    assert support.get("/dashboard/orders/", {"q": "\x00"}).status_code == 200


def test_paid_dispatched_delivered_with_reasons_and_mails(support: Client, mailoutbox: Any) -> None:
    bowl, jug = make_product("Bowl"), make_product("Jug")
    order = buy(Client(), bowl, jug)
    text = support.get(page_of(order)).content.decode()
    assert "Mark as paid" in text
    assert "Mark as delivered" not in text

    move(support, order, "paid", why="transfer of 3 May")
    first = order.lines.order_by("pk").first()
    dispatch(order, quantities={first.pk: 1}, by=None, key=uuid.uuid4())
    assert order.status == "partly-dispatched"
    move(support, order, "dispatched")
    move(support, order, "delivered")
    change = OrderStatusChange.objects.get(order=order, new_status="paid")
    assert (change.by.email, change.why) == ("support@example.com", "transfer of 3 May")
    drain_all()
    text = support.get(page_of(order)).content.decode()
    assert "transfer of 3 May" in text
    assert [order.number in mail.subject for mail in mailoutbox] == [True] * 4
    assert mailoutbox[0].subject in text


def test_no_lines_and_no_way_there_are_said_and_change_nothing(support: Client) -> None:
    order = buy(Client(), make_product("Bowl"), make_product("Jug"))
    move(support, order, "delivered")
    assert order.status == "awaiting-payment"
    assert "cannot become" in support.get(page_of(order)).content.decode()
    move(support, order, "paid")
    move(support, order, "partly-dispatched")
    assert order.status == "paid"
    assert "Say which lines" in support.get(page_of(order)).content.decode()


def test_cancelling_gives_the_stock_back(support: Client) -> None:
    bowl = make_product("Bowl", stock=5)
    order = buy(Client(), bowl)
    record = bowl.stockrecords.get()
    assert record.net_stock_level == 4
    move(support, order, "cancelled", why="changed her mind", sure="yes")
    record.refresh_from_db()
    assert record.net_stock_level == 5


def test_cancelling_asks_first_and_wants_a_reason(support: Client, mailoutbox: Any) -> None:
    order = buy(Client(), make_product("Bowl"))
    url = reverse("dashboard:order-status", args=[order.number])
    page = support.post(url, {"to": "cancelled", "why": "a slip"})
    assert page.status_code == 200
    text = page.content.decode()
    assert f"Cancel order {order.number}?" in text
    assert "owed back" not in text
    assert page.context["form"].initial == {"why": "a slip"}
    assert support.post(url, {"to": "cancelled", "sure": "yes", "why": " "}).context["form"].errors["why"]
    drain_all()
    order.refresh_from_db()
    assert order.status == "awaiting-payment"
    # Of the purchase itself.
    assert len(mailoutbox) == 1
    move(support, order, "cancelled", why="changed her mind", sure="yes")
    assert order.status == "cancelled"
    assert "owed back" not in support.get(page_of(order)).content.decode()


def test_what_a_cancelled_order_owes_is_said_and_stays_said(support: Client) -> None:
    whole, part = (buy(Client(), make_product("Bowl", price="20"), make_product("Jug", price="30")) for _ in range(2))
    move(support, whole, "paid")
    move(support, part, "paid")
    dispatch(part, quantities={part.lines.get(title="Bowl").pk: 1}, by=None, key=uuid.uuid4())
    bulk = reverse("dashboard:order-bulk")
    data = {"order": [whole.pk, part.pk], "to": "cancelled"}
    asked = support.post(bulk, data).content.decode()
    assert "Cancel 2 orders?" in asked
    assert asked.count("will be owed back to the customer") == 2
    assert set(Order.objects.values_list("status", flat=True)) == {"paid", "partly-dispatched"}
    text = support.post(bulk, {**data, "sure": "yes", "why": "the kiln broke"}, follow=True).content.decode()
    assert f"Order {part.number} was paid: £30 is owed back to the customer." in text
    assert f"Order {whole.number} was paid: {money(whole.total_incl_tax, 'GBP')} is owed back" in text
    assert "£30 is owed back to the customer" in support.get(page_of(part)).content.decode()


def test_many_at_once_each_for_itself(support: Client) -> None:
    bowl = make_product("Bowl", stock=10)
    orders = [buy(Client(), bowl) for _ in range(3)]
    move(support, orders[0], "cancelled", why="twice", sure="yes")
    data = {"order": [each.pk for each in orders], "to": "paid", "why": "statement 12"}
    answer = support.post(reverse("dashboard:order-bulk"), data, follow=True)
    assert sorted(Order.objects.values_list("status", flat=True)) == ["cancelled", "paid", "paid"]
    text = answer.content.decode()
    assert "2 orders are now “Paid”" in text
    assert "cannot become" in text
    table = support.post(reverse("dashboard:order-bulk"), {**data, "to": "csv"}).content.decode()
    assert table.count("\r\n") == 4
    assert all(order.number in table for order in orders)


@pytest.mark.parametrize("text", ["ada@example", "Fenwick", "SEEK-1", "low rim"])
def test_orders_are_found(support: Client, text: str) -> None:
    order = buy(Client(), make_product("Bowl with a low rim", sku="SEEK-1"))
    other = buy(Client(), make_product("Lamp"), name="Grace Hall")
    Order.objects.filter(pk=other.pk).update(guest_email="grace@example.org")
    found = support.get(reverse("dashboard:order-list"), {"q": text}).context["orders"]
    assert order in found
    assert (other in found) == (text == "")
    assert support.get(reverse("dashboard:order-list"), {"q": order.number})["Location"] == page_of(order)


def test_days_the_wrong_way_round_are_said(support: Client) -> None:
    buy(Client(), make_product("Bowl"))
    page = support.get(reverse("dashboard:order-list"), {"since": "2026-05-02", "until": "2026-05-01"})
    assert "2026-05-01 is before 2026-05-02, so nothing could fit: swap them." in page.content.decode()


def test_the_list_and_the_first_page_ask_a_fixed_number_of_questions(
    support: Client, django_assert_max_num_queries: Any
) -> None:
    bowl = make_product("Bowl", stock=50)
    for _ in range(6):
        buy(Client(), bowl)
    with django_assert_max_num_queries(11):
        support.get(reverse("dashboard:order-list"), {"status": "awaiting-payment"})
    with django_assert_max_num_queries(14):
        page = support.get(reverse("dashboard:index"))
    figures = {figure.label: figure.value for figure in page.context["today"].figures}
    assert figures["Awaiting payment"] == "6"
    assert figures["Orders in 24 hours"] == "6"


def test_a_long_order_takes_no_question_a_line(support: Client, django_assert_max_num_queries: Any) -> None:
    order = buy(Client(), *[make_product(f"Thing {number}") for number in range(12)])
    with django_assert_max_num_queries(24):
        assert support.get(page_of(order)).status_code == 200


def test_notes_are_written_and_taken_back_by_their_writer_only(support: Client) -> None:
    order = buy(Client(), make_product("Bowl"))
    url = reverse("dashboard:order-note", args=[order.number])
    assert support.post(url, {"message": "Rang her, no answer."}).status_code == 302
    note = OrderNote.objects.get(order=order)
    assert "Rang her" in support.get(page_of(order)).content.decode()
    OrderNote.objects.filter(pk=note.pk).update(user=None)
    assert support.post(url, {"delete": note.pk}).status_code == 403
    assert support.post(url, {"message": "  "}, follow=True).status_code == 200
    assert OrderNote.objects.count() == 1


def test_the_address_of_what_has_left_stays(support: Client) -> None:
    order = buy(Client(), make_product("Bowl"))
    url = reverse("dashboard:order-shipping-address", args=[order.number])
    page = support.get(url)
    assert page.status_code == 200
    values = {field.html_name: field.value() or "" for field in page.context["form"]}
    assert support.post(url, {**values, "line1": "1 New Street"}).status_code == 302
    order.refresh_from_db()
    assert order.shipping_address.line1 == "1 New Street"
    assert "1 New Street" in order.notes.get().message
    move(support, order, "paid")
    move(support, order, "dispatched")
    assert support.post(url, {**values, "line1": "2 Other Street"}).status_code == 302
    order.shipping_address.refresh_from_db()
    assert order.shipping_address.line1 == "1 New Street"


def test_an_order_does_not_move_to_a_country_with_another_tax(support: Client) -> None:
    order = buy(Client(), make_product("Bowl"))
    url = reverse("dashboard:order-shipping-address", args=[order.number])
    values = {field.html_name: field.value() or "" for field in support.get(url).context["form"]}
    page = support.post(url, {**values, "country": "US", "state": "OR", "line1": "1 Elm Street"})
    assert "placed for United Kingdom, which decided its tax" in page.content.decode()
    address = ShippingAddress.objects.get(order=order)
    assert (address.country_id, address.line1) == ("GB", "14 Tanner’s Row") and not order.notes.exists()


def test_money_that_is_owed_by_bank_is_counted_until_it_is_sent(support: Client) -> None:
    words = "Cancelled, and owed back by bank"
    buyers = [Client(), Client(), Client()]
    orders = [buy(each, make_product("Bowl")) for each in buyers]
    for order in orders[:2]:
        change_status(order, "paid")
    assert words not in support.get("/dashboard/").content.decode()
    for order in orders:
        # The last one was never paid.
        change_status(order, "cancelled", why="by its buyer")
    page = support.get("/dashboard/").content.decode()
    assert words in page and f"The oldest is order {orders[0].number}." in page
    assert owed_by_bank() == [each.number for each in orders[:2]]
    total = orders[0].total_incl_tax
    sent_back(orders[0], total, reference="OUT-1", token="one", by=None)
    assert owed_by_bank() == [orders[1].number]
    sent_back(orders[1], total, reference="OUT-2", token="two", by=None)
    assert words not in support.get("/dashboard/").content.decode()


def test_a_marketer_sees_and_moves_no_order() -> None:
    order = buy(Client(), make_product("Bowl"))
    marketer = signed_in(MARKETER)
    assert marketer.get(page_of(order)).status_code == 403
    assert marketer.post(reverse("dashboard:order-status", args=[order.number]), {"to": "paid"}).status_code == 403
    assert marketer.post(reverse("dashboard:order-bulk"), {"order": [order.pk], "to": "paid"}).status_code == 403
    order.refresh_from_db()
    assert order.status == "awaiting-payment"
