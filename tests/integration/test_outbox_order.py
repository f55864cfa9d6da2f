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

    @handles("test.last", last=True)
    def last(payloads: Any) -> None:
        order.extend("last" for _ in payloads)

    @handles("test.quick")
    def quick(payloads: Any) -> None:
        order.extend("quick" for _ in payloads)

    yield order
    for topic in ("test.slow", "test.last", "test.quick"):
        handles(topic)(operations._handlers[topic])
        del operations._handlers[topic]
    assert not {"test.slow", "test.last"} & (operations._slow | operations._last)


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


def test_what_comes_last_waits_for_the_other_slow_work(done: list[str]) -> None:
    drain_all()
    enqueue_many("test.last", [{}] * 6)
    enqueue_many("test.slow", [{}])
    assert drain() == 1
    assert done == ["slow"]
    assert drain() == SLOW_BATCH
    enqueue_many("test.slow", [{}])
    assert drain() == 1
    assert done == ["slow", *["last"] * SLOW_BATCH, "slow"]
    drain_all()
    assert done.count("last") == 6


def test_pictures_come_after_the_index() -> None:
    from content.handlers import PICTURE_AVIF, PICTURE_SIZES
    from search.elastic.keeping import BUILD_TOPIC
    from shop.catalogue.pictures import SIZES_TOPIC

    assert {PICTURE_AVIF, PICTURE_SIZES, SIZES_TOPIC} == operations._last
    assert BUILD_TOPIC in operations._slow - operations._last
