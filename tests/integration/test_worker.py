"""The worker outlives a database that does not answer for a while."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

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


@contextmanager
def away() -> Iterator[None]:
    """The outbox does not answer: an error of the database itself, of the kind that each makes of it.

    SQLite finds no such table. PostgreSQL keeps a table that somebody else has locked, until it gives up waiting.
    """
    table = connection.ops.quote_name(OutboxEntry._meta.db_table)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {table} RENAME TO away")
        yield
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE away RENAME TO {table}")
        return
    other = connection.copy()
    with other.cursor() as cursor:
        other.set_autocommit(False)
        cursor.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
    options = connection.settings_dict["OPTIONS"]
    connection.settings_dict["OPTIONS"] = {**options, "options": "-c lock_timeout=200"}
    connection.close()
    try:
        yield
    finally:
        other.close()
        connection.settings_dict["OPTIONS"] = options
        connection.close()


def test_a_database_that_is_gone_for_a_while_loses_nothing(done: list[int], caplog: pytest.LogCaptureFixture) -> None:
    enqueue("test.worker", {"number": 1})
    with away(), caplog.at_level(logging.ERROR):
        waits = Command()._turn(0.5)
    assert (waits, done) == (PAUSE, [])
    assert "does not answer the worker" in caplog.text
    assert Command()._turn(0.5) == 0
    assert done == [1]
    assert Command()._turn(0.5) == 0.5


def test_one_round_sends_all_mails_that_wait(done: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "_single", {"test.worker"})
    for number in range(5):
        enqueue("test.worker", {"number": number})
    assert Command()._turn(0.5) == 0
    assert done == [0, 1, 2, 3, 4]


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
