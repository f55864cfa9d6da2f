"""Orders that have left, and what comes back of them, for tests."""

from __future__ import annotations

import uuid
from typing import Any

from shop.order.models import Line, Order
from shop.order.shipments import dispatch
from shop.order.states import change_status
from shop.payment.settling import settle
from shop.returns import operations
from shop.returns.models import Return
from shop.returns.operations import Came, Wanted
from tests.factories import make_product
from tests.integration.ledger.buying import begun, order_of, seen


def sent_order(*, by_card: bool = True, bowls: int = 3, jugs: int = 3, user: Any = None) -> Order:
    """Three bowls at 3.33 and three jugs at 5.00 were paid, and so many of them left."""
    made = order_of(make_product("Bowl", price="3.33", stock=9), make_product("Jug", price="5", stock=9), quantity=3)
    assert made is not None
    if user is not None:
        Order.objects.filter(pk=made.pk).update(user=user, guest_email="")
    if by_card:
        settle(begun(made).pk, seen(made.payments.get()))
    else:
        change_status(made, "paid")
    numbers = {line_of(made, "Bowl").pk: bowls, line_of(made, "Jug").pk: jugs}
    dispatch(made, quantities={pk: number for pk, number in numbers.items() if number}, by=None, key=uuid.uuid4())
    return Order.objects.select_related("user").get(pk=made.pk)


def line_of(order: Order, title: str = "Bowl") -> Line:
    """A line as it is now."""
    return order.lines.select_related("order", "stockrecord").get(title=title)


def ask(order: Order, *, key: uuid.UUID | None = None, by: Any = None, **titles: int) -> Return:
    """So many bowls and jugs are to come back."""
    lines = {line_of(order, title).pk: Wanted(number, "mind") for title, number in titles.items()}
    return operations.ask(order, lines=lines, note="Too blue", by=by, key=key or uuid.uuid4())


def approve(back: Return) -> Return:
    """Send it to the mill."""
    return operations.approve(back, send_to="Returns\nMill Lane", by=None)


def receive(back: Return, *came: tuple[int, int]) -> Return:
    """So many of each line came, and so many of those go on the shelf; all of them where nothing is said."""
    rows = list(back.lines.order_by("pk"))
    numbers = came or [(row.quantity, row.quantity) for row in rows]
    return operations.receive(
        back, lines={row.pk: Came(*pair) for row, pair in zip(rows, numbers, strict=True)}, by=None
    )


def give_back(back: Return, **more: Any) -> Return:
    """Pay for all that came."""
    return operations.give_back(back, lines={row.pk: row.received for row in back.lines.all()}, by=None, **more)


def came_back(order: Order, **titles: int) -> Return:
    """All the way from the question to the shelf."""
    return receive(approve(ask(order, **titles)))
