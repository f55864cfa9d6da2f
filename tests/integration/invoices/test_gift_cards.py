"""Gift cards are money: what they pay is invoiced, and what goes back to them is credited."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from shop.order.models import Order
from shop.order.states import change_status
from shop.payment.refunds import refund
from shop.payment.settling import settle
from tests.factories import make_product
from tests.integration.giftcards.giving import give, order_with
from tests.integration.ledger.buying import begun, found, seen
from tests.integration.orders import buying

from .making import KIND, adds_up, documents, text_of, told

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def by_collection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(buying.ADDRESS, "ship", "collect")


@pytest.fixture
def bowl() -> Any:
    return make_product("Bowl", price="30.00", stock=9)


def half_paid(client: Client, *things: Any, card: str = "12.50") -> Order:
    """Awaiting payment; a gift card has paid its part."""
    order, _where = order_with(client, *things, cards=(give(card),), payment="bank-transfer")
    return order


def by_card(order: Order) -> Order:
    """The rest came through Stripe."""
    payment = begun(order)
    payment.amount = order.due
    payment.save()
    settle(payment.pk, seen(payment))
    return Order.objects.get(pk=order.pk)


def kinds(order: Order) -> list[tuple[str, Decimal]]:
    rows = documents(order)
    assert all(adds_up(row) for row in rows) and found() == []
    return [(row.kind, row.total) for row in rows]


def test_an_invoice_is_over_all_of_it_and_says_who_paid_what(client: Client, bowl: Any) -> None:
    order = by_card(half_paid(client, bowl))
    assert order.status == "paid" and kinds(order) == [(KIND.INVOICE, Decimal(30))]
    text = text_of(documents(order)[0])
    assert "£12.50 was paid by gift card on" in text and "£17.50 was paid online on" in text


def test_all_of_it_by_gift_card(client: Client, bowl: Any) -> None:
    order, _where = order_with(client, bowl, cards=(give("50"),))
    assert kinds(order) == [(KIND.INVOICE, Decimal(30))]
    made = refund(order, lines={order.lines.get().pk: 1}, by=None, why="chipped")
    assert kinds(order)[1:] == [(KIND.CREDIT_NOTE, Decimal(-30))]
    assert documents(order)[1].refund == made
    assert any("are back on your gift card" in each.body for each in mail.outbox)


def test_a_refund_that_goes_both_ways_is_two_notes_that_name_its_lines(client: Client, bowl: Any) -> None:
    order = by_card(half_paid(client, bowl, make_product("Jug", price="20.00"), card="40"))
    lines = {line.pk: 1 for line in order.lines.order_by("pk")}
    jug = order.lines.get(title="Jug").pk
    made = refund(order, lines={jug: 1}, by=None, why="chipped")
    assert made.amount == made.gift_card_amount == 10
    assert kinds(order)[1:] == [(KIND.CREDIT_NOTE, Decimal(-10))]
    told(made, "succeeded")
    assert kinds(order)[1:] == [(KIND.CREDIT_NOTE, Decimal(-10))] * 2
    _invoice, first, second = documents(order)
    assert [(row["title"], row["quantity"]) for row in first.data["lines"]] == [("Jug", 1)]
    assert [(row["title"], row["quantity"]) for row in second.data["lines"]] == [("Jug", 0)]
    refund(order, lines={pk: 1 for pk in lines if pk != jug}, by=None, why="chipped too")
    assert sum(total for _kind, total in kinds(order)) == 0


def test_a_card_that_got_its_money_back_before_the_order_was_paid_is_no_correction(client: Client, bowl: Any) -> None:
    order = half_paid(client, bowl)
    change_status(order, "cancelled", why="not paid in time")
    assert kinds(order) == []
    # Its money comes late; the card is taken from once more.
    order = by_card(Order.objects.get(pk=order.pk))
    assert order.status == "paid" and kinds(order) == [(KIND.INVOICE, Decimal(30))]
    assert [(each["kind"], each["amount"]) for each in documents(order)[0].data["payments"]] == [
        ("captured", "17.50"),
        ("gift-card-spent", "12.50"),
    ]
    change_status(order, "cancelled", why="customer")
    told(order.payments.get().refunds.get(), "succeeded")
    assert sum(total for _kind, total in kinds(order)) == 0
