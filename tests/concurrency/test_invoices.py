"""Numbers without a gap, on PostgreSQL: many workers at once, one killed between number and document, and no lock at all."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections

from shop.accounts.models import User
from shop.invoices import operations
from shop.invoices.models import Invoice, Series
from shop.invoices.operations import TOPIC, issue_missing
from shop.ledger.proof import findings
from shop.order.models import Order
from shop.order.states import change_status
from shop.outbox.models import OutboxEntry
from shop.outbox.operations import drain_all, drain_quick
from tests.factories import make_product
from tests.integration.accounts.making import make_order

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("postgres")]
AtOnce = Callable[[list[Callable[[], Any]]], list[Any]]
WORKERS = 8
SECONDS = 60


def paid_orders(number: int) -> list[Order]:
    """So many orders that have just been paid."""
    user, product = User.objects.create_user("ada@example.com", "x"), make_product(stock=500)
    made = [make_order(user, product, status="awaiting-payment") for _ in range(number)]
    for order in made:
        change_status(order, "paid", tell_customer=False)
    return made


def numbers() -> list[int]:
    return sorted(Invoice.objects.values_list("number", flat=True))


def about_documents() -> list[str]:
    return [str(each) for each in findings() if "series" in each.what or "invoice" in str(each)]


def in_turns(orders: list[Order], worker: int, issue: Callable[[int], Any]) -> list[Exception]:
    """What one worker does of many: every so-manieth order. Returns what went wrong."""
    wrong = []
    for order in orders[worker::WORKERS]:
        try:
            issue(order.pk)
        except Exception as error:
            wrong.append(error)
    return wrong


def test_two_hundred_invoices_by_eight_threads_have_no_gap(at_once: AtOnce) -> None:
    orders = paid_orders(200)
    answers = at_once([partial(in_turns, orders, worker, issue_missing) for worker in range(WORKERS)])
    assert answers == [[]] * WORKERS
    assert numbers() == list(range(1, 201)) and Series.objects.get().last == 200
    assert about_documents() == []


def test_without_the_lock_numbers_are_given_out_twice(at_once: AtOnce, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the same with a counter that is read and then written. Only the unique constraint keeps doubles out."""

    def unlocked(series: str) -> int:
        Series.objects.get_or_create(name=series)
        last = Series.objects.values_list("last", flat=True).get(name=series)
        Series.objects.filter(name=series).update(last=last + 1)
        return int(last) + 1

    monkeypatch.setattr(operations, "next_number", unlocked)
    orders = paid_orders(200)
    answers = at_once([partial(in_turns, orders, worker, issue_missing) for worker in range(WORKERS)])
    wrong = [error for answer in answers for error in answer]
    assert wrong and all("invoice_number_once" in str(error) or "unique" in str(error) for error in wrong)


def test_a_sequence_leaves_gaps(at_once: AtOnce, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other control: numbers from a sequence, as databases have them, where every tenth document fails; the proof sees it."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE SEQUENCE invoice_numbers")

    def from_sequence(series: str) -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval('invoice_numbers')")
            [(number,)] = cursor.fetchall()
        Series.objects.update_or_create(name=series, defaults={"last": number})
        return int(number)

    kept = operations._write

    def fails(order: Order, *args: Any, **values: Any) -> Invoice:
        row = kept(order, *args, **values)
        if row.number % 10 == 5:
            raise RuntimeError("no")
        return row

    monkeypatch.setattr(operations, "next_number", from_sequence)
    monkeypatch.setattr(operations, "_write", fails)
    try:
        orders = paid_orders(40)
        at_once([partial(in_turns, orders, worker, issue_missing) for worker in range(WORKERS)])
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP SEQUENCE invoice_numbers")
    assert any("numbers are missing" in each for each in about_documents())


def test_where_every_tenth_fails_and_is_tried_again_there_is_no_gap(
    at_once: AtOnce, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, tries = operations._write, []

    def fails(order: Order, *args: Any, **values: Any) -> Invoice:
        row = kept(order, *args, **values)
        tries.append(row.number)
        if len(tries) % 10 == 5:
            raise RuntimeError("no")
        return row

    monkeypatch.setattr(operations, "_write", fails)
    orders = paid_orders(60)
    work = [partial(in_turns, orders, worker, issue_missing) for worker in range(WORKERS)]
    assert any(at_once(work))
    # Each time nine of ten that are left succeed.
    assert any(not any(at_once(work)) for _again in range(20)), numbers()
    assert numbers() == list(range(1, 61)) and len(tries) > 60
    assert about_documents() == []


def test_eight_workers_on_one_order_issue_one(at_once: AtOnce) -> None:
    [order] = paid_orders(1)
    answers = at_once([partial(issue_missing, order.pk)] * 16)
    assert sorted(len(answer) for answer in answers) == [0] * 15 + [1]
    assert numbers() == [1]


@pytest.mark.parametrize("moment", ["after the number", "after the document"])
def test_a_worker_that_is_killed_leaves_no_gap(moment: str, tmp_path: Path) -> None:
    """`kill -9` in the middle of the transaction: the next worker gives out the same number."""
    orders = paid_orders(3)
    issue_missing(orders[0].pk)
    connections.close_all()
    child = os.fork()
    if child == 0:
        # Nothing of the test's own may run on in the child.
        kept_number, kept_write = operations.next_number, operations._write

        def number_and_die(series: str) -> int:
            kept_number(series)
            (tmp_path / "died").touch()
            os.kill(os.getpid(), signal.SIGKILL)
            return 0

        def write_and_die(*args: Any, **values: Any) -> Invoice:
            row = kept_write(*args, **values)
            (tmp_path / "died").touch()
            os.kill(os.getpid(), signal.SIGKILL)
            return row

        if moment == "after the number":
            operations.next_number = number_and_die
        else:
            operations._write = write_and_die
        # Who waits for ever has failed, too.
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(SECONDS)
        try:
            drain_quick()
        finally:
            os._exit(1)
    _pid, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL and (tmp_path / "died").exists()
    assert numbers() == [1]
    # Its lease runs out, and another takes the rows.
    OutboxEntry.objects.filter(topic=TOPIC).update(leased_until=None, leased_by="")
    drain_all()
    assert numbers() == [1, 2, 3] and about_documents() == []
