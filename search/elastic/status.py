"""How the search index stands to the tables."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Count, Min, Q
from django.utils import timezone

from search.models import PageRow
from search.operations import BUILD_TOPIC, INDEX_TOPIC, PAGES_TOPIC
from search.stories.operations import drifted_pages
from search.vectors import model
from shop.outbox.models import OutboxEntry

from . import client, keeping, kinds, nearest
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
    # The model that is switched on, why it does not work here, and how many documents were written without it.
    vectors: str = ""
    vectors_error: str = ""
    documents_without_vector: int = 0

    @property
    def drift(self) -> int:
        """How many products differ."""
        return self.documents_missing + self.documents_extra + self.documents_stale

    @property
    def answers_searches(self) -> bool:
        """Whether searches go there just now."""
        return bool(self.index) and not self.index_error and self.breaker == "closed"

    @property
    def is_well(self) -> bool:
        """Whether nothing needs a hand: the worker gets to what waits, and what differs then is no fault."""
        if not self.index_configured:
            return True
        if self.index_error or self.index_parked or self.vectors_error:
            return False
        is_whole = self.index and not self.drift and not self.documents_without_vector
        return bool(self.index_waiting or self.build_waiting or is_whole)


@dataclass(frozen=True, slots=True)
class PagesStatus:
    """How stories and pages stand to what search holds of them: the table, and the index where the shop has one.

    `pages_missing` and `pages_extra` are of the table, `page_documents…` of the index.
    """

    pages: int
    pages_missing: int
    pages_extra: int
    pages_waiting: int
    pages_parked: int
    pages_index: str = ""
    pages_index_is_current: bool = False
    page_documents: int = 0
    page_documents_missing: int = 0
    page_documents_extra: int = 0
    page_documents_stale: int = 0

    @property
    def is_well(self) -> bool:
        """Whether nothing needs a hand. What waits for the worker, or for Elasticsearch, is no fault."""
        if self.pages_parked:
            return False
        drift = self.pages_missing + self.pages_extra
        if self.pages_index:
            drift += self.page_documents_missing + self.page_documents_extra + self.page_documents_stale
        return bool(self.pages_waiting or not drift)


def pages_status() -> PagesStatus:
    """Compare pages, their table and their index."""
    missing, extra = drifted_pages()
    work = OutboxEntry.objects.filter(topic__in=[PAGES_TOPIC, INDEX_TOPIC, BUILD_TOPIC])
    said: dict[str, Any] = {
        "pages": PageRow.objects.count(),
        "pages_missing": len(missing),
        "pages_extra": len(extra),
        "pages_waiting": work.filter(parked_at=None).count(),
        "pages_parked": work.filter(topic=PAGES_TOPIC).exclude(parked_at=None).count(),
    }
    family = kinds.PAGES.family()
    try:
        live = family.standing().live if client.is_configured() else ""
        if not live:
            return PagesStatus(**said)
        found = Counter(kind for kind, _pk in keeping.differences(kinds.PAGES))
        documents = family.count()
    except Unavailable:
        # The products' status says so.
        return PagesStatus(**said)
    return PagesStatus(
        **said,
        pages_index=live,
        pages_index_is_current=family.is_current(live),
        page_documents=documents,
        page_documents_missing=found["missing"],
        page_documents_extra=found["extra"],
        page_documents_stale=found["stale"],
    )


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
        "vectors": settings.SEARCH_VECTORS,
        "vectors_error": _vectors_error(),
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
        documents, without_vector = family.count(), nearest.lacking()
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
        documents_without_vector=without_vector,
    )


def _vectors_error() -> str:
    """Why the model does not work in this process, which loads it to see; empty where it does, or is off."""
    if not model.is_on():
        return ""
    try:
        model.load()
    except model.ModelError as error:
        return str(error)
    return ""
