"""What comes back, step by step: never more than left, never twice, and to the penny."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from shop.catalogue.models import ProductClass
from shop.ledger.accounts import account
from shop.ledger.models import MoneyEntry, StockMovement
from shop.ledger.selectors import held
from shop.mail.models import SentMail
from shop.order.models import Order, Shipment
from shop.order.shipments import dispatch
from shop.order.states import change_status
from shop.outbox.operations import drain_all
from shop.payment.models import Refund, RefundLine
from shop.payment.refunds import RefundError, line_left, refund
from shop.returns import operations
from shop.returns.models import Return, ReturnLine
from shop.returns.operations import TABLE, Came, ReturnError, Wanted
from shop.returns.selectors import returnable, returns_of
from tests.factories import make_class, make_product
from tests.integration.invoices.making import told
from tests.integration.ledger.buying import found, order_of

from .sending_back import approve, ask, came_back, give_back, line_of, receive, sent_order

pytestmark = pytest.mark.django_db
STATE = Return.State


@pytest.fixture
def order() -> Order:
    return sent_order()


def most(order: Order, **more: Any) -> dict[str, int]:
    return {each.line.title: each.most for each in returnable(order, **more)}


def sent(back: Return) -> None:
    """Stripe has taken the refund."""
    assert back.refund is not None
    told(back.refund, "succeeded")


def mails() -> list[SentMail]:
    drain_all()
    return list(SentMail.objects.filter(kind="order-return").order_by("sent_at"))


def test_from_the_question_to_the_money(order: Order) -> None:
    back = ask(order, Bowl=2, Jug=1)
    assert (back.number, back.state) == (f"{order.number}-R1", "requested")
    assert most(order) == {"Bowl": 1, "Jug": 2}
    back = approve(back)
    record = line_of(order).stockrecord
    assert record.num_in_stock == 6
    back = receive(back, (2, 1), (1, 1))
    record.refresh_from_db()
    assert (record.num_in_stock, record.num_allocated) == (7, 0)
    move = StockMovement.objects.get(kind="returned", line=line_of(order))
    assert (move.on_shelf, move.promised, move.why) == (1, 0, back.number)
    back = give_back(back, delivery=order.shipping_incl_tax)
    made = Refund.objects.get()
    assert back.refund == made and made.key == back.key and made.amount == Decimal("11.66") + order.shipping_incl_tax
    assert dict(RefundLine.objects.values_list("line__title", "quantity")) == {"Bowl": 2, "Jug": 1}
    assert [(row.refunded, row.amount) for row in back.lines.all()] == [(2, Decimal("6.66")), (1, Decimal("5.00"))]
    assert [each.new_state for each in back.changes.all()] == ["requested", "approved", "received", "refunded"]
    assert found() == []


def test_each_step_has_its_mail(order: Order) -> None:
    sent(give_back(receive(approve(ask(order, Bowl=1)))))
    operations.decline(ask(order, Bowl=1), answer="It was glued.", by=None)
    operations.withdraw(ask(order, Bowl=1), by=None)
    operations.close(receive(approve(ask(order, Bowl=1))), answer="It was used.", by=None)
    told = mails()
    [refunded] = [each for each in told if "The money" in each.subject]
    asked, approved, received, *others = (each for each in told if each != refunded)
    assert asked.subject == f"We have your return {order.number}-R1" and "1 x Bowl" in asked.text
    assert "Returns\nMill Lane" in approved.text and "print its slip" in approved.html
    assert "1 arrived" in received.text or "3.33" in received.text
    assert "Sent back to you: £3.33" in refunded.text and f"/returns/{order.number}-R1/" in refunded.text
    said = " ".join(each.text for each in others)
    assert "It was glued." in said and "It was used." in said and "is withdrawn" in " ".join(x.subject for x in others)
    assert all(order.number in each.text for each in others)


def test_germans_read_german(order: Order) -> None:
    Order.objects.update(language="de")
    order.refresh_from_db()
    sent(give_back(receive(approve(ask(order, Bowl=1)))))
    operations.decline(ask(order, Bowl=1), answer="Nein.", by=None)
    assert all("Rücksendung" in each.subject and "return" not in each.subject for each in mails())


@pytest.mark.parametrize("wanted", [{"Bowl": 0}, {"Bowl": -1}, {"Bowl": 4}, {"Bowl": 10**12}, {"Jug": 1, "Bowl": 4}])
def test_no_more_comes_back_than_left(order: Order, wanted: dict[str, int]) -> None:
    with pytest.raises(ReturnError, match="and 3 can") as error:
        ask(order, **wanted)
    assert error.value.field == f"line-{line_of(order).pk}" and not Return.objects.exists()


def test_what_is_still_here_does_not_come_back() -> None:
    order = sent_order(bowls=1, jugs=0)
    assert most(order) == {"Bowl": 1}
    for wanted in ({"Bowl": 2}, {"Jug": 1}):
        with pytest.raises(ReturnError):
            ask(order, **wanted)


def test_nothing_and_another_orders_things_are_refused(order: Order) -> None:
    with pytest.raises(ReturnError, match="Say what"):
        operations.ask(order, lines={}, by=None, key=uuid.uuid4())
    other = sent_order()
    for pk in (line_of(other).pk, 999999):
        with pytest.raises(ReturnError, match="and 0 can"):
            operations.ask(order, lines={pk: Wanted(1, "mind")}, by=None, key=uuid.uuid4())
    with pytest.raises(ValueError, match="whim"):
        operations.ask(order, lines={line_of(order).pk: Wanted(1, "whim")}, by=None, key=uuid.uuid4())
    assert not Return.objects.exists()


def test_what_is_in_a_return_is_in_no_other(order: Order) -> None:
    first = ask(order, Bowl=2)
    with pytest.raises(ReturnError, match="and 1 can"):
        ask(order, Bowl=2)
    # What does not come, or is not taken, is free again.
    operations.withdraw(first, by=None)
    second = approve(ask(order, Bowl=3))
    receive(second, (1, 1))
    assert most(order)["Bowl"] == 2
    operations.decline(ask(order, Bowl=2), answer="no", by=None)
    assert most(order)["Bowl"] == 2


def test_after_thirty_days_only_staff_takes_it_back(order: Order, settings: Any) -> None:
    Shipment.objects.update(created_at=timezone.now() - timedelta(days=settings.SHOP_RETURN_DAYS, minutes=1))
    assert most(order) == {} and most(order, is_late=True) == {"Bowl": 3, "Jug": 3}
    with pytest.raises(ReturnError, match="and 0 can"):
        ask(order, Bowl=1)
    lines = {line_of(order).pk: Wanted(1, "mind")}
    assert operations.ask(order, lines=lines, by=None, key=uuid.uuid4(), is_late=True).state == "requested"


def test_each_part_has_its_own_thirty_days(settings: Any) -> None:
    order = sent_order(bowls=1, jugs=0)
    Shipment.objects.update(created_at=timezone.now() - timedelta(days=settings.SHOP_RETURN_DAYS + 1))
    dispatch(order, quantities={line_of(order).pk: 1}, by=None, key=uuid.uuid4())
    assert most(order) == {"Bowl": 1}


def test_a_course_does_not_come_back() -> None:
    course = make_product("Course", product_class=make_class("Courses", track_stock=False))
    order = order_of(course)
    assert order is not None
    ProductClass.objects.update(requires_shipping=False)
    change_status(order, "paid")
    change_status(order, "dispatched")
    assert most(order) == {}


def test_with_the_same_key_it_is_the_same_return(order: Order) -> None:
    key = uuid.uuid4()
    assert ask(order, key=key, Bowl=1) == ask(order, key=key, Bowl=1)
    with pytest.raises(ReturnError, match="another order"):
        ask(sent_order(), key=key, Bowl=1)
    assert Return.objects.count() == 1


# ------------------------------------------------------------------ the table
STEPS: dict[str, Callable[[Return], Any]] = {
    "approved": approve,
    "declined": lambda back: operations.decline(back, answer="no", by=None),
    "withdrawn": lambda back: operations.withdraw(back, by=None),
    "received": receive,
    "refunded": give_back,
    "closed": lambda back: operations.close(back, answer="no", by=None),
}


@pytest.mark.parametrize("old", STATE.values)
@pytest.mark.parametrize("new", STEPS)
def test_only_the_table_leads_from_state_to_state(order: Order, old: str, new: str) -> None:
    back = ask(order, Bowl=1)
    if old in Return.ARRIVED:
        back = receive(approve(back))
    Return.objects.filter(pk=back.pk).update(state=old)
    back.refresh_from_db()
    before = back.changes.count()
    if old == new:
        STEPS[new](back)
        assert back.changes.count() == before
    elif new in TABLE.get(old, ()):
        assert STEPS[new](back).state == new and back.changes.count() == before + 1
    else:
        with pytest.raises(ReturnError, match=back.number):
            STEPS[new](back)
        assert back.changes.count() == before


def test_a_step_taken_twice_is_taken_once(order: Order) -> None:
    back = came_back(order, Bowl=2)
    receive(back)
    assert line_of(order).stockrecord.num_in_stock == 8
    give_back(back)
    give_back(back)
    assert Refund.objects.count() == 1 and found() == []


@pytest.mark.parametrize(
    ("came", "words"),
    [
        ((3, 0), "3 came, and 2 were to come"),
        ((-1, 0), "-1 came"),
        ((1, 2), "2 are to go back on the shelf, and 1 came"),
        ((1, -1), "-1 are to go back"),
        ((0, 0), "Nothing came"),
    ],
)
def test_what_came_has_to_fit(order: Order, came: tuple[int, int], words: str) -> None:
    back = approve(ask(order, Bowl=2))
    with pytest.raises(ReturnError, match=words):
        receive(back, came)
    back.refresh_from_db()
    assert back.state == "approved" and line_of(order).stockrecord.num_in_stock == 6


def test_a_line_of_another_return_does_not_come_with_this_one(order: Order) -> None:
    other = approve(ask(sent_order(), Bowl=1))
    back = approve(ask(order, Bowl=1))
    with pytest.raises(ReturnError, match="has no line"):
        operations.receive(back, lines={other.lines.get().pk: Came(1, 1)}, by=None)
    back = receive(back)
    with pytest.raises(ReturnError, match="and 0 came"):
        operations.give_back(back, lines={other.lines.get().pk: 1}, by=None)


def test_what_has_no_shelf_is_not_put_there(order: Order) -> None:
    back = approve(ask(order, Bowl=2))
    line_of(order).product.delete()
    with pytest.raises(ReturnError, match="no longer in the catalogue"):
        receive(back, (2, 1))
    assert receive(back, (2, 0)).state == "received"
    assert give_back(back).state == "refunded" and found() == []


def test_the_database_holds_it_too(order: Order) -> None:
    back = approve(ask(order, Bowl=2))
    for values in ({"received": 3}, {"received": 1, "restocked": 2}, {"received": 1, "refunded": 2}, {"quantity": 0}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ReturnLine.objects.filter(back=back).update(**values)


# ------------------------------------------------------------------ the money
def test_what_was_refunded_by_hand_meanwhile_is_not_refunded_again(order: Order) -> None:
    back = came_back(order, Bowl=2)
    refund(order, lines={line_of(order).pk: 2}, by=None, why="by hand")
    with pytest.raises(RefundError, match="1 are left"):
        give_back(back)
    back.refresh_from_db()
    assert back.state == "received" and Refund.objects.count() == 1 and found() == []
    operations.close(back, answer="It was refunded before.", by=None)
    assert found() == []


def test_fewer_may_be_refunded_than_came(order: Order) -> None:
    back = came_back(order, Bowl=3)
    done = operations.give_back(back, lines={back.lines.get().pk: 1}, extra=Decimal("2.00"), by=None)
    assert done.refund is not None and done.refund.amount == Decimal("5.33") and found() == []
    assert returns_of(order)[0].given == Decimal("5.33")


@pytest.mark.parametrize("number", [-1, 3])
def test_no_more_is_refunded_than_came(order: Order, number: int) -> None:
    back = receive(approve(ask(order, Bowl=3)), (2, 2))
    with pytest.raises(ReturnError, match="and 2 came"):
        operations.give_back(back, lines={back.lines.get().pk: number}, by=None)
    with pytest.raises(RefundError, match="Say what"):
        operations.give_back(back, lines={}, by=None)
    assert not Refund.objects.exists()


def test_money_that_came_by_bank_goes_back_by_bank() -> None:
    order = sent_order(by_card=False)
    back = came_back(order, Bowl=2)
    with pytest.raises(RefundError, match="more than"):
        give_back(back, extra=Decimal(900), reference="FT 7")
    with pytest.raises(RefundError, match=r"£6\.66 of it go back by bank") as error:
        give_back(back)
    assert error.value.field == "reference" and not Refund.objects.exists()
    give_back(back, reference="FT 7")
    give_back(back, reference="FT 7")
    entry = MoneyEntry.objects.get(kind="refunded")
    assert (entry.amount, entry.note) == (Decimal("-6.66"), "FT 7")
    assert held(order.pk) == order.total_incl_tax - Decimal("6.66")
    # The next one comes to the rest of the line, and no refund could give the same again.
    assert line_left(line_of(order)) == 1
    give_back(came_back(order, Bowl=1), reference="FT 8")
    assert held(order.pk) == order.total_incl_tax - Decimal("9.99") and found() == []


@pytest.mark.parametrize("by_card", [True, False])
@pytest.mark.parametrize("first", ["return", "cancel"])
def test_a_return_and_a_cancellation_of_the_rest_pay_each_part_once(by_card: bool, first: str) -> None:
    order = sent_order(by_card=by_card, bowls=1, jugs=3)
    if first == "return":
        give_back(came_back(order, Bowl=1), **({} if by_card else {"reference": "FT 7"}))
        change_status(order, "cancelled", why="sold out")
    else:
        change_status(order, "cancelled", why="sold out")
        give_back(came_back(order, Bowl=1), **({} if by_card else {"reference": "FT 7"}))
    assert found() == []
    owed = account(order).owed_if_cancelled
    if by_card:
        lines = RefundLine.objects.filter(line__title="Bowl")
        assert owed == 0 and sum(each.amount for each in lines) == Decimal("9.99")
    else:
        assert owed == Decimal("6.66")


def test_a_refund_that_the_bank_gives_back_may_be_tried_again(order: Order) -> None:
    back = give_back(came_back(order, Bowl=2))
    Refund.objects.update(state="failed")
    assert line_left(line_of(order)) == 3
    change_status(order, "delivered")
    assert account(order).dispatched_refunded == 0
    assert back.state == "refunded"


def test_a_return_asked_for_before_the_rest_is_cancelled_goes_on() -> None:
    order = sent_order(bowls=2, jugs=0)
    back = approve(ask(order, Bowl=2))
    change_status(order, "cancelled")
    give_back(receive(back))
    assert found() == [] and line_of(order).stockrecord.num_in_stock == 9


def test_many_returns_are_read_in_few_queries(order: Order, django_assert_max_num_queries: Any) -> None:
    for _ in range(3):
        give_back(came_back(order, Bowl=1, Jug=1))
    with django_assert_max_num_queries(3):
        assert len(returns_of(order)) == 3
    with django_assert_max_num_queries(1):
        assert returnable(order) == []
