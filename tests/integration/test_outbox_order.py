"""Work that takes long waits for all other, a few rows at a time."""

from collections.abc import Iterator
from typing import Any

import pytest

from shop.outbox import operations
from shop.outbox.operations import SLOW_BATCH, drain, drain_all, enqueue_many, handles

pytestmark = pytest.mark.django_db


@pytest.fixture
def done() -> Iterator[list[str]]:
    """What was done, in its order."""
    order: list[str] = []

    @handles("test.slow", slow=True)
    def slow(payloads: Any) -> None:
        order.extend("slow" for _ in payloads)

    @handles("test.quick")
    def quick(payloads: Any) -> None:
        order.extend("quick" for _ in payloads)

    yield order
    for topic in ("test.slow", "test.quick"):
        del operations._handlers[topic]
    operations._slow.discard("test.slow")


def test_a_heap_of_slow_work_does_not_hold_up_the_rest(done: list[str]) -> None:
    drain_all()
    enqueue_many("test.slow", [{}] * 10)
    enqueue_many("test.quick", [{}] * 3)
    assert drain() == 3
    assert done == ["quick"] * 3
    assert drain() == SLOW_BATCH
    enqueue_many("test.quick", [{}])
    drain()
    assert done[-1] == "quick"
    drain_all()
    assert done.count("slow") == 10
