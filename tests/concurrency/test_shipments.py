"""The same things leaving, or cancelled, at the same moment, on PostgreSQL."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from shop.order.models import Line, Order, Shipment
from shop.order.parcels import DispatchError
from shop.order.shipments import dispatch
from shop.order.states import InvalidTransition, change_status
from tests.factories import make_product
from tests.integration.ledger.buying import found, order_of, record_of

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("postgres")]
AtOnce = Callable[[list[Callable[[], Any]]], list[Any]]


def paid(quantity: int = 10) -> tuple[Order, Line, Any]:
    bowl = make_product("Bowl", stock=20)
    order = order_of(bowl, quantity=quantity)
    assert order is not None
    change_status(order, "paid")
    return order, order.lines.get(), bowl


def leave(order: Order, line: Line, number: int, key: uuid.UUID | None = None) -> Callable[[], Any]:
    return partial(dispatch, order, quantities={line.pk: number}, by=None, key=key or uuid.uuid4())


def test_no_more_leaves_than_was_ordered(at_once: AtOnce) -> None:
    order, line, bowl = paid()
    answers = at_once([leave(order, line, 3) for _ in range(16)])
    assert sum(isinstance(each, Shipment) for each in answers) == 3
    assert sum(isinstance(each, DispatchError) for each in answers) == 13
    line.refresh_from_db()
    record = record_of(bowl)
    assert (line.dispatched, line.num_allocated, record.num_in_stock, record.num_allocated) == (9, 1, 11, 1)
    assert found() == []


def test_one_form_sent_sixteen_times_is_one_shipment(at_once: AtOnce) -> None:
    order, line, _bowl = paid()
    key = uuid.uuid4()
    answers = at_once([leave(order, line, 2, key)] * 16)
    assert {each.pk for each in answers} == {Shipment.objects.get().pk}
    line.refresh_from_db()
    assert line.dispatched == 2 and found() == []


def test_leaving_and_cancelling_at_once_adds_up_either_way(at_once: AtOnce) -> None:
    for _ in range(6):
        order, line, bowl = paid()
        cancel, all_of_it = (partial(change_status, order, to, why="test") for to in ("cancelled", "dispatched"))
        answers = at_once([leave(order, line, 4), cancel, all_of_it])
        refused = [each for each in answers if isinstance(each, Exception)]
        assert all(isinstance(each, DispatchError | InvalidTransition) for each in refused), refused
        order.refresh_from_db()
        line.refresh_from_db()
        record = record_of(bowl)
        assert order.status in ("cancelled", "dispatched") and line.dispatched + line.cancelled == 10
        assert (record.num_in_stock, record.num_allocated) == (20 - line.dispatched, 0)
    assert found() == []
