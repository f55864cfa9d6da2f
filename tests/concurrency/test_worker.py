"""The two halves of the worker at once, each with a connection of its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from shop.outbox import operations
from shop.outbox.management.commands.worker import Command
from shop.outbox.models import OutboxEntry
from shop.outbox.operations import enqueue, handles

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("postgres")]


@pytest.fixture
def done(postgres: None) -> Iterator[list[int]]:
    """What the handler of a topic of ours was given."""
    found: list[int] = []
    OutboxEntry.objects.all().delete()
    handles("test.worker")(lambda payloads: found.extend(payload["number"] for payload in payloads))
    yield found
    del operations._handlers["test.worker"]


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
