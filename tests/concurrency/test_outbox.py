"""Two workers and a mail server that takes its time. The controls show what the lease and its renewal are for."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import timedelta
from typing import Any

import pytest
from django.core.mail.backends.base import BaseEmailBackend

from shop.mail.models import SentMail
from shop.mail.operations import send
from shop.outbox import operations
from shop.outbox.models import OutboxEntry

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("postgres")]
AtOnce = Callable[[list[Callable[[], Any]]], list[Any]]
LEASE = timedelta(seconds=0.6)

_received: list[str] = []
_takes = 0.0
_lock = threading.Lock()


class SlowBackend(BaseEmailBackend):
    """Takes each mail, and then its time before it says so."""

    def send_messages(self, email_messages: Any) -> int:
        for message in email_messages:
            with _lock:
                _received.append(message.extra_headers["Message-ID"])
            time.sleep(_takes)
        return len(email_messages)


@pytest.fixture
def received(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What the mail server got. A lease is short, so that the test need not last for minutes."""
    settings.EMAIL_BACKEND = f"{__name__}.SlowBackend"
    monkeypatch.setattr(operations, "LEASE", LEASE)
    OutboxEntry.objects.all().delete()
    _received.clear()
    yield _received
    OutboxEntry.objects.all().delete()


def work(number: int) -> int:
    """A worker that begins a little after the one before, and goes on until nothing waits or has failed."""
    time.sleep(number * 0.1)
    deadline, done = time.monotonic() + 20, 0
    while OutboxEntry.objects.exists() and time.monotonic() < deadline:
        done += operations.drain(worker=f"worker-{number}")
        time.sleep(0.02)
    return done


def two_workers(at_once: AtOnce) -> list[Any]:
    return at_once([lambda: work(0), lambda: work(1)])


def write_mails(count: int) -> None:
    for number in range(count):
        send("account-deleted", to=f"reader{number}@example.org", context={"orders": 0})


def test_many_mails_take_longer_than_a_lease_and_none_goes_out_twice(
    at_once: AtOnce, received: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{__name__}._takes", 0.15)
    write_mails(20)
    done = two_workers(at_once)
    assert len(received) == len(set(received)) == SentMail.objects.count() == 20
    assert sum(done) == 20 and min(done) > 0, f"both worked: {done}"


def test_one_mail_that_takes_longer_than_a_lease_goes_out_once(
    at_once: AtOnce, received: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{__name__}._takes", 2.0)
    write_mails(1)
    assert sorted(two_workers(at_once)) == [0, 1]
    assert len(received) == 1


def test_control_without_renewal_the_second_worker_sends_it_again(
    at_once: AtOnce, received: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{__name__}._takes", 2.0)
    monkeypatch.setattr(operations, "_lease_renewed", lambda *_: nullcontext())
    write_mails(1)
    two_workers(at_once)
    assert len(received) > 1


def test_control_claimed_by_the_hundred_under_one_lease_they_go_out_twice(
    at_once: AtOnce, received: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{__name__}._takes", 0.15)
    monkeypatch.setattr(operations, "_single", set())
    monkeypatch.setattr(operations, "_lease_renewed", lambda *_: nullcontext())
    write_mails(20)
    two_workers(at_once)
    assert len(received) > len(set(received))


def test_what_a_dead_worker_held_is_done_by_another(received: list[str]) -> None:
    write_mails(1)
    assert operations._claim(OutboxEntry.objects.all(), 1, "dead")
    assert operations.drain() == 0
    time.sleep(LEASE.total_seconds() + 0.05)
    assert operations.drain() == 1
    assert len(received) == 1
