"""Work that fails is tried for two days, then parked, and can be brought back."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from shop.outbox import operations
from shop.outbox.models import OutboxEntry
from shop.outbox.operations import (
    MAX_ATTEMPTS,
    Away,
    bring_forward,
    drain,
    drain_single,
    enqueue,
    enqueue_many,
    handles,
    together,
)
from tests.integration.dashboard.pages import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def server() -> Iterator[dict[str, Any]]:
    """Two topics that ask another machine, which is down until `up` is set; what it did."""
    state: dict[str, Any] = {"up": False, "done": []}

    def ask(payloads: Any) -> None:
        if not state["up"]:
            raise ConnectionRefusedError("nobody listens")
        state["done"] += payloads

    OutboxEntry.objects.all().delete()
    for topic in ("test.mail", "test.other"):
        handles(topic, single=True)(ask)
    yield state
    for topic in ("test.mail", "test.other"):
        del operations._handlers[topic]
        operations._single.discard(topic)


def try_until_parked() -> timedelta:
    """Go through every pause at once; how long they would have taken."""
    waited = timedelta()
    for _ in range(MAX_ATTEMPTS):
        drain()
        entry = OutboxEntry.objects.get()
        if entry.parked_at:
            return waited
        pause = entry.available_at - timezone.now()
        assert timedelta() < pause <= timedelta(hours=1)
        waited += pause
        OutboxEntry.objects.update(available_at=timezone.now())
    pytest.fail("it was never parked")


def test_a_server_may_be_down_for_nearly_two_days(server: dict[str, Any]) -> None:
    enqueue("test.mail", {"number": 1})
    assert timedelta(hours=46) < try_until_parked() < timedelta(hours=49)
    entry = OutboxEntry.objects.get()
    assert entry.attempts == MAX_ATTEMPTS and "nobody listens" in entry.last_error
    server["up"] = True
    assert drain() == 0, "parked work waits for somebody"


def test_parked_work_comes_back_and_is_done(server: dict[str, Any]) -> None:
    enqueue("test.mail", {"number": 1})
    enqueue("test.other", {"number": 2})
    OutboxEntry.objects.update(parked_at=timezone.now(), attempts=MAX_ATTEMPTS)
    server["up"] = True
    said = StringIO()
    call_command("outbox_retry", "test.other", stdout=said)
    assert "1 parked" in said.getvalue()
    assert (drain(), server["done"]) == (1, [{"number": 2}])
    call_command("outbox_retry", stdout=said)
    assert (drain(), server["done"]) == (1, [{"number": 2}, {"number": 1}])
    assert not OutboxEntry.objects.exists()


def test_brought_back_it_has_all_its_tries_again(server: dict[str, Any]) -> None:
    enqueue("test.mail", {})
    OutboxEntry.objects.update(parked_at=timezone.now(), attempts=MAX_ATTEMPTS)
    operations.retry_parked()
    drain()
    entry = OutboxEntry.objects.get()
    assert (entry.attempts, entry.parked_at) == (1, None)


def test_the_dashboard_has_a_button_for_it(server: dict[str, Any]) -> None:
    enqueue("test.mail", {})
    OutboxEntry.objects.update(parked_at=timezone.now(), last_error="ConnectionRefusedError")
    client = signed_in("Support")
    assert "/dashboard/outbox/retry/" in client.get("/dashboard/").content.decode()
    answer = client.post("/dashboard/outbox/retry/", follow=True)
    assert "1 piece of work is tried again." in answer.content.decode()
    assert not OutboxEntry.objects.exclude(parked_at=None).exists()


def test_only_staff_who_see_it_may_press_it(server: dict[str, Any]) -> None:
    enqueue("test.mail", {})
    OutboxEntry.objects.update(parked_at=timezone.now())
    assert Client().post("/dashboard/outbox/retry/").status_code == 302
    assert signed_in("Marketer").post("/dashboard/outbox/retry/").status_code in {302, 403}
    assert OutboxEntry.objects.exclude(parked_at=None).count() == 1


def test_a_server_that_hangs_holds_up_one_piece_at_a_time(server: dict[str, Any]) -> None:
    seen: list[int] = []
    handles("test.quick")(lambda payloads: seen.append(len(payloads)))
    enqueue_many("test.mail", [{}] * 3)
    drain()
    enqueue_many("test.quick", [{}] * 5)
    drain()
    del operations._handlers["test.quick"]
    assert seen == [5], "the quick work came in the very next round"
    assert OutboxEntry.objects.filter(attempts=1).count() == 2


def test_a_round_sends_what_waits_one_by_one_for_as_long_as_it_may(server: dict[str, Any]) -> None:
    server["up"] = True
    enqueue_many("test.mail", [{"number": number} for number in range(4)])
    assert drain_single(0) == 0
    assert drain_single(30) == 4
    assert server["done"] == [{"number": number} for number in range(4)]

    def hang(payloads: Any) -> None:
        time.sleep(0.3)

    handles("test.mail", single=True)(hang)
    enqueue_many("test.mail", [{}] * 3)
    assert drain_single(0.2) == 1, "nothing is begun after what takes longer than that"
    assert OutboxEntry.objects.filter(leased_until=None).count() == 2


def test_a_row_that_another_worker_took_is_left_to_it(server: dict[str, Any]) -> None:
    """A worker stood still for longer than its lease; then its handler fails."""
    enqueue("test.mail", {})
    taken = timezone.now() + timedelta(minutes=1)

    def lose_the_lease(payloads: Any) -> None:
        OutboxEntry.objects.update(leased_by="another", leased_until=taken)
        raise ConnectionRefusedError

    handles("test.mail", single=True)(lose_the_lease)
    drain(worker="one")
    entry = OutboxEntry.objects.get()
    assert (entry.leased_by, entry.leased_until, entry.attempts) == ("another", taken, 0)


def test_what_is_away_is_waited_for_together_and_never_given_up(server: dict[str, Any]) -> None:
    asked: list[int] = []

    def ask(payloads: Any) -> None:
        asked.append(len(payloads))
        if not server["up"]:
            raise Away("nobody listens")
        server["done"] += payloads

    handles("test.mail")(ask)
    enqueue_many("test.mail", [{"number": number} for number in range(5)])
    for _ in range(MAX_ATTEMPTS + 3):
        OutboxEntry.objects.update(available_at=timezone.now())
        drain()
    assert asked == [5] * (MAX_ATTEMPTS + 3), "row by row would be of no use"
    entries = list(OutboxEntry.objects.all())
    assert len(entries) == 5
    assert all(not entry.parked_at and "nobody listens" in entry.last_error for entry in entries)
    assert drain() == 0, "it waits"
    server["up"] = True
    assert bring_forward(["test.other"]) == 0
    assert bring_forward(["test.mail"]) == 5
    drain()
    assert len(server["done"]) == 5
    assert not OutboxEntry.objects.exists()


def test_work_that_failed_for_another_reason_is_not_brought_forward(server: dict[str, Any]) -> None:
    enqueue("test.mail", {"number": 1})
    drain()
    assert bring_forward(["test.mail"]) == 0


def test_what_is_enqueued_together_is_one_statement_and_nothing_after_an_error(django_assert_num_queries: Any) -> None:
    OutboxEntry.objects.all().delete()
    with django_assert_num_queries(1), together():
        enqueue("test.one", {"number": 1}, key="one")
        enqueue_many("test.two", [{"number": 2}, {"number": 3}])
    assert list(OutboxEntry.objects.order_by("pk").values_list("topic", "key")) == [
        ("test.one", "one"),
        ("test.two", ""),
        ("test.two", ""),
    ]
    with pytest.raises(ValueError, match="no"), together():
        enqueue("test.one", {"number": 4})
        raise ValueError("no")
    enqueue("test.one", {"number": 5})
    assert OutboxEntry.objects.count() == 4
