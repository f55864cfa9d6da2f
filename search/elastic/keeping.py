"""Keep the products' index in step with the tables: one change at a time, all at once, and by comparing the two.

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

from django.utils import timezone

from search import bulk
from search.models import ListingRow, ListingState
from search.operations import BUILD_TOPIC, INDEX_TOPIC, touch
from search.rows import Reader
from shop.outbox.models import OutboxEntry
from shop.outbox.operations import Away, bring_forward, enqueue, handles
from shop.outbox.periodic import every

from . import client
from .breaker import Breaker
from .client import Unavailable
from .documents import document
from .index import Change, Family, Overtaken, Rejected
from .mapping import definition

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
    return Family(client.PRODUCTS, definition())


@dataclass(frozen=True, slots=True)
class Built:
    """What a build came to."""

    name: str
    documents: int
    seconds: float
    rejected: int = 0


@handles(INDEX_TOPIC)
def products_changed(payloads: Sequence[dict[str, Any]]) -> None:
    """Bring Elasticsearch up to date about a batch of changes, each product once: {"products": [ids]}."""
    if not client.is_configured():
        return
    with _reachable():
        write({pk for payload in payloads for pk in payload["products"]})


@handles(BUILD_TOPIC, slow=True)
def build_asked_for(payloads: Sequence[dict[str, Any]]) -> None:
    """Build the index anew."""
    if not client.is_configured():
        return
    with _reachable():
        try:
            build()
        except Overtaken as error:
            logger.info("The index is built elsewhere: %s", error)


@handles(MEND_TOPIC, slow=True)
def mending_asked_for(payloads: Sequence[dict[str, Any]]) -> None:
    """Mend what has drifted apart, whatever the reason."""
    if not client.is_configured():
        return
    with _reachable():
        mended = mend()
    if mended:
        logger.warning("%d products in the search index differed from the tables and were mended", mended)


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


def write(product_ids: Iterable[int]) -> None:
    """Write these products as they are now; ids that no row has are deleted. Raises Unavailable, Rejected."""
    ids = sorted(product_ids)
    family = products()
    for start in range(0, len(ids), BATCH):
        part = ids[start : start + BATCH]
        # First: a product that has no row now had none at this number, or one of a smaller version.
        counter = ListingState.objects.filter(pk=1).values_list("counter", flat=True).first() or 0
        versions = dict(ListingRow.objects.filter(pk__in=part).values_list("pk", "version"))
        gone = [Change(pk, counter) for pk in part if pk not in versions]
        if not family.write([*_changes(versions), *gone]):
            # There is no index at all: the one that is built now reads every row.
            ask_for_build()


def _changes(versions: dict[int, int]) -> list[Change]:
    """Documents for these rows, read after their versions were. What is no longer public has none."""
    rows = Reader(with_text=False).read(list(versions))
    return [Change(row.product_id, versions[row.product_id], document(row)) for row in rows]


def build(report: Callable[[int], None] = lambda done: None) -> Built:
    """Build an index from all rows beside the live one and put it in its place. Tells `report` how many are done.

    Raises Unavailable, Overtaken, Rejected; the live index is as it was then. A build that is killed is cleaned up by the
    next one.
    """
    started = time.monotonic()
    asked_before = timezone.now()
    family = products()
    name = family.begin()
    done = last = 0
    rejected: dict[int, str] = {}
    try:
        # Elasticsearch takes in one batch while the next is read.
        with bulk.garbage_seldom_collected(), ThreadPoolExecutor(1, "search-build") as sender:
            under_way: Future[dict[int, str]] | None = None
            while True:
                rows = ListingRow.objects.filter(pk__gt=last).order_by("pk")
                versions = dict(rows.values_list("pk", "version")[:BATCH])
                changes = _changes(versions)
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
    except Exception as error:
        if not isinstance(error, Overtaken):
            _abandon(family, name)
        raise
    for pk, why in rejected.items():
        logger.error("Elasticsearch does not take product %d: %s", pk, why)
    # What asked for this build, or for one that this one makes needless.
    OutboxEntry.objects.filter(topic=BUILD_TOPIC, created_at__lt=asked_before, leased_until=None).delete()
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


def differences() -> Iterator[tuple[Difference, int]]:
    """Which products are missing in the live index, are too many there, or are there in another version than their row.

    Both sides are read in the order of their ids, a page at a time.
    """
    end = (math.inf, 0)
    there: Iterator[tuple[float, int]] = products().scan()
    here = ListingRow.objects.order_by("pk").values_list("pk", "version").iterator(chunk_size=5000)
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


def mend() -> int:
    """Write again what differs. Returns how many products that were. Raises Unavailable, Rejected."""
    if not products().standing().live:
        ask_for_build()
    if is_build_asked_for():
        # It reads every row.
        return 0
    found = [pk for _kind, pk in differences()]
    for start in range(0, len(found), BATCH):
        part = found[start : start + BATCH]
        # A new version, as the index may hold a greater one than the row's: a database that was restored.
        touch(part)
        write(part)
    return len(found)


def ask_for_build() -> None:
    """Have the worker build the index, unless it is about to."""
    if not is_build_asked_for():
        enqueue(BUILD_TOPIC, {})


def is_build_asked_for() -> bool:
    """Whether the worker is about to build the index, or does so now."""
    return OutboxEntry.objects.filter(topic=BUILD_TOPIC, parked_at=None).exists()


@every(10, "search.index")
def watch() -> None:
    """See whether Elasticsearch answers and has our index. What waits for it is brought forward; a missing one is built."""
    if not client.is_configured():
        return
    family = products()
    try:
        standing = family.standing()
    except Unavailable as error:
        WRITING.failed(time.time(), str(error))
        return
    WRITING.reset()
    bring_forward([INDEX_TOPIC, BUILD_TOPIC, MEND_TOPIC])
    if not family.is_current(standing.live):
        ask_for_build()


@every(6 * 3600, "search.mend")
def mend_by_the_clock() -> None:
    """Compare index and tables now and then: also when the worker starts, as the shop may have run without Elasticsearch."""
    waiting = OutboxEntry.objects.filter(topic=MEND_TOPIC, parked_at=None)
    if client.is_configured() and not waiting.exists():
        enqueue(MEND_TOPIC, {})
