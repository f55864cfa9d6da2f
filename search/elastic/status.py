"""How the search index stands to the tables."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, Min, Q
from django.utils import timezone

from search.operations import BUILD_TOPIC, INDEX_TOPIC
from shop.outbox.models import OutboxEntry

from . import client, keeping
from .client import Unavailable

EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class IndexStatus:
    """Flat, as search_status --json prints it. Nothing but `index_configured` counts where that is not set.

    Drift is counted by id and version: missing in the index, too many there (extra), there in another version (stale).
    """

    index_configured: bool = False
    index: str = ""
    index_is_current: bool = False
    index_error: str = ""
    breaker: str = "closed"
    documents: int = 0
    index_waiting: int = 0
    index_lag_seconds: int = 0
    index_parked: int = 0
    build_waiting: bool = False
    documents_missing: int = 0
    documents_extra: int = 0
    documents_stale: int = 0
    document_examples: tuple[int, ...] = ()

    @property
    def drift(self) -> int:
        """How many products differ."""
        return self.documents_missing + self.documents_extra + self.documents_stale

    @property
    def is_well(self) -> bool:
        """Whether nothing needs a hand: the worker gets to what waits, and what differs then is no fault."""
        if not self.index_configured:
            return True
        if self.index_error or self.index_parked:
            return False
        return bool(self.index_waiting or self.build_waiting or (self.index and not self.drift))


def index_status() -> IndexStatus:
    """Ask Elasticsearch and compare, a page of ids at a time."""
    if not client.is_configured():
        return IndexStatus()
    work = OutboxEntry.objects.filter(topic=INDEX_TOPIC).aggregate(
        waiting=Count("pk", filter=Q(parked_at=None)),
        oldest=Min("created_at", filter=Q(parked_at=None)),
        parked=Count("pk", filter=~Q(parked_at=None)),
    )
    said = {
        "index_configured": True,
        "breaker": client.SEARCHING.state(),
        "index_waiting": work["waiting"],
        "index_lag_seconds": int((timezone.now() - work["oldest"]).total_seconds()) if work["oldest"] else 0,
        "index_parked": work["parked"],
        "build_waiting": OutboxEntry.objects.filter(topic=BUILD_TOPIC, parked_at=None).exists(),
    }
    family = keeping.products()
    try:
        live = family.standing().live
        if not live:
            return IndexStatus(**said)
        found: Counter[str] = Counter()
        examples: list[int] = []
        for kind, pk in keeping.differences():
            found[kind] += 1
            if len(examples) < EXAMPLES:
                examples.append(pk)
        documents = family.count()
    except Unavailable as error:
        return IndexStatus(**said, index_error=str(error))
    return IndexStatus(
        **said,
        index=live,
        index_is_current=family.is_current(live),
        documents=documents,
        documents_missing=found["missing"],
        documents_extra=found["extra"],
        documents_stale=found["stale"],
        document_examples=tuple(examples),
    )
