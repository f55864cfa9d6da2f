"""Write work down and do it.

`enqueue` belongs inside the transaction of the change. Handlers run outside any transaction, may run more than once
and so must be harmless to repeat, and get all payloads of a claimed batch of their topic at once.

Whoever claims a row holds it by a lease, which a thread renews for as long as the handler takes. So two workers that
both live never do one row, and what a dead worker held is free again after LEASE. A worker that stands still for
longer than that (a machine asleep) counts as dead.
"""

from __future__ import annotations

import logging
import os
import threading
import time
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Least
from django.utils import timezone

from .models import OutboxEntry

logger = logging.getLogger(__name__)

Handler = Callable[[Sequence[dict[str, Any]]], None]
LEASE = timedelta(minutes=2)
# Four renewals fit into a lease, so that one that fails does no harm.
RENEWALS = 4
BATCH = 500

# The pauses between tries double up to an hour: 47 hours in all, so that a mail server may be away for a day and its mails still go out.
LONGEST_PAUSE = 60 * 60  # seconds
MAX_ATTEMPTS = 58
# From this try on, after four minutes, a failure is logged as an error: somebody should look before it is parked.
SERIOUS_ATTEMPTS = 8

# Work that takes seconds a row, such as drawing picture sizes: a few rows at a time, and only when nothing else waits,
# so that a changed price never stands behind a heap of pictures.
SLOW_BATCH = 4


class Away(Exception):  # noqa: N818  (it says what is so, not that somebody erred)
    """What a handler needs is not there: all rows of the batch are put back together, and none is ever given up.

    Whoever learns that it is back calls `bring_forward`.
    """


# The rows that `together` holds back until its end.
_held: ContextVar[list[OutboxEntry] | None] = ContextVar("outbox_held", default=None)
_handlers: dict[str, Handler] = {}
_slow: set[str] = set()
_last: set[str] = set()
_single: set[str] = set()


def handles(
    topic: str, *, slow: bool = False, last: bool = False, single: bool = False
) -> Callable[[Handler], Handler]:
    """Register the decorated function for `topic`. It gets a list of payloads and raises to have them tried again.

    `slow` work waits for all other, and in the worker has a thread of its own; what comes `last` waits for the other
    slow work, too: an index that is missing never stands behind an hour of pictures. `single` work, which asks another
    machine such as the mail server, is claimed row by row, in turns with everything else: what hangs holds up nothing
    but itself.
    """

    def register(handler: Handler) -> Handler:
        _handlers[topic] = handler
        for names, wanted in ((_slow, slow or last), (_last, last), (_single, single)):
            (names.add if wanted else names.discard)(topic)
        return handler

    return register


def enqueue(topic: str, payload: dict[str, Any], *, key: str = "", available_at: datetime | None = None) -> OutboxEntry:
    """Write one piece of work. Call it inside the transaction of the change that causes it."""
    entry = OutboxEntry(topic=topic, key=key, payload=payload, available_at=available_at or timezone.now())
    _write([entry])
    return entry


def enqueue_many(topic: str, payloads: Iterable[dict[str, Any]]) -> None:
    """Write many pieces of work with as few statements as the database allows."""
    _write([OutboxEntry(topic=topic, payload=payload) for payload in payloads])


@contextmanager
def together() -> Iterator[None]:
    """What is enqueued inside is written at its end, in one statement. An error inside leaves nothing written.

    Open it inside the transaction of the change.
    """
    held: list[OutboxEntry] = []
    token = _held.set(held)
    try:
        yield
    finally:
        _held.reset(token)
    _write(held)


def _write(entries: list[OutboxEntry]) -> None:
    held = _held.get()
    if held is not None:
        held += entries
    elif len(entries) == 1:
        entries[0].save(force_insert=True)
    else:
        OutboxEntry.objects.bulk_create(entries, batch_size=500)


def drain(*, limit: int = BATCH, worker: str = "") -> int:
    """Claim up to `limit` waiting rows, do them topic by topic and delete what is done. Returns how many were claimed.

    A row is tried MAX_ATTEMPTS times with pauses that grow to LONGEST_PAUSE, and then parked with its error;
    `retry_parked` brings it back.
    """
    return drain_quick(limit=limit, worker=worker) or drain_slow(limit=limit, worker=worker)


def drain_quick(*, limit: int = BATCH, worker: str = "") -> int:
    """As `drain`, without slow work. The worker does that in a thread of its own, so that mails go out meanwhile."""
    worker, waiting = worker or _name(), OutboxEntry.objects.all()
    claimed = _work(waiting.exclude(topic__in=_slow | _single), limit, worker)
    return claimed + _work(waiting.filter(topic__in=_single), 1, worker)


def drain_single(seconds: float, *, worker: str = "") -> int:
    """Do single work, one row after another, for so long at most. Returns how many rows were claimed.

    One that hangs still holds up nothing but itself: nothing is begun after it.
    """
    worker, until, done = worker or _name(), time.monotonic() + seconds, 0
    while time.monotonic() < until and _work(OutboxEntry.objects.filter(topic__in=_single), 1, worker):
        done += 1
    return done


def drain_slow(*, limit: int = SLOW_BATCH, worker: str = "") -> int:
    """As `drain`, slow work only, SLOW_BATCH rows at most."""
    worker, limit = worker or _name(), min(limit, SLOW_BATCH)
    waiting = OutboxEntry.objects.filter(topic__in=_slow)
    return _work(waiting.exclude(topic__in=_last), limit, worker) or _work(waiting, limit, worker)


def _name() -> str:
    return f"{os.getpid()}-{uuid.uuid4().hex[:8]}"


def drain_all(*, worker: str = "") -> int:
    """Drain until nothing waits. Returns how many rows were claimed. For commands and tests."""
    total = 0
    while claimed := drain(worker=worker):
        total += claimed
    return total


def retry_parked(topics: Iterable[str] = ()) -> int:
    """Let parked work be tried again at once, as if it were new; all of it, or that of `topics`. Returns how many rows."""
    parked = OutboxEntry.objects.exclude(parked_at=None)
    if topics := list(topics):
        parked = parked.filter(topic__in=topics)
    return parked.update(parked_at=None, attempts=0, available_at=timezone.now(), leased_until=None, leased_by="")


def bring_forward(topics: Iterable[str]) -> int:
    """Let work be tried at once that was put back because something was away. Returns how many rows."""
    held = OutboxEntry.objects.filter(topic__in=list(topics), last_error__startswith=Away.__name__, parked_at=None)
    return held.filter(available_at__gt=timezone.now()).update(available_at=timezone.now())


def _work(rows: QuerySet[OutboxEntry], limit: int, worker: str) -> int:
    entries = _claim(rows, limit, worker)
    if not entries:
        return 0
    by_topic: dict[str, list[OutboxEntry]] = defaultdict(list)
    for entry in entries:
        by_topic[entry.topic].append(entry)
    with _lease_renewed([entry.pk for entry in entries], worker):
        for topic, those in by_topic.items():
            _run(topic, those, worker)
    return len(entries)


def _claim(rows: QuerySet[OutboxEntry], limit: int, worker: str) -> list[OutboxEntry]:
    now = timezone.now()
    waiting = rows.filter(
        Q(leased_until=None) | Q(leased_until__lt=now), parked_at=None, available_at__lte=now
    ).order_by("available_at", "id")
    if not waiting.exists():
        return []
    with transaction.atomic():
        if connection.features.has_select_for_update_skip_locked:
            waiting = waiting.select_for_update(skip_locked=True)
        entries = list(waiting[:limit])
        OutboxEntry.objects.filter(pk__in=[entry.pk for entry in entries]).update(
            leased_until=now + LEASE, leased_by=worker
        )
    return entries


@contextmanager
def _lease_renewed(ids: Sequence[int], worker: str) -> Iterator[None]:
    """Hold the rows until the block ends, however long that takes. Rows that are done or put back are left alone."""
    done = threading.Event()

    def renew() -> None:
        try:
            while not done.wait(LEASE.total_seconds() / RENEWALS):
                held = OutboxEntry.objects.filter(pk__in=ids, leased_by=worker)
                try:
                    held.update(leased_until=timezone.now() + LEASE)
                except DatabaseError as error:
                    connection.close()
                    logger.warning("outbox: the lease of %d rows could not be renewed: %s", len(ids), error)
        finally:
            connection.close()

    thread = threading.Thread(target=renew, name=f"lease-{worker}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _run(topic: str, entries: list[OutboxEntry], worker: str) -> None:
    try:
        _handlers[topic]([entry.payload for entry in entries])
    except Away as error:
        _put_back(entries, error, worker)
    except Exception as error:
        if len(entries) > 1:
            # One bad row must not hold up the others of its batch.
            for entry in entries:
                _run(topic, [entry], worker)
            return
        _retry_later(entries[0], error, worker)
    else:
        OutboxEntry.objects.filter(pk__in=[entry.pk for entry in entries]).delete()


def _put_back(entries: list[OutboxEntry], error: Away, worker: str) -> None:
    attempts = max(entry.attempts for entry in entries) + 1
    pause = timedelta(seconds=min(2 ** min(attempts, 12), LONGEST_PAUSE))
    text = f"{Away.__name__}: {error}"[:2000]
    logger.warning("outbox: %d rows of %s wait for %s or longer: %s", len(entries), entries[0].topic, pause, text)
    # Tries that could not succeed do not count towards the last one.
    OutboxEntry.objects.filter(pk__in=[entry.pk for entry in entries], leased_by=worker).update(
        attempts=Least(F("attempts") + 1, MAX_ATTEMPTS - 2),
        last_error=text.replace("\x00", "?"),
        available_at=timezone.now() + pause,
        leased_until=None,
        leased_by="",
    )


def _retry_later(entry: OutboxEntry, error: Exception, worker: str) -> None:
    attempts, now = entry.attempts + 1, timezone.now()
    is_last = attempts >= MAX_ATTEMPTS
    text = f"{type(error).__name__}: {error}"[:2000]
    log = logger.error if attempts >= SERIOUS_ATTEMPTS else logger.warning
    log("outbox %s %s failed, attempt %d of %d: %s", entry.topic, entry.pk, attempts, MAX_ATTEMPTS, text)
    # Only while it is ours: a row whose lease ran out belongs to whoever took it.
    OutboxEntry.objects.filter(pk=entry.pk, leased_by=worker).update(
        attempts=attempts,
        last_error=text.replace("\x00", "?"),
        available_at=now + timedelta(seconds=min(2**attempts, LONGEST_PAUSE)),
        parked_at=now if is_last else None,
        leased_until=None,
        leased_by="",
    )
