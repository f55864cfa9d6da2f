"""Refunds: never more than was paid, never twice, and to the penny."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from shop.customer.links import order_path
from shop.mail.models import SentMail
from shop.order.models import Order
from shop.order.states import change_status
from shop.outbox.operations import drain_all
from shop.payment import gateway
from shop.payment.models import Payment, Refund, RefundLine
from shop.payment.refunds import (
    RefundError,
    delivery_left,
    left_to_refund,
    line_amount,
    line_left,
    quote,
    refund,
    try_again,
)
from shop.payment.seen import SeenDispute, SeenRefund
from shop.payment.settling import settle_dispute, settle_refund, settle_refusal
from tests.factories import make_product
from tests.integration.orders.buying import put
from tests.stripe_sandbox import Sandbox

from .paying import holds, mails, of, order_by_card, promised, status

pytestmark = pytest.mark.django_db


def paid_order(stripe: Sandbox, *wanted: tuple[str, str, int]) -> Order:
    """An order of these (title, price, how many), paid."""
    client = Client()
    *others, (title, price, number) = wanted
    for name, cost, count in others:
        put(client, make_product(title=name, price=Decimal(cost), stock=20), count)
    order, page = order_by_card(client, make_product(title=title, price=Decimal(price), stock=20), quantity=number)
    stripe.pay(page)
    stripe.deliver(client)
    assert status(order) == "paid"
    order.refresh_from_db()
    return order


@pytest.fixture
def order(stripe: Sandbox) -> Order:
    """A jug at 5.00 and three bowls at 3.33, with delivery."""
    return paid_order(stripe, ("Jug", "5.00", 1), ("Bowl", "3.33", 3))


def line(order: Order, title: str) -> Any:
    return order.lines.get(title=title)


def give(order: Order, **wanted: Any) -> Refund:
    return refund(order, by=None, why="test", **wanted)


def test_parts_of_a_line_come_to_exactly_what_was_paid(order: Order) -> None:
    bowl = line(order, "Bowl")
    bowl.line_price_incl_tax = Decimal("10.00")
    bowl.save()
    amounts = [give(order, lines={bowl.pk: 1}).amount for _ in range(3)]
    assert amounts == [Decimal("3.33"), Decimal("3.34"), Decimal("3.33")] and line_left(bowl) == 0
    with pytest.raises(RefundError, match="0 are left"):
        give(order, lines={bowl.pk: 1})


def test_all_of_it_in_any_parts_is_the_order(order: Order, stripe: Sandbox) -> None:
    bowl, jug = line(order, "Bowl"), line(order, "Jug")
    give(order, lines={bowl.pk: 2, jug.pk: 1})
    give(order, delivery=Decimal("1.00"))
    give(order, lines={bowl.pk: 1}, delivery=delivery_left(order))
    assert left_to_refund(of(order)) == 0
    drain_all()
    assert holds(order) == 0
    assert {each.state for each in Refund.objects.all()} == {"succeeded"}


@pytest.mark.parametrize(
    ("wanted", "field", "words"),
    [
        ({}, "", "Say what"),
        ({"extra": Decimal("-1")}, "extra", "less than nothing"),
        ({"delivery": Decimal("-1")}, "delivery", "less than nothing"),
        ({"delivery": Decimal("50")}, "delivery", "are left of it"),
        ({"extra": Decimal("1000")}, "", "is more than the"),
        ({"extra": Decimal("0.001")}, "extra", "in steps of"),
        ({"lines": {999999: 1}}, "", "has no line"),
    ],
)
def test_what_cannot_be_refunded_says_why_and_writes_nothing(
    order: Order, wanted: dict[str, Any], field: str, words: str
) -> None:
    with pytest.raises(RefundError, match=words) as error:
        give(order, **wanted)
    assert error.value.field == field and not Refund.objects.exists()


@pytest.mark.parametrize("number", [0, -1, 4, 10**9])
def test_no_more_of_a_line_than_was_bought(order: Order, number: int) -> None:
    bowl = line(order, "Bowl")
    with pytest.raises(RefundError, match="3 are left") as error:
        give(order, lines={bowl.pk: number})
    assert error.value.field == f"line-{bowl.pk}" and not Refund.objects.exists()


def test_another_orders_line_is_not_this_ones(order: Order, stripe: Sandbox) -> None:
    other = paid_order(stripe, ("Lamp", "1.00", 1))
    with pytest.raises(RefundError, match="has no line"):
        give(order, lines={line(other, "Lamp").pk: 1})
    assert not Refund.objects.exists()


def test_with_the_same_key_it_is_the_same_refund(order: Order, stripe: Sandbox) -> None:
    key = uuid.uuid4()
    assert give(order, extra=Decimal(1), key=key) == give(order, extra=Decimal(1), key=key)
    other = paid_order(stripe, ("Lamp", "9.00", 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        give(other, extra=Decimal(1), key=key)
    assert Refund.objects.count() == 1


def test_a_refund_that_comes_back_may_be_given_anew(order: Order, stripe: Sandbox, client: Client) -> None:
    bowl = line(order, "Bowl")
    made = give(order, lines={bowl.pk: 3})
    drain_all()
    made.refresh_from_db()
    stripe.set_refund(made.refund_id or "", "failed")
    stripe.deliver(client)
    made.refresh_from_db()
    assert made.state == "failed" and holds(order) == order.total_incl_tax
    assert "came back" in of(order).problem and "staff-payment" in mails(order)
    told = SentMail.objects.get(kind="refund-failed")
    assert (
        told.to == order.email and told.subject == f"Your refund of £9.99 for order {order.number} has not arrived yet"
    )
    assert "You need do nothing" in told.text and "£9.99" in told.html and order_path(order.number) in told.html
    stripe.deliver(client)
    settle_refund(gateway.seen_refund(made.refund_id or ""))
    assert mails(order).count("refund-failed") == 1
    assert line_left(bowl) == 3 and line_amount(bowl, 3) == Decimal("9.99")
    give(order, lines={bowl.pk: 3})
    drain_all()
    assert holds(order) == order.total_incl_tax - Decimal("9.99")


def test_a_buyer_is_told_in_the_orders_language_that_money_came_back(order: Order, stripe: Sandbox) -> None:
    Order.objects.filter(pk=order.pk).update(language="de")
    made = give(order, extra=Decimal(2))
    drain_all()
    made.refresh_from_db()
    stripe.set_refund(made.refund_id or "", "failed")
    settle_refund(gateway.seen_refund(made.refund_id or ""))
    drain_all()
    assert "Sie müssen nichts tun" in SentMail.objects.get(kind="refund-failed").text


def test_nobody_is_told_of_a_refund_where_nobody_can_be_or_staff_may_send_it_again(order: Order) -> None:
    made = give(order, extra=Decimal(2))
    settle_refusal(made.pk, "no")
    Order.objects.filter(pk=order.pk).update(guest_email="", user=None)
    back = SeenRefund("re_1", "", "failed", Decimal(1), "GBP", of(order).intent_id or "", timezone.now())
    settle_refund(back)
    assert Refund.objects.get(refund_id="re_1").state == "failed" and len(of(order).problems) == 2
    assert "refund-failed" not in mails(order)


def test_one_by_hand_at_stripe_counts(order: Order, stripe: Sandbox, client: Client) -> None:
    total = int(order.total_incl_tax * 100)
    stripe.api("POST", "/refunds", {"payment_intent": of(order).intent_id, "amount": total - 100})
    stripe.deliver(client)
    assert left_to_refund(of(order)) == 1
    with pytest.raises(RefundError, match="is more than the"):
        give(order, lines={line(order, "Jug").pk: 1})


def test_one_by_hand_that_we_have_not_heard_of_makes_ours_refused(order: Order, stripe: Sandbox) -> None:
    stripe.api("POST", "/refunds", {"payment_intent": of(order).intent_id})
    made = give(order, extra=Decimal(1))
    drain_all()
    made.refresh_from_db()
    assert made.state == "refused" and made.error
    assert "was refused" in of(order).problem and "staff-payment" in mails(order)


def test_what_nobody_has_looked_at_is_not_written_over(order: Order) -> None:
    made = give(order, extra=Decimal(2))
    settle_refusal(made.pk, "no\nmoney")
    for number, told in enumerate(["needs_response", "needs_response", "lost"]):
        settle_dispute(SeenDispute(f"dp_{number}", told, "fraudulent", Decimal(1), "GBP", of(order).intent_id or ""))
    first, second, third = of(order).problems
    assert "says: no money" in first and "asks for 1" in second and "is over" in third


def test_a_delivery_that_was_given_back_meanwhile_is_not_given_back_again(order: Order) -> None:
    delivery = order.shipping_incl_tax
    made = give(order, delivery=delivery)
    Refund.objects.filter(pk=made.pk).update(state=Refund.State.REFUSED)
    give(order, delivery=delivery)
    with pytest.raises(RefundError, match="are left of it"):
        try_again(made.pk, by=None)


@pytest.mark.parametrize("kind", ["error_before", "error_after", "close_before", "close_after", "rate_limit"])
def test_stripe_away_loses_no_refund_and_sends_none_twice(order: Order, stripe: Sandbox, kind: str) -> None:
    made = give(order, extra=Decimal(1))
    stripe.fault(kind, "POST /v1/refunds", count=2)
    drain_all()
    made.refresh_from_db()
    assert made.state == "wanted"
    stripe.clear_faults()
    from shop.payment.operations import send_refund

    send_refund(made.pk)
    send_refund(made.pk)
    made.refresh_from_db()
    assert made.state == "succeeded" and holds(order) == order.total_incl_tax - 1
    assert len(stripe.api("GET", "/refunds").json["data"]) == 1


def test_cancelling_gives_back_what_is_left_by_line(order: Order) -> None:
    give(order, lines={line(order, "Bowl").pk: 1})
    change_status(order, "cancelled", by=None, why="test")
    drain_all()
    assert holds(order) == 0
    last = Refund.objects.last()
    assert last is not None and last.delivery == order.shipping_incl_tax
    assert {part.line.title: part.quantity for part in last.lines.all()} == {"Jug": 1, "Bowl": 2}


def test_cancelling_after_a_gift_gives_back_the_rest(order: Order) -> None:
    give(order, extra=Decimal("2.00"))
    change_status(order, "cancelled", by=None, why="test")
    drain_all()
    assert holds(order) == 0 and sum(each.amount for each in Refund.objects.all()) == order.total_incl_tax


def test_what_was_refunded_before_part_was_cancelled_is_not_refunded_again(order: Order) -> None:
    jug, bowl = line(order, "Jug"), line(order, "Bowl")
    change_status(order, "partly-dispatched", line_ids=[jug.pk])
    give(order, lines={bowl.pk: 3})
    change_status(order, "cancelled", why="the rest is sold out")
    drain_all()
    assert holds(order) == order.total_incl_tax - Decimal("9.99")
    assert promised(bowl.product) == 0


def test_what_the_bank_holds_cannot_be_given_back_as_well(order: Order, stripe: Sandbox, client: Client) -> None:
    dispute = stripe.dispute(of(order).intent_id or "")
    stripe.deliver(client)
    assert left_to_refund(of(order)) == 0
    with pytest.raises(RefundError, match="is more than the"):
        give(order, extra=Decimal(1))
    stripe.close_dispute(dispute["id"], "won")
    stripe.deliver(client)
    assert left_to_refund(of(order)) == order.total_incl_tax


def test_yen_are_refunded_in_whole_ones(order: Order) -> None:
    Order.objects.update(currency="JPY")
    Payment.objects.update(currency="JPY", captured=1000, amount=1000)
    order.refresh_from_db()
    bowl = line(order, "Bowl")
    bowl.line_price_incl_tax = Decimal(1000)
    bowl.save()
    assert [quote(order, lines={bowl.pk: number}).amount for number in (1, 2, 3)] == [333, 667, 1000]
    with pytest.raises(RefundError, match="in steps of 1"):
        give(order, extra=Decimal("0.50"))
    made = give(order, lines={bowl.pk: 1})
    assert made.amount == 333 and RefundLine.objects.get().amount == 333


def test_the_buyer_sees_on_the_order_what_goes_back(order: Order, client: Client) -> None:
    page = order_path(order.number)
    assert "Money back to you" not in client.get(page).content.decode()
    give(order, lines={line(order, "Bowl").pk: 3})
    words = client.get(page).content.decode()
    assert "Money back to you" in words and "£9.99" in words[words.index("Money back to you") :]
    # What the provider refused never went.
    Refund.objects.update(state=Refund.State.REFUSED)
    assert "Money back to you" not in client.get(page).content.decode()


@pytest.mark.parametrize(("end", "is_promised"), [("needs_response", False), ("lost", False), ("won", True)])
def test_what_the_bank_has_is_not_promised_to_whoever_cancels(
    order: Order, stripe: Sandbox, end: str, is_promised: bool
) -> None:
    payment = of(order)
    settle_dispute(SeenDispute("dp_1", end, "fraud", payment.amount, "GBP", payment.intent_id or ""))
    change_status(order, "cancelled", why="test")
    assert "order-cancelled" in mails(order)
    mail = SentMail.objects.get(kind="order-cancelled")
    for words in (mail.text, mail.html):
        assert ("money comes back to you" in words) == is_promised
        assert ("what your bank has, we do not send a second time" in words) != is_promised
