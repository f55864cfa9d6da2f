"""Write work down and do it.

`enqueue` belongs inside the transaction of the change. Handlers run outside any transaction, may run more than once
and so must be harmless to repeat, and get all payloads of a claimed batch of their topic at once.
"""

from __future__ import annotations

import logging
import os
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from .models import OutboxEntry

logger = logging.getLogger(__name__)

Handler = Callable[[Sequence[dict[str, Any]]], None]
LEASE = timedelta(minutes=2)
MAX_ATTEMPTS = 8
BATCH = 500

# Work that takes seconds a row, such as drawing picture sizes: a few rows at a time, and only when nothing else waits,
# so that a changed price never stands behind a heap of pictures.
SLOW_BATCH = 4

_handlers: dict[str, Handler] = {}
_slow: set[str] = set()


def handles(topic: str, *, slow: bool = False) -> Callable[[Handler], Handler]:
    """Register the decorated function for `topic`; `slow` work waits for all other. It gets a list of payloads and raises to have them tried again."""

    def register(handler: Handler) -> Handler:
        _handlers[topic] = handler
        if slow:
            _slow.add(topic)
        return handler

    return register


def enqueue(topic: str, payload: dict[str, Any], *, key: str = "", available_at: datetime | None = None) -> OutboxEntry:
    """Write one piece of work. Call it inside the transaction of the change that causes it."""
    return OutboxEntry.objects.create(
        topic=topic, key=key, payload=payload, available_at=available_at or timezone.now()
    )


def enqueue_many(topic: str, payloads: Iterable[dict[str, Any]]) -> None:
    """Write many pieces of work with as few statements as the database allows."""
    OutboxEntry.objects.bulk_create([OutboxEntry(topic=topic, payload=payload) for payload in payloads], batch_size=500)


def drain(*, limit: int = BATCH, worker: str = "") -> int:
    """Claim up to `limit` waiting rows, do them topic by topic and delete what is done. Returns how many were claimed.

    A row is tried MAX_ATTEMPTS times with a growing pause and then parked with its error. A worker that dies keeps its
    rows for LEASE; then another takes them.
    """
    worker = worker or f"{os.getpid()}-{uuid.uuid4().hex[:8]}"
    by_topic: dict[str, list[OutboxEntry]] = defaultdict(list)
    for entry in _claim(limit, worker) or _claim(min(limit, SLOW_BATCH), worker, slow=True):
        by_topic[entry.topic].append(entry)
    for topic, entries in by_topic.items():
        _run(topic, entries)
    return sum(len(entries) for entries in by_topic.values())


def drain_all(*, worker: str = "") -> int:
    """Drain until nothing waits. Returns how many rows were claimed. For commands and tests."""
    total = 0
    while claimed := drain(worker=worker):
        total += claimed
    return total


def _claim(limit: int, worker: str, *, slow: bool = False) -> list[OutboxEntry]:
    now = timezone.now()
    waiting = OutboxEntry.objects.filter(
        Q(leased_until=None) | Q(leased_until__lt=now), parked_at=None, available_at__lte=now
    ).order_by("available_at", "id")
    waiting = waiting.filter(topic__in=_slow) if slow else waiting.exclude(topic__in=_slow)
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


def _run(topic: str, entries: list[OutboxEntry]) -> None:
    try:
        _handlers[topic]([entry.payload for entry in entries])
    except Exception as error:
        if len(entries) > 1:
            # One bad row must not hold up the others of its batch.
            for entry in entries:
                _run(topic, [entry])
            return
        _retry_later(entries[0], error)
    else:
        OutboxEntry.objects.filter(pk__in=[entry.pk for entry in entries]).delete()


def _retry_later(entry: OutboxEntry, error: Exception) -> None:
    entry.attempts += 1
    entry.last_error = f"{type(error).__name__}: {error}"[:2000]
    entry.leased_until = None
    entry.available_at = timezone.now() + timedelta(seconds=2**entry.attempts)
    if entry.attempts >= MAX_ATTEMPTS:
        entry.parked_at = timezone.now()
    log = logger.error if entry.parked_at else logger.warning
    log("outbox %s %s failed, attempt %d: %s", entry.topic, entry.pk, entry.attempts, entry.last_error)
    entry.save(update_fields=["attempts", "last_error", "leased_until", "available_at", "parked_at"])
