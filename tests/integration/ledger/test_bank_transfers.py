"""Money that comes and goes by bank is written down when staff says so."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from shop.accounts.models import User
from shop.ledger.models import MoneyEntry
from shop.ledger.operations import BooksError, received, sent_back
from shop.ledger.selectors import held, left_by_bank
from shop.order.models import Order
from shop.order.states import change_status
from shop.payment.models import Payment
from shop.payment.sent_back import sent_back as money_back
from shop.payment.settling import settle
from tests.factories import make_product

from .buying import begun, found, order_of, seen

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client: Client) -> User:
    user = User.objects.create_superuser("sam@example.org", "x")
    client.force_login(user)
    return user


@pytest.fixture
def order() -> Order:
    made = order_of(make_product(price="20"), make_product(price="30"))
    assert made is not None
    return made


def entries(order: Order) -> list[tuple[str, Decimal]]:
    return list(MoneyEntry.objects.filter(order=order).order_by("pk").values_list("kind", "amount"))


def test_an_order_marked_paid_was_paid_by_bank(order: Order, staff: User) -> None:
    change_status(order, "paid", by=staff, why="statement of Monday")
    entry = MoneyEntry.objects.get()
    assert (entry.kind, entry.amount, entry.key) == ("received", order.total_incl_tax, f"received:{order.pk}")
    assert (entry.by, entry.note, entry.currency) == (staff, "statement of Monday", "GBP")
    received(order)
    assert MoneyEntry.objects.count() == 1 and held(order.pk) == order.total_incl_tax


def test_what_came_through_stripe_did_not_come_by_bank(order: Order) -> None:
    settle(begun(order).pk, seen(Payment.objects.get()))
    assert entries(order) == [("captured", order.total_incl_tax)] and left_by_bank(order.pk) == 0


def test_only_what_stripe_did_not_take_came_by_bank(order: Order) -> None:
    settle(begun(order).pk, seen(Payment.objects.get(), received=Decimal("12.50")))
    change_status(order, "paid")
    assert entries(order) == [("captured", Decimal("12.50")), ("received", order.total_incl_tax - Decimal("12.50"))]
    assert found() == []


def test_an_order_for_nothing_has_no_entry() -> None:
    order = order_of(make_product(price="0"), shipping="collect")
    assert order is not None and (order.status, order.total_incl_tax) == ("paid", 0)
    assert entries(order) == [] and found() == []


def test_an_order_that_is_cancelled_unpaid_has_no_entry(order: Order) -> None:
    change_status(order, "cancelled")
    assert entries(order) == [] and found() == []


def page_of(order: Order) -> str:
    return reverse("dashboard:order-detail", args=[order.number])


def send(client: Client, order: Order, amount: str, token: uuid.UUID | str, reference: str = "SEPA 4711") -> str:
    url = reverse("dashboard:order-sent-back", args=[order.number])
    answer = client.post(url, {"amount": amount, "reference": reference, "token": str(token)}, follow=True)
    assert answer.redirect_chain[0][0] == page_of(order)
    return str(answer.content.decode())


def test_what_is_owed_back_is_said_until_it_is_written_down(order: Order, staff: User, client: Client) -> None:
    change_status(order, "paid", by=staff)
    assert "is owed back" not in client.get(page_of(order)).content.decode()
    change_status(order, "cancelled", by=staff)
    page = client.get(page_of(order))
    assert "is owed back to the customer" in page.content.decode()
    form = page.context["sent_back_form"]
    assert str(form.initial["amount"]) == str(order.total_incl_tax)
    assert f'value="{order.total_incl_tax}"' in page.content.decode()
    half = order.total_incl_tax / 2
    assert "It is written down" in send(client, order, str(half), form.initial["token"])
    # The button pressed twice.
    send(client, order, str(half), form.initial["token"])
    assert left_by_bank(order.pk) == half == held(order.pk)
    entry = MoneyEntry.objects.get(kind="refunded")
    assert (entry.amount, entry.note, entry.by) == (-half, "SEPA 4711", staff)
    assert "is owed back to the customer" in client.get(page_of(order)).content.decode()
    text = send(client, order, str(half), uuid.uuid4())
    assert "is owed back to the customer" not in text and "Sent back by bank" not in text
    assert found() == [] and held(order.pk) == 0
    # Its buyer reads of both.
    assert [(each.total, each.to_cards) for each in money_back(order.pk)] == [(half, Decimal(0)), (half, Decimal(0))]


def test_what_has_left_the_house_is_not_owed(order: Order, staff: User, client: Client) -> None:
    change_status(order, "paid")
    change_status(order, "partly-dispatched", line_ids=[order.lines.earliest("pk").pk])
    change_status(order, "cancelled")
    page = client.get(page_of(order))
    assert page.context["owed"].by_bank == Decimal(30) and "£30 is owed back" in page.content.decode()
    assert "is owed back" not in send(client, order, "30", uuid.uuid4())


@pytest.mark.parametrize("amount", ["0", "-5", "", "many", "9999999999999", "1.005"])
def test_an_amount_that_is_none_is_refused(order: Order, staff: User, client: Client, amount: str) -> None:
    change_status(order, "paid")
    send(client, order, amount, uuid.uuid4())
    assert len(entries(order)) == 1


def test_more_than_came_by_bank_cannot_have_gone_back(order: Order, staff: User, client: Client) -> None:
    change_status(order, "paid")
    assert "cannot have been sent back" in send(client, order, str(order.total_incl_tax + 1), uuid.uuid4())
    with pytest.raises(BooksError, match="is left"):
        sent_back(order, Decimal(0), reference="", token="x", by=staff)
    assert len(entries(order)) == 1


def test_a_token_that_is_none_and_a_missing_reference_are_refused(order: Order, staff: User, client: Client) -> None:
    change_status(order, "paid")
    send(client, order, "1", "nothing")
    send(client, order, "1", uuid.uuid4(), reference="")
    assert len(entries(order)) == 1


def test_who_may_not_change_orders_writes_nothing_down(order: Order, client: Client, settings: Any) -> None:
    change_status(order, "paid")
    client.force_login(User.objects.create_user("ben@example.org", "x", is_staff=True))
    url = reverse("dashboard:order-sent-back", args=[order.number])
    assert client.post(url, {"amount": "1", "reference": "x", "token": str(uuid.uuid4())}).status_code == 403
    assert len(entries(order)) == 1
