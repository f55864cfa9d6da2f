"""Write the database engine's tables: after a change (outbox), from scratch (search_reindex) and by the clock.

Every write holds the lock of the one ListingState row and reads the catalogue under it, so that of two writers the
later one always writes the newer state.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from shop.catalogue.models import Category, Product
from shop.catalogue.selectors.offers import offers_in_force
from shop.outbox.operations import handles
from shop.outbox.periodic import every

from . import bulk, fulltext, shelves
from .models import ListingCategory, ListingFacet, ListingPrice, ListingRow, ListingState, new_version
from .rows import ROW_FIELDS, Listed, Reader, columns, digest, in_offer, listed_ids, units_sold

# One transaction's worth: a web server on SQLite waits no longer than this takes.
BATCH = 500
TOPIC = "catalogue.changed"
OFFERS_KEY = "search:offers-in-force"


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
            _lock()
            rows = Reader().read(part)
            listed += len(rows)
            if not _update_in_place(part, rows):
                touched.update(ListingCategory.objects.filter(row_id__in=part).values_list("category_id", flat=True))
                touched.update(category_id for row in rows for category_id in row.category_ids)
                _replace(part, rows)
                _bump(structure=True)
    if touched:
        shelves.refresh(touched)
    return listed


def rebuild() -> Iterator[int]:
    """Make every row again while visitors go on reading the old ones. Yields how many products are done so far.

    Nothing happens unless the caller goes through what is yielded. A batch is one transaction; memory holds one batch.
    """
    with transaction.atomic():
        _lock()
        fulltext.remove_strays()
        _bump(structure=True)
    done = last = 0
    while True:
        with transaction.atomic():
            _lock()
            ids = list(Product.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH])
            if not ids:
                break
            _replace(ids, Reader().read(ids))
            _bump(structure=True)
        done += len(ids)
        last = ids[-1]
        yield done
    shelves.refresh()
    bump()


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
        _lock()
        _bump(structure=True)


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
                _lock()
                ListingRow.objects.bulk_update(rows, [name])
                _bump(structure=False)
        changed += len(rows)
    return changed


def _lock() -> None:
    ListingState.objects.get_or_create(pk=1)
    ListingState.objects.select_for_update().get(pk=1)


def _bump(*, structure: bool) -> None:
    changes = {"version": new_version(), "changed_at": timezone.now()}
    if structure:
        changes["structure"] = new_version()
    ListingState.objects.filter(pk=1).update(**changes)


def _update_in_place(ids: Sequence[int], rows: Sequence[Listed]) -> bool:
    """Write prices and stock alone, where words, categories and facet values of all these products are as they were."""
    held = dict(ListingRow.objects.filter(pk__in=ids).values_list("pk", "digest"))
    if held != {row.product_id: digest(row) for row in rows}:
        return False
    before = {values[0]: values for values in ListingRow.objects.filter(pk__in=ids).values_list(*ROW_FIELDS)}
    changed = [
        ListingRow(**dict(zip(ROW_FIELDS, columns(row), strict=True)))
        for row in rows
        if before[row.product_id] != columns(row)
    ]
    if changed:
        ListingRow.objects.bulk_update(changed, [name for name in ROW_FIELDS if name != "product_id"])
    if _write_prices(ids, rows) or changed:
        _bump(structure=False)
    return True


def _write_prices(ids: Sequence[int], rows: Sequence[Listed]) -> bool:
    """Write the prices between the ends where they are other ones. Returns whether they were."""
    held = set(ListingPrice.objects.filter(row_id__in=ids).values_list("row_id", "price"))
    wanted = {(row.product_id, price) for row in rows for price in row.prices_between}
    if held == wanted:
        return False
    bulk.delete(ListingPrice, "row_id", ids)
    bulk.insert(ListingPrice, ("row_id", "price"), sorted(wanted))
    return True


def _replace(ids: Sequence[int], rows: Sequence[Listed]) -> int:
    """Put `rows` in the place of whatever stands under `ids`."""
    fulltext.remove(ids)
    bulk.delete(ListingFacet, "row_id", ids)
    bulk.delete(ListingCategory, "row_id", ids)
    bulk.delete(ListingPrice, "row_id", ids)
    bulk.delete(ListingRow, "product_id", ids)
    bulk.insert(ListingRow, ROW_FIELDS, [columns(row) for row in rows])
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
    return len(rows)
