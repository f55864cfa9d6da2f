"""Write the database engine's tables: after a change (outbox), from scratch (search_reindex) and by the clock.

Every write holds the lock of the one ListingState row and reads the catalogue under it, so that of two writers the
later one always writes the newer state. It has a number, the state's counter, which the rows that it writes keep as
their version. Where the shop has Elasticsearch, the same transaction writes down which products it has to hear of.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from shop.catalogue.models import Category, Product
from shop.catalogue.selectors.offers import offers_in_force
from shop.outbox.operations import enqueue, enqueue_many, handles
from shop.outbox.periodic import every
from shop.planner import analyze

from . import bulk, fulltext, shelves, spelling
from .elastic import client
from .models import ListingCategory, ListingFacet, ListingPrice, ListingRow, ListingState, ListingText, new_version
from .rows import ROW_FIELDS, Listed, Reader, columns, digest, in_offer, listed_ids, units_sold

# One transaction's worth: a web server on SQLite waits no longer than this takes.
BATCH = 500
TOPIC = "catalogue.changed"
# What Elasticsearch has to hear of: products one by one, or all of them in a new index.
INDEX_TOPIC = "search.index"
BUILD_TOPIC = "search.build"
# Pages that changed, or whose products are called something else: stories/operations.py takes it.
PAGES_TOPIC = "pages.changed"
OFFERS_KEY = "search:offers-in-force"
TABLES = (ListingRow, ListingCategory, ListingFacet, ListingPrice, ListingText)


def refresh(product_ids: Iterable[int]) -> int:
    """Bring the rows of these products up to date, gone and unpublished ones included. Returns how many are listed.

    A variant's id means its parent.
    """
    ids = sorted(listed_ids(product_ids))
    listed = 0
    touched: set[int] = set()
    for start in range(0, len(ids), BATCH):
        part = ids[start : start + BATCH]
        with transaction.atomic():
            version = _lock()
            rows = Reader().read(part)
            listed += len(rows)
            # A deleted product's row went with it, so that nothing of it is left to be compared.
            gone = set(part) - {row.product_id for row in rows}
            renamed = set(gone)
            changed = _update_in_place(part, rows, version)
            if changed is None:
                renamed |= _renamed(rows)
                changed = set(part)
                touched.update(ListingCategory.objects.filter(row_id__in=part).values_list("category_id", flat=True))
                touched.update(category_id for row in rows for category_id in row.category_ids)
                _replace(part, rows, version)
                _bump(version, structure=True)
            _tell(changed | gone, version)
            if renamed:
                enqueue(PAGES_TOPIC, {"products": sorted(renamed)})
    if touched:
        shelves.refresh(touched)
    if len(ids) >= BATCH:
        analyze(*TABLES)
    return listed


def rebuild(*, index_after: timedelta = timedelta()) -> Iterator[int]:
    """Make every row again while visitors go on reading the old ones. Yields how many products are done so far.

    Nothing happens unless the caller goes through what is yielded. A batch is one transaction; memory holds one batch.
    Elasticsearch gets a new index from the worker, `index_after` the tables are done.
    """
    with transaction.atomic():
        version = _lock()
        fulltext.remove_strays()
        _bump(version, structure=True)
    done = last = 0
    while True:
        with transaction.atomic():
            version = _lock()
            ids = list(Product.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH])
            if not ids:
                break
            _replace(ids, Reader().read(ids), version)
            _bump(version, structure=True)
        done += len(ids)
        last = ids[-1]
        yield done
    # Before anything joins them.
    analyze(*TABLES)
    shelves.refresh()
    spelling.recount()
    with transaction.atomic():
        _bump(_lock(), structure=True)
        if client.is_configured():
            enqueue(BUILD_TOPIC, {}, available_at=timezone.now() + index_after)


@handles(TOPIC)
def catalogue_changed(payloads: Sequence[dict[str, Any]]) -> None:
    """Work off a batch of changes, each product once: {"products": [ids]}, {"category": id} or {"everything": true}."""
    if any(payload.get("everything") for payload in payloads):
        _rebuild_at_once()
        return
    ids = {pk for payload in payloads for pk in payload.get("products", ())}
    category_ids = {payload["category"] for payload in payloads if payload.get("category")}
    categories = Category.objects.in_bulk(category_ids)
    if len(categories) < len(category_ids):
        # One is gone, and with it the knowledge of what stood below it.
        _rebuild_at_once()
        return
    for category in categories.values():
        ids.update(ListingCategory.objects.filter(category_id=category.pk).values_list("row_id", flat=True))
        below = Category.objects.filter(path__startswith=category.path)
        ids.update(Product.objects.filter(categories__in=below).values_list("pk", flat=True))
    if categories:
        bump()
    refresh(ids)


def _rebuild_at_once() -> None:
    for _done in rebuild():
        pass


def bump() -> None:
    """Declare every cached count stale."""
    with transaction.atomic():
        _bump(_lock(), structure=True)


def touch(product_ids: Sequence[int]) -> None:
    """Give these rows a new version as if they had been written: whatever Elasticsearch holds of them is older."""
    with transaction.atomic():
        ListingRow.objects.filter(pk__in=product_ids).update(version=next_version())


def next_version() -> int:
    """The version of what the present transaction writes from here on, and the lock that goes with it."""
    version = _lock()
    ListingState.objects.filter(pk=1).update(counter=version)
    return version


@every(3600, "search.popularity")
def refresh_popularity() -> int:
    """Count the units sold again. Returns how many rows changed."""
    sold = units_sold()
    return _update_column("popularity", lambda ids: {pk: sold.get(pk, 0) for pk in ids})


@every(3600, "search.offers")
def refresh_offers() -> int:
    """Mark what a site offer holds now. Returns how many rows changed."""
    return _refresh_offers()


def _refresh_offers() -> int:
    cache.set(OFFERS_KEY, _offers_in_force(), None)
    return _update_column("in_offer", lambda ids: {pk: pk in found for found in [in_offer(ids)] for pk in ids})


@every(60, "search.offers-by-the-clock")
def offers_by_the_clock() -> int:
    """Offers begin and end without anybody saving anything: look at products only where the offers are other ones."""
    if cache.get(OFFERS_KEY) == _offers_in_force():
        return 0
    return _refresh_offers()


def _offers_in_force() -> list[int]:
    return list(offers_in_force().order_by("pk").values_list("pk", flat=True))


def _update_column(name: str, values_of: Callable[[list[int]], dict[int, Any]]) -> int:
    """Write a column where it is not what `values_of` gives for a batch of ids. Returns how many rows changed."""
    changed = last = 0
    while held := dict(ListingRow.objects.filter(pk__gt=last).order_by("pk").values_list("pk", name)[:BATCH]):
        last = max(held)
        values = values_of(list(held))
        rows = [ListingRow(pk=pk, **{name: values[pk]}) for pk in held if held[pk] != values[pk]]
        if rows:
            with transaction.atomic():
                version = _lock()
                for row in rows:
                    row.version = version
                ListingRow.objects.bulk_update(rows, [name, "version"])
                _bump(version, structure=False)
                _tell({row.pk for row in rows}, version)
        changed += len(rows)
    return changed


def _lock() -> int:
    """Wait until nobody else writes. Returns the version of what is written under the lock.

    It follows the clock, so that a restored backup, whose counter is an old one, gives out no version a second time.
    """
    ListingState.objects.get_or_create(pk=1)
    state = ListingState.objects.select_for_update().get(pk=1)
    return max(state.counter + 1, time.time_ns() // 1_000_000)


def _bump(version: int, *, structure: bool) -> None:
    changes: dict[str, Any] = {"version": new_version(), "changed_at": timezone.now(), "counter": version}
    if structure:
        changes["structure"] = new_version()
    ListingState.objects.filter(pk=1).update(**changes)


def _tell(product_ids: Iterable[int], version: int) -> None:
    """Write down that Elasticsearch has to hear of these products, in the transaction that changed them."""
    ids = sorted(product_ids)
    if not ids or not client.is_configured():
        return
    # Also where no row was written: a deletion needs a version above that of the row that is gone.
    ListingState.objects.filter(pk=1).update(counter=version)
    parts = [ids[start : start + BATCH] for start in range(0, len(ids), BATCH)]
    enqueue_many(INDEX_TOPIC, [{"products": part} for part in parts])


def _renamed(rows: Sequence[Listed]) -> set[int]:
    """Which of these products are not called what they were: pages that name them are found by it."""
    held = dict(ListingRow.objects.filter(pk__in=[row.product_id for row in rows]).values_list("pk", "title"))
    return {row.product_id for row in rows if held.get(row.product_id) != row.title[:255]}


def _update_in_place(ids: Sequence[int], rows: Sequence[Listed], version: int) -> set[int] | None:
    """Write prices and stock alone, where words, categories and facet values of all these products are as they were.

    Returns which products that changed, or None where more has to be written.
    """
    held = dict(ListingRow.objects.filter(pk__in=ids).values_list("pk", "digest"))
    if held != {row.product_id: digest(row) for row in rows}:
        return None
    before = {values[0]: values for values in ListingRow.objects.filter(pk__in=ids).values_list(*ROW_FIELDS)}
    changed = {row.product_id: row for row in rows if before[row.product_id] != columns(row)}
    priced = _write_prices(ids, rows)
    if changed:
        wanted = {pk: columns(row) for pk, row in changed.items()}
        # Mostly it is one or two: what was sold, and whether there is any left.
        other = [
            name
            for place, name in enumerate(ROW_FIELDS)
            if any(values[place] != before[pk][place] for pk, values in wanted.items())
        ]
        ListingRow.objects.bulk_update(
            [ListingRow(**dict(zip(ROW_FIELDS, values, strict=True)), version=version) for values in wanted.values()],
            [*other, "version"],
        )
    ListingRow.objects.filter(pk__in=priced - changed.keys()).update(version=version)
    if priced or changed:
        _bump(version, structure=False)
    return priced | changed.keys()


def _write_prices(ids: Sequence[int], rows: Sequence[Listed]) -> set[int]:
    """Write the prices between the ends where they are other ones. Returns which products' were."""
    held = set(ListingPrice.objects.filter(row_id__in=ids).values_list("row_id", "price"))
    wanted = {(row.product_id, price) for row in rows for price in row.prices_between}
    changed = {row_id for row_id, _price in held ^ wanted}
    if changed:
        bulk.delete(ListingPrice, "row_id", sorted(changed))
        bulk.insert(ListingPrice, ("row_id", "price"), sorted(price for price in wanted if price[0] in changed))
    return changed


def _replace(ids: Sequence[int], rows: Sequence[Listed], version: int) -> int:
    """Put `rows` in the place of whatever stands under `ids`."""
    fulltext.remove(ids)
    bulk.delete(ListingFacet, "row_id", ids)
    bulk.delete(ListingCategory, "row_id", ids)
    bulk.delete(ListingPrice, "row_id", ids)
    bulk.delete(ListingRow, "product_id", ids)
    bulk.insert(ListingRow, (*ROW_FIELDS, "version"), [(*columns(row), version) for row in rows])
    _write_prices(ids, rows)
    bulk.insert(
        ListingCategory,
        ("row_id", "category_id"),
        [(row.product_id, category_id) for row in rows for category_id in row.category_ids],
    )
    bulk.insert(
        ListingFacet,
        ("row_id", "code", "value", "label"),
        [(row.product_id, code, value, label) for row in rows for (code, value), label in row.short_facets.items()],
    )
    fulltext.add([row.text for row in rows if row.text])
    spelling.learn(row.title for row in rows)
    return len(rows)
