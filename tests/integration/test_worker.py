"""The worker outlives a database that does not answer for a while."""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Iterator

import pytest
from django.core.management.base import CommandError
from django.db import connection

from shop.outbox import operations
from shop.outbox.management.commands.worker import PAUSE, Command
from shop.outbox.models import OutboxEntry
from shop.outbox.operations import enqueue, handles

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def done() -> Iterator[list[int]]:
    """What the handler of a topic of ours was given."""
    found: list[int] = []
    OutboxEntry.objects.all().delete()
    handles("test.worker")(lambda payloads: found.extend(payload["number"] for payload in payloads))
    yield found
    del operations._handlers["test.worker"]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="a table that is away is another kind of error elsewhere")
def test_a_database_that_is_gone_for_a_while_loses_nothing(done: list[int], caplog: pytest.LogCaptureFixture) -> None:
    enqueue("test.worker", {"number": 1})
    table = connection.ops.quote_name(OutboxEntry._meta.db_table)
    with connection.cursor() as cursor:
        # As an error of the database itself: the worker asks, and it cannot answer.
        cursor.execute(f"ALTER TABLE {table} RENAME TO away")
    try:
        with caplog.at_level(logging.ERROR):
            waits = Command()._turn(0.5)
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE away RENAME TO {table}")
    assert (waits, done) == (PAUSE, [])
    assert "does not answer the worker" in caplog.text
    assert Command()._turn(0.5) == 0
    assert done == [1]
    assert Command()._turn(0.5) == 0.5


@pytest.mark.skipif(":memory:" in str(connection.settings_dict["NAME"]), reason="a thread has a memory of its own")
def test_quick_work_is_done_while_slow_work_goes_on(done: list[int]) -> None:
    begun, may_end = threading.Event(), threading.Event()

    def slowly(payloads: object) -> None:
        begun.set()
        assert may_end.wait(20)
        done.append(0)

    handles("test.slow", slow=True)(slowly)
    enqueue("test.slow", {})
    stop = threading.Event()
    thread = threading.Thread(target=Command()._slowly, args=(stop, 0.05))
    thread.start()
    try:
        assert begun.wait(20)
        enqueue("test.worker", {"number": 1})
        assert Command()._turn(0.5) == 0
        assert done == [1]
        may_end.set()
        for _ in range(200):
            if done == [1, 0]:
                break
            time.sleep(0.05)
    finally:
        may_end.set()
        stop.set()
        thread.join()
        del operations._handlers["test.slow"]
        operations._slow.discard("test.slow")
    assert done == [1, 0]
    assert not OutboxEntry.objects.exists()


def test_an_import_is_slow_work() -> None:
    from shop.dashboard.transfer.operations import TOPIC

    assert TOPIC in operations._slow


@pytest.mark.parametrize("half", ["_turn", "_slow_turn"])
def test_a_half_that_breaks_takes_the_other_along(half: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that systemd sees it and starts the worker anew."""

    def broken(self: Command, interval: float) -> float:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(signal, "signal", lambda *_: None)
    monkeypatch.setattr(Command, "_turn", lambda self, interval: interval)
    monkeypatch.setattr(Command, "_slow_turn", lambda self, interval: interval)
    monkeypatch.setattr(Command, half, broken)
    with pytest.raises((RuntimeError, CommandError)):
        Command().handle(interval=0.01, once=False)
    assert "slow" not in {thread.name for thread in threading.enumerate()}
