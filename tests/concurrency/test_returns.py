"""The same things coming back at the same moment, on PostgreSQL: asked for, received and paid back once."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from shop.payment.models import Refund
from shop.payment.refunds import RefundError, line_left, refund
from shop.returns import operations
from shop.returns.models import Return
from shop.returns.operations import Came, ReturnError, Wanted
from tests.integration.ledger.buying import found
from tests.integration.returns.sending_back import approve, ask, came_back, line_of, receive, sent_order

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("postgres")]
AtOnce = Callable[[list[Callable[[], Any]]], list[Any]]


def asking(order: Any, number: int, key: uuid.UUID | None = None) -> Callable[[], Any]:
    wanted = {line_of(order).pk: Wanted(number, "mind")}

    def run() -> Return:
        return operations.ask(order, lines=wanted, by=None, key=key or uuid.uuid4())

    return run


def test_no_more_is_asked_for_than_left(at_once: AtOnce) -> None:
    order = sent_order()
    answers = at_once([asking(order, 1) for _ in range(16)])
    assert sum(isinstance(each, Return) for each in answers) == 3
    assert sum(isinstance(each, ReturnError) for each in answers) == 13
    assert len({each.number for each in Return.objects.all()}) == 3 and found() == []


def test_one_form_sent_sixteen_times_is_one_return(at_once: AtOnce) -> None:
    order = sent_order()
    answers = at_once([asking(order, 1, uuid.UUID(int=7))] * 16)
    assert {each.pk for each in answers} == {Return.objects.get().pk}


def test_taken_in_sixteen_times_it_is_on_the_shelf_once(at_once: AtOnce) -> None:
    order = sent_order()
    back = approve(ask(order, Bowl=2))
    lines = {back.lines.get().pk: Came(2, 2)}
    answers = at_once([partial(operations.receive, back, lines=lines, by=None)] * 16)
    assert [each for each in answers if isinstance(each, Exception)] == []
    assert line_of(order).stockrecord.num_in_stock == 8 and found() == []


def test_paid_back_sixteen_times_it_is_one_refund(at_once: AtOnce) -> None:
    back = came_back(sent_order(), Bowl=2)
    lines = {back.lines.get().pk: 2}
    answers = at_once([partial(operations.give_back, back, lines=lines, by=None)] * 16)
    assert [each for each in answers if isinstance(each, Exception)] == []
    assert Refund.objects.count() == 1 and back.changes.filter(new_state="refunded").count() == 1
    assert found() == []


def test_a_return_and_a_refund_by_hand_pay_for_a_thing_once(at_once: AtOnce) -> None:
    for _ in range(4):
        order = sent_order()
        back = came_back(order, Bowl=3)
        row, line = back.lines.get(), line_of(order)
        answers = at_once([
            partial(operations.give_back, back, lines={row.pk: 3}, by=None),
            partial(refund, order, lines={line.pk: 3}, by=None, why="by hand"),
        ])  # fmt: skip
        [refused] = [each for each in answers if isinstance(each, Exception)]
        assert isinstance(refused, RefundError), refused
        assert line_left(line) == 0 and Refund.objects.filter(payment__order=order).count() == 1
    assert found() == []


def test_received_and_withdrawn_at_once_is_one_of_both(at_once: AtOnce) -> None:
    for _ in range(4):
        order = sent_order()
        back = approve(ask(order, Bowl=2))
        answers = at_once([partial(receive, back), partial(operations.withdraw, back, by=None)])
        [refused] = [each for each in answers if isinstance(each, Exception)]
        assert isinstance(refused, ReturnError)
        back.refresh_from_db()
        assert (back.state, line_of(order).stockrecord.num_in_stock) in (("received", 8), ("withdrawn", 6))
    assert found() == []
