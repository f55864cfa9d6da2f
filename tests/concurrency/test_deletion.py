"""An account that is deleted while something happens to one of its orders, on PostgreSQL: neither waits for the other for ever.

Whoever does something stands in a row of the log, which locks the account when it is written: so the account comes first everywhere.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from shop.accounts import deletion, personal
from shop.accounts.deletion import CannotDeleteError, delete_account
from shop.accounts.models import User
from shop.order import cancelling, states, uses
from shop.order.models import Order
from shop.order.states import NOT_PAID_IN_TIME, change_status
from shop.payment.settling import settle
from shop.returns import operations
from shop.returns.models import Return
from shop.returns.operations import ReturnError, Wanted
from tests.factories import make_product
from tests.integration.ledger.buying import begun, order_of, seen
from tests.integration.returns.sending_back import approve, ask, line_of, sent_order

from .test_people import later
from .test_placement import make_checkout, make_voucher, placing

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("postgres")]
AtOnce = Callable[[list[Callable[[], Any]]], list[Any]]
# Whoever holds an order takes so long; the other comes in between.
LONG, BETWEEN = 0.6, 0.25


@pytest.fixture
def ada(postgres: None) -> User:
    return User.objects.create_user("ada@example.com", "x")


def slowly(monkeypatch: pytest.MonkeyPatch, owner: Any, name: str) -> None:
    real = getattr(owner, name)

    def run(*arguments: Any, **options: Any) -> Any:
        time.sleep(LONG)
        return real(*arguments, **options)

    monkeypatch.setattr(owner, name, run)


def deleted_beside(at_once: AtOnce, user: User, function: Callable[[], Any]) -> Any:
    """Delete the account while `function` holds one of its orders. Returns what came of both."""
    return at_once([function, later(BETWEEN, partial(delete_account, User.objects.get(pk=user.pk)))])


def asking(order: Order, by: Any) -> Callable[[], Any]:
    wanted = {line_of(order).pk: Wanted(1, "mind")}
    return partial(operations.ask, order, lines=wanted, note="Too blue", by=by, key=uuid.uuid4())


def test_a_return_is_asked_for(at_once: AtOnce, monkeypatch: pytest.MonkeyPatch, ada: User) -> None:
    order = sent_order(user=ada)
    slowly(monkeypatch, operations, "returnable")
    made, deleted = deleted_beside(at_once, ada, asking(order, ada))
    assert isinstance(made, Return) and deleted is None, (made, deleted)
    assert Return.objects.get().note == "" and not User.objects.exists()


def test_a_return_is_withdrawn(at_once: AtOnce, monkeypatch: pytest.MonkeyPatch, ada: User) -> None:
    back = approve(ask(sent_order(user=ada), by=ada, Bowl=1))
    slowly(monkeypatch, operations, "_moves")
    withdrawn, deleted = deleted_beside(at_once, ada, partial(operations.withdraw, back, by=ada))
    assert isinstance(withdrawn, Return) and deleted is None, (withdrawn, deleted)
    assert Return.objects.get().state == "withdrawn"


def test_an_order_is_cancelled(at_once: AtOnce, monkeypatch: pytest.MonkeyPatch, ada: User) -> None:
    order = order_of(make_product(price="20", stock=5))
    Order.objects.update(user=ada)
    slowly(monkeypatch, states, "open_lines")
    cancelled, deleted = deleted_beside(at_once, ada, partial(cancelling.cancel, order, whole=True, by=ada))
    assert (cancelled, deleted) == (None, None)
    assert Order.objects.get().status == "cancelled" and Order.objects.get().user is None


def test_money_comes_late_for_an_order_with_a_voucher(
    at_once: AtOnce, monkeypatch: pytest.MonkeyPatch, ada: User
) -> None:
    """The order lives again, and notes once more that its buyer has used the voucher."""
    order = placing(*make_checkout(make_product(price="20", stock=5), voucher=make_voucher()))().order
    Order.objects.update(user=ada)
    payment = begun(order)
    change_status(order, "cancelled", why=NOT_PAID_IN_TIME)
    slowly(monkeypatch, uses, "_by_offer")
    settled, deleted = deleted_beside(at_once, ada, partial(settle, payment.pk, seen(payment)))
    assert not isinstance(settled, Exception) and isinstance(deleted, CannotDeleteError), (settled, deleted)
    assert Order.objects.get().status == "paid" and Order.objects.get().user == ada


def test_what_is_being_written_is_forgotten_as_well(
    at_once: AtOnce, monkeypatch: pytest.MonkeyPatch, ada: User
) -> None:
    """Where nobody who is known writes it, the deletion waits for the order itself."""
    order = sent_order(user=ada)
    slowly(monkeypatch, operations, "returnable")
    made, deleted = deleted_beside(at_once, ada, asking(order, None))
    assert isinstance(made, Return) and deleted is None, (made, deleted)
    assert Return.objects.get().note == ""


def test_who_was_deleted_meanwhile_asks_for_nothing(
    at_once: AtOnce, monkeypatch: pytest.MonkeyPatch, ada: User
) -> None:
    order = sent_order(user=ada)
    slowly(monkeypatch, personal, "holdings")
    assert deletion.personal is personal
    deleted, made = at_once([partial(delete_account, ada), later(BETWEEN, asking(order, ada))])
    assert deleted is None and isinstance(made, ReturnError), (deleted, made)
    assert "deleted" in str(made) and not Return.objects.exists()
