"""Write the table of pages: after a change (outbox), all of it, and by the clock.

The room that has the pages registers where they come from, and writes down what changed in the transaction that changes it:

    register(Source(ids=…, read=…))
    pages_changed([page.pk])

As with products, a write holds the lock of the tables and reads under it, so that the later of two writers writes the newer
state; its number is the rows' version, and the same transaction tells Elasticsearch.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction

from search.elastic import client
from search.operations import INDEX_TOPIC, PAGES_TOPIC, next_version
from search.words import words
from shop.outbox.operations import enqueue, enqueue_many, handles
from shop.outbox.periodic import every

from .models import PageRow
from .types import PageText, Source

# What a payload for the search index calls pages.
PAGES = "pages"
BATCH = 100
FIELDS = tuple(field.attname for field in PageRow._meta.concrete_fields if field.attname != "version")
_sources: list[Source] = []


def register(source: Source) -> None:
    """Have `source` say which pages there are. There is one; a second replaces it."""
    _sources[:] = [source]


def pages_changed(page_ids: Iterable[int]) -> None:
    """Write down that these pages changed, appeared or went. Call it in the transaction that does so."""
    ids = sorted(set(page_ids))
    enqueue_many(PAGES_TOPIC, [{"pages": ids[start : start + BATCH]} for start in range(0, len(ids), BATCH)])


@handles(PAGES_TOPIC)
def work_off(payloads: Sequence[dict[str, Any]]) -> None:
    """Bring the table up to date about a batch of changes, each page once: {"pages": [ids]} or {"products": [ids]}."""
    ids = {pk for payload in payloads for pk in payload.get("pages", ())}
    products = sorted({pk for payload in payloads for pk in payload.get("products", ())})
    for source in _sources if products else ():
        ids.update(source.naming(products))
    refresh(ids)


def refresh(page_ids: Iterable[int]) -> int:
    """Bring the rows of these pages up to date, those that nobody may read any more included. Returns how many changed."""
    ids = sorted(page_ids)
    changed = 0
    for start in range(0, len(ids), BATCH):
        part = ids[start : start + BATCH]
        with transaction.atomic():
            version = next_version()
            rows = {page.id: _row(page, version) for source in _sources for page in source.read(part)}
            held = {values[0]: values for values in PageRow.objects.filter(pk__in=part).values_list(*FIELDS)}
            written = [row for row in rows.values() if held.get(row.pk) != _values(row)]
            PageRow.objects.filter(pk__in=held.keys() - rows.keys()).delete()
            PageRow.objects.bulk_create(
                written, update_conflicts=True, unique_fields=["page_id"], update_fields=[*FIELDS[1:], "version"]
            )
            # What is gone without having had a row may still stand in the index.
            told = {row.pk for row in written} | (set(part) - rows.keys())
            if told and client.is_configured():
                enqueue(INDEX_TOPIC, {PAGES: sorted(told)})
        changed += len(written) + len(held.keys() - rows.keys())
    return changed


@every(6 * 3600, "search.pages")
def refresh_all() -> int:
    """Look at every page again: what else changes a page's words, such as a list by rule. Returns how many changed.

    When the worker starts, too, which fills the table of a shop that has none yet.
    """
    there = {pk for source in _sources for pk in source.ids()}
    return refresh(there | set(PageRow.objects.values_list("pk", flat=True)))


def touch(page_ids: Sequence[int]) -> None:
    """Give these rows a new version: whatever Elasticsearch holds of them is older."""
    with transaction.atomic():
        PageRow.objects.filter(pk__in=page_ids).update(version=next_version())


def drifted_pages() -> tuple[list[int], list[int]]:
    """Pages that the table lacks, and rows of pages that nobody may read any more."""
    held = set(PageRow.objects.values_list("pk", flat=True))
    there = {pk for source in _sources for pk in source.ids()}
    return sorted(there - held), sorted(held - there)


def _row(page: PageText, version: int) -> PageRow:
    head = words(" ".join((page.title, page.kicker, page.standfirst, *page.topics)))
    said = [*head, *words(" ".join((page.words, *page.products)))]
    return PageRow(
        page_id=page.id,
        language=page.language,
        kind=page.kind,
        title=page.title[:255],
        kicker=page.kicker[:100],
        standfirst=page.standfirst,
        words=page.words,
        topics=list(page.topics),
        products=list(page.products),
        date=page.date,
        head="".join(f" {word}" for word in head),
        said="".join(f" {word}" for word in dict.fromkeys(said)),
        version=version,
    )


def _values(row: PageRow) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in FIELDS)
