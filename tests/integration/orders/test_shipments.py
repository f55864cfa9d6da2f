"""Dispatch by quantity: what leaves, what stays, and what the customer reads."""

from __future__ import annotations

import uuid
from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from shop.accounts.models import User
from shop.ledger.accounts import account
from shop.ledger.models import StockMovement
from shop.mail.models import SentMail
from shop.order.models import Line, Order, OrderNote, Shipment
from shop.order.selectors import order_view
from shop.order.shipments import DispatchError, Tracking, correct_tracking, dispatch
from shop.order.states import InvalidTransition, change_status
from shop.outbox.operations import drain_all
from shop.payment.models import Refund, RefundLine
from shop.payment.refunds import RefundError, refund
from shop.payment.settling import settle
from tests.factories import make_class, make_product
from tests.integration.ledger.buying import begun, found, order_of, seen

pytestmark = pytest.mark.django_db
TRACKED = Tracking("royal-mail", "AB 123/4 GB")


@pytest.fixture
def staff() -> User:
    return User.objects.create_user("sam@example.org", "x", is_staff=True)


@pytest.fixture
def order() -> Order:
    """Paid by card: three bowls and three jugs."""
    made = order_of(make_product("Bowl", price="3.33", stock=9), make_product("Jug", price="5", stock=9), quantity=3)
    assert made is not None
    settle(begun(made).pk, seen(made.payments.get()))
    made.refresh_from_db()
    assert made.status == "paid"
    return made


def line(order: Order, title: str = "Bowl") -> Line:
    return order.lines.get(title=title)


def send(order: Order, key: uuid.UUID | None = None, tracking: Tracking | None = None, **titles: int) -> Shipment:
    """So many bowls and jugs leave."""
    quantities = {line(order, title).pk: number for title, number in titles.items()}
    made = dispatch(order, quantities=quantities, tracking=tracking, by=None, key=key or uuid.uuid4())
    order.refresh_from_db()
    return made


def numbers(order: Order, title: str = "Bowl") -> tuple[str, int, int, int]:
    found = line(order, title)
    return found.status, found.dispatched, found.cancelled, found.num_allocated


def shelf(order: Order, title: str = "Bowl") -> tuple[int, int]:
    record = line(order, title).stockrecord
    return record.num_in_stock, record.num_allocated or 0


def test_an_order_leaves_in_parts(order: Order) -> None:
    send(order, Bowl=1)
    assert (order.status, numbers(order), shelf(order)) == ("partly-dispatched", ("open", 1, 0, 2), (8, 2))
    send(order, Bowl=1, Jug=3)
    assert (order.status, numbers(order), numbers(order, "Jug")) == (
        "partly-dispatched", ("open", 2, 0, 1), ("dispatched", 3, 0, 0),
    )  # fmt: skip
    send(order, Bowl=1)
    assert (order.status, numbers(order), shelf(order)) == ("dispatched", ("dispatched", 3, 0, 0), (6, 0))
    assert found() == []
    moves = StockMovement.objects.filter(kind="dispatched", line=line(order)).order_by("pk")
    assert list(moves.values_list("on_shelf", "promised")) == [(-1, -1)] * 3
    assert list(order.status_changes.order_by("pk").values_list("new_status", flat=True))[-2:] == [
        "partly-dispatched", "dispatched",
    ]  # fmt: skip


def test_each_shipment_has_its_mail_with_what_left_and_where_it_is(order: Order) -> None:
    send(order, tracking=TRACKED, Bowl=2)
    drain_all()
    send(order, Bowl=1, Jug=3)
    drain_all()
    first, second = SentMail.objects.filter(kind="order-dispatched").order_by("sent_at")
    url = "https://www.royalmail.com/track-your-item#/tracking-results/AB%20123%2F4%20GB"
    assert "2 x Bowl" in first.text and "Jug" not in first.text and "The rest of the order follows" in first.text
    assert f"Royal Mail: AB 123/4 GB\nFollow the parcel: {url}" in first.text and f'href="{url}"' in first.html
    assert "1 x Bowl" in second.text and "3 x Jug" in second.text
    assert "The rest" not in second.text and "Follow the parcel" not in second.text


def test_german_buyers_read_german(order: Order) -> None:
    Order.objects.update(language="de")
    order.refresh_from_db()
    made = send(order, tracking=TRACKED, Bowl=1)
    correct_tracking(made, tracking=Tracking("dhl", "99"), by=None, tell_customer=True)
    drain_all()
    first, second = SentMail.objects.filter(kind="order-dispatched").order_by("sent_at")
    assert "Paket verfolgen: https://" in first.text and "Der Rest der Bestellung folgt" in first.text
    assert "verfolgen" in second.subject and "Wir ergänzen" in second.text


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ({"Bowl": 0}, "0 are to leave, and 3 are still here"),
        ({"Bowl": -1}, "-1 are to leave, and 3"),
        ({"Bowl": 4}, "4 are to leave, and 3"),
        ({"Bowl": 10**12}, "and 3 are still here"),
        ({"Jug": 3, "Bowl": 4}, "4 are to leave"),
        ({}, "Say which lines"),
    ],
)
@pytest.mark.parametrize("sent", [0, 1])
def test_what_is_not_there_does_not_leave(order: Order, sent: int, wanted: dict[str, int], words: str) -> None:
    if sent:
        send(order, Jug=1)
        wanted = {title: min(number, 2) if title == "Jug" else number for title, number in wanted.items()}
    before = (order.status, numbers(order), numbers(order, "Jug"))
    with pytest.raises(DispatchError, match=words) as error:
        send(order, **wanted)
    assert error.value.field == (f"line-{line(order).pk}" if "Bowl" in wanted else "")
    order.refresh_from_db()
    assert (order.status, numbers(order), numbers(order, "Jug")) == before
    assert Shipment.objects.count() == sent and found() == []


def test_another_orders_line_does_not_leave_with_this_one(order: Order) -> None:
    other = order_of(make_product("Lamp"))
    assert other is not None
    change_status(other, "paid")
    for wanted in ({line(other, "Lamp").pk: 1}, {999999: 1}, {line(order).pk: 1, line(other, "Lamp").pk: 1}):
        with pytest.raises(DispatchError, match="has no line"):
            dispatch(order, quantities=wanted, by=None, key=uuid.uuid4())
    assert not Shipment.objects.exists() and numbers(other, "Lamp")[1] == 0


def test_with_the_same_key_it_left_once(order: Order) -> None:
    key = uuid.uuid4()
    assert send(order, key, Bowl=1) == send(order, key, Bowl=1)
    assert numbers(order)[1] == 1
    drain_all()
    assert SentMail.objects.filter(kind="order-dispatched").count() == 1
    other = order_of(make_product("Lamp"))
    assert other is not None
    change_status(other, "paid")
    with pytest.raises(DispatchError, match="another order"):
        dispatch(other, quantities={line(other, "Lamp").pk: 1}, by=None, key=key)


@pytest.mark.parametrize("status", ["awaiting-payment", "cancelled", "dispatched", "delivered"])
def test_only_what_is_paid_and_here_leaves(status: str) -> None:
    made = order_of(make_product("Bowl"))
    assert made is not None
    for step in {"dispatched": ("paid", "dispatched"), "delivered": ("paid", "dispatched", "delivered")}.get(
        status, () if status == "awaiting-payment" else (status,)
    ):
        change_status(made, step)
    before = Shipment.objects.count()
    with pytest.raises(InvalidTransition, match=made.number):
        send(made, Bowl=1)
    assert Shipment.objects.count() == before


def test_everything_at_once_is_one_shipment(order: Order, staff: User) -> None:
    change_status(order, "dispatched", by=staff)
    made = Shipment.objects.get()
    assert (made.by, made.carrier, made.tracking_url) == (staff, "", "")
    assert dict(made.lines.values_list("line__title", "quantity")) == {"Bowl": 3, "Jug": 3}
    assert found() == []


def test_what_is_not_counted_leaves_without_stock(order: Order) -> None:
    course = make_product("Course", product_class=make_class("Courses", track_stock=False), stock=0)
    made = order_of(course, quantity=3)
    assert made is not None
    change_status(made, "paid")
    send(made, Course=2)
    assert (numbers(made, "Course"), shelf(made, "Course")) == (("open", 2, 0, 0), (0, 0))
    assert found() == []


def test_the_database_lets_no_line_leave_twice(order: Order) -> None:
    for values in ({"dispatched": 4}, {"dispatched": 2, "cancelled": 2}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Line.objects.filter(pk=line(order).pk).update(**values)


# ------------------------------------------------------------------ cancelling what stays
def test_what_stays_is_cancelled_by_quantity_and_paid_back(order: Order) -> None:
    send(order, Bowl=1, Jug=1)
    change_status(order, "cancelled", why="sold out")
    assert numbers(order) == ("dispatched", 1, 2, 0) and shelf(order) == (8, 0)
    made = Refund.objects.get()
    assert made.amount == Decimal("16.66") and made.delivery == 0
    assert dict(made.lines.values_list("line__title", "quantity")) == {"Bowl": 2, "Jug": 2}
    assert account(order).owed_if_cancelled == 0 and found() == []


def test_a_line_of_which_nothing_left_is_cancelled(order: Order) -> None:
    send(order, Jug=3)
    change_status(order, "cancelled")
    assert numbers(order) == ("cancelled", 0, 3, 0) and numbers(order, "Jug") == ("dispatched", 3, 0, 0)
    assert Refund.objects.get().amount == Decimal("9.99") and found() == []


@pytest.mark.parametrize("price", ["0.05", "10.00", "9.99", "0.01", "24.98"])
@pytest.mark.parametrize("sent", [1, 2])
@pytest.mark.parametrize("before", [0, 1, 2, 3])
def test_sent_refunded_and_cancelled_parts_come_to_the_penny(order: Order, price: str, sent: int, before: int) -> None:
    """Whatever was refunded before counts for what stays first; the parts of a line are worth exactly its price."""
    # What the jugs cost, the bowls make up for, so that the order's total stays.
    bowl, jug = line(order), line(order, "Jug")
    total = bowl.line_price_incl_tax + jug.line_price_incl_tax
    Line.objects.filter(pk=bowl.pk).update(line_price_incl_tax=Decimal(price))
    Line.objects.filter(pk=jug.pk).update(line_price_incl_tax=total - Decimal(price))
    send(order, Bowl=sent)
    gone = line(order).dispatched_amount
    if before:
        # A penny cannot be divided.
        with suppress(RefundError):
            refund(order, lines={bowl.pk: before}, by=None, why="test")
    change_status(order, "cancelled")
    given = sum(each.amount for each in RefundLine.objects.filter(line=bowl))
    assert given == max(Decimal(price) - gone, sum(
        each.amount for each in RefundLine.objects.filter(line=bowl, refund__why="test")
    ))  # fmt: skip
    assert account(order).owed_if_cancelled == 0 and found() == []


def test_a_partly_dispatched_order_that_is_revived_goes_on(order: Order) -> None:
    from shop.order.states import revive

    send(order, Bowl=1, Jug=3)
    change_status(order, "cancelled")
    revive(order, why="test")
    assert order.status == "partly-dispatched" and numbers(order) == ("open", 1, 0, 2) and shelf(order) == (8, 2)
    send(order, Bowl=2)
    assert order.status == "dispatched"


# ------------------------------------------------------------------ following it
def test_tracking_is_added_later(order: Order, staff: User) -> None:
    made = send(order, Bowl=3, Jug=3)
    drain_all()
    assert correct_tracking(made, tracking=TRACKED, by=staff, tell_customer=False)
    drain_all()
    assert SentMail.objects.filter(kind="order-dispatched").count() == 1
    assert not correct_tracking(made, tracking=TRACKED, by=staff, tell_customer=True)
    drain_all()
    told = SentMail.objects.filter(kind="order-dispatched").latest("sent_at")
    assert told.subject == f"How to follow your order {order.number}" and "AB 123/4 GB" in told.text
    note = OrderNote.objects.get(order=order)
    assert note.user == staff and "— → royal-mail AB 123/4 GB" in note.message


def test_an_order_shows_its_shipments_in_the_same_number_of_queries(
    order: Order, django_assert_num_queries: Any
) -> None:
    def read() -> Order:
        return Order.objects.select_related("user", "shipping_address__country", "billing_address__country").get(
            pk=order.pk
        )

    with django_assert_num_queries(5):
        assert order_view(read()).shipments == ()
    for _ in range(3):
        send(order, tracking=TRACKED, Bowl=1, Jug=1)
    with django_assert_num_queries(5):
        view = order_view(read())
    assert [each.carrier for each in view.shipments] == ["Royal Mail"] * 3
    assert [packed.quantity for each in view.shipments for packed in each.packed] == [1] * 6 and view.left_open == 0


def test_the_guests_page_leads_to_the_parcel(order: Order) -> None:
    from shop.customer.links import order_path

    send(order, tracking=TRACKED, Bowl=2)
    page = Client().get(order_path(order.number)).content.decode()
    assert "tracking-results/AB%20123%2F4%20GB" in page and "2 × Bowl" in page and "The rest of the order" in page
