"""Keep an index in step with its table: one change at a time, all at once, and by comparing the two.

A document is made from the catalogue as it is *after* its row's version was read. So it may be newer than its version
says, never older; a change that comes later has a greater version and comes once more.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Literal

from django.db.models import QuerySet
from django.utils import timezone

from search import bulk
from search.models import ListingState
from search.operations import BUILD_TOPIC, INDEX_TOPIC
from search.vectors import model
from shop.outbox.models import OutboxEntry
from shop.outbox.operations import Away, bring_forward, enqueue, handles
from shop.outbox.periodic import every

from . import client, nearest, vocabulary
from .breaker import Breaker
from .client import Unavailable
from .index import Change, Family, Overtaken, Rejected
from .kinds import KINDS, PRODUCTS, Kind

logger = logging.getLogger(__name__)

BATCH = 500
MEND_TOPIC = "search.mend"
WRITING = Breaker("elasticsearch-writing")
# A build goes on without documents that Elasticsearch does not take, as long as they are few: they show as missing.
MOST_REJECTED = 100
# Seconds before a batch of a build is sent again.
PAUSES = (1.0, 3.0, 9.0)

Difference = Literal["missing", "extra", "stale"]


def products() -> Family:
    """The indices of products."""
    return PRODUCTS.family()


@dataclass(frozen=True, slots=True)
class Built:
    """What a build came to."""

    name: str
    documents: int
    seconds: float
    rejected: int = 0


@handles(INDEX_TOPIC)
def products_changed(payloads: Sequence[dict[str, Any]]) -> None:
    """Bring Elasticsearch up to date about a batch of changes, each product once: {"products": [ids]} or {"pages": [ids]}."""
    if not client.is_configured():
        return
    with _reachable():
        for kind in KINDS:
            write({pk for payload in payloads for pk in payload.get(kind.name, ())}, kind)


@handles(BUILD_TOPIC, slow=True)
def build_asked_for(payloads: Sequence[dict[str, Any]]) -> None:
    """Build an index anew: {"kind": name}, of products where none is named."""
    if not client.is_configured():
        return
    with _reachable():
        for kind in KINDS:
            if kind.build_payload() not in payloads:
                continue
            try:
                build(kind=kind)
            except Overtaken as error:
                logger.info("The index of %s is built elsewhere: %s", kind.name, error)


@handles(MEND_TOPIC, slow=True)
def mending_asked_for(payloads: Sequence[dict[str, Any]]) -> None:
    """Mend what has drifted apart, whatever the reason."""
    if not client.is_configured():
        return
    with _reachable():
        for kind in KINDS:
            if mended := mend(kind):
                logger.warning("%d %s in the search index differed from the tables and were mended", mended, kind.name)


class _reachable:  # noqa: N801  (a context manager that reads as a word)
    """Turn what Elasticsearch fails with into Away, and do not try again at once."""

    def __enter__(self) -> None:
        self.started = time.time()
        if not WRITING.allows():
            raise Away("Elasticsearch failed a moment ago")

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        if isinstance(error, client.Refused):
            return
        if isinstance(error, Unavailable):
            WRITING.failed(self.started, str(error))
            raise Away(f"Elasticsearch: {error}") from error
        WRITING.succeeded(self.started)


def write(row_ids: Iterable[int], kind: Kind = PRODUCTS) -> None:
    """Write these rows as they are now; ids that no row has are deleted. Raises Unavailable, Rejected."""
    ids = sorted(row_ids)
    family = kind.family()
    for start in range(0, len(ids), BATCH):
        part = ids[start : start + BATCH]
        # First: what has no row now had none at this number, or one of a smaller version.
        counter = ListingState.objects.filter(pk=1).values_list("counter", flat=True).first() or 0
        versions = dict(kind.rows.filter(pk__in=part).values_list("pk", "version"))
        gone = [Change(pk, counter) for pk in part if pk not in versions]
        if not family.write([*kind.changes(versions), *gone]):
            # There is no index at all: the one that is built now reads every row.
            ask_for_build(kind)


def build(report: Callable[[int], None] = lambda done: None, kind: Kind = PRODUCTS) -> Built:
    """Build an index from all rows beside the live one and put it in its place. Tells `report` how many are done.

    Raises Unavailable, Overtaken, Rejected; the live index is as it was then. A build that is killed is cleaned up by the
    next one.
    """
    started = time.monotonic()
    asked_before = timezone.now()
    family = kind.family()
    name = family.begin()
    done = last = 0
    rejected: dict[int, str] = {}
    try:
        # Elasticsearch takes in one batch while the next is read.
        with bulk.garbage_seldom_collected(), ThreadPoolExecutor(1, "search-build") as sender:
            under_way: Future[dict[int, str]] | None = None
            while True:
                rows = kind.rows.filter(pk__gt=last).order_by("pk")
                versions = dict(rows.values_list("pk", "version")[:BATCH])
                changes = kind.changes(versions)
                if under_way:
                    rejected |= under_way.result()
                if len(rejected) > MOST_REJECTED:
                    raise Rejected(rejected)
                report(done)
                if not versions:
                    break
                under_way = sender.submit(_send, family, name, changes)
                done, last = done + len(changes), max(versions)
        family.finish(name)
        vocabulary.forget()
    except Exception as error:
        if not isinstance(error, Overtaken):
            _abandon(family, name)
        raise
    for pk, why in rejected.items():
        logger.error("Elasticsearch does not take no. %d of %s: %s", pk, kind.name, why)
    # What asked for this build, or for one that this one makes needless.
    _builds_asked_for(kind).filter(created_at__lt=asked_before, leased_until=None).delete()
    return Built(name, done - len(rejected), time.monotonic() - started, len(rejected))


def _send(family: Family, name: str, changes: Sequence[Change]) -> dict[int, str]:
    """One batch of a build. A server that is short of breath gets time, so that the batches before are not lost."""
    for pause in (*PAUSES, None):
        try:
            if not family.write(changes, only_next=True):
                raise Overtaken(f"{name} is gone: another process builds the index now")
        except Rejected as error:
            return error.reasons
        except Unavailable as error:
            if pause is None:
                raise
            logger.info("Elasticsearch does not take a batch of the build, which is sent again: %s", error)
            time.sleep(pause)
        else:
            break
    return {}


def _abandon(family: Family, name: str) -> None:
    try:
        family.abandon(name)
    except Unavailable as error:
        logger.warning("The unfinished index %s could not be removed, which the next build does: %s", name, error)


def differences(kind: Kind = PRODUCTS) -> Iterator[tuple[Difference, int]]:
    """Which rows are missing in the live index, are too many there, or are there in another version than their row.

    Both sides are read in the order of their ids, a page at a time.
    """
    end = (math.inf, 0)
    there: Iterator[tuple[float, int]] = kind.family().scan()
    here = kind.rows.order_by("pk").values_list("pk", "version").iterator(chunk_size=5000)
    held, row = next(there, end), next(here, end)
    while held != end or row != end:
        if row[0] < held[0]:
            yield "missing", int(row[0])
            row = next(here, end)
        elif held[0] < row[0]:
            yield "extra", int(held[0])
            held = next(there, end)
        else:
            if held[1] != row[1]:
                yield "stale", int(row[0])
            held, row = next(there, end), next(here, end)


def mend(kind: Kind = PRODUCTS) -> int:
    """Write again what differs. Returns how many rows that were. Raises Unavailable, Rejected."""
    if not kind.family().standing().live or (kind is PRODUCTS and _lack_vectors()):
        ask_for_build(kind)
    if is_build_asked_for(kind):
        # It reads every row.
        return 0
    found = [pk for _kind, pk in differences(kind)]
    for start in range(0, len(found), BATCH):
        part = found[start : start + BATCH]
        # A new version, as the index may hold a greater one than the row's: a database that was restored.
        kind.touch(part)
        write(part, kind)
    return len(found)


def _lack_vectors() -> bool:
    """Whether documents were written while the model did not work, and it does now."""
    if not nearest.lacking():
        return False
    try:
        model.load()
    except model.ModelError:
        return False
    return True


def ask_for_build(kind: Kind = PRODUCTS) -> None:
    """Have the worker build the index, unless it is about to."""
    if not is_build_asked_for(kind):
        enqueue(BUILD_TOPIC, kind.build_payload())


def is_build_asked_for(kind: Kind = PRODUCTS) -> bool:
    """Whether the worker is about to build the index, or does so now."""
    return _builds_asked_for(kind).filter(parked_at=None).exists()


def _builds_asked_for(kind: Kind) -> QuerySet[OutboxEntry]:
    return OutboxEntry.objects.filter(topic=BUILD_TOPIC, payload=kind.build_payload())


@every(10, "search.index")
def watch() -> None:
    """See whether Elasticsearch answers and has our indices. What waits for it is brought forward; a missing one is built."""
    if not client.is_configured():
        return
    families = {kind: kind.family() for kind in KINDS}
    try:
        standings = {kind: family.standing() for kind, family in families.items()}
    except Unavailable as error:
        WRITING.failed(time.time(), str(error))
        return
    WRITING.reset()
    bring_forward([INDEX_TOPIC, BUILD_TOPIC, MEND_TOPIC])
    for kind, standing in standings.items():
        if not families[kind].is_current(standing.live):
            ask_for_build(kind)


@every(6 * 3600, "search.mend")
def mend_by_the_clock() -> None:
    """Compare index and tables now and then: also when the worker starts, as the shop may have run without Elasticsearch."""
    waiting = OutboxEntry.objects.filter(topic=MEND_TOPIC, parked_at=None)
    if client.is_configured() and not waiting.exists():
        enqueue(MEND_TOPIC, {})
