"""Runs inside our shop: fills an index with a multiplied catalogue, and measures it beside the catalogue's own.

    python -m bench.scaled_side < task.json

Standard input holds {"wanted": 500000, "prefix": "bench-grown", "queries": […], "rounds": 5}. What it prints last is a
JSON object: documents, seconds of indexing, and by part of a page and by query the milliseconds of one request on either
index.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
READ, WRITTEN = 100, 1000
# Segments of a new index are merged for a while.
SETTLING_SECONDS = 600.0
PARTS = ("list", "totals", "facets")


@contextmanager
def prefixed(prefix: str) -> Iterator[None]:
    """Everything inside is about the indices of this name."""
    from django.conf import settings

    before = settings.SEARCH_INDEX_PREFIX
    settings.SEARCH_INDEX_PREFIX = prefix
    try:
        yield
    finally:
        settings.SEARCH_INDEX_PREFIX = before


def documents() -> Iterator[tuple[dict[str, Any], Sequence[str]]]:
    """The documents of all products with their part numbers, a batch in memory at a time."""
    from search.elastic.documents import document
    from search.models import ListingRow
    from search.rows import Reader

    reader, last = Reader(with_text=False), 0
    while ids := list(ListingRow.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:READ]):
        last = ids[-1]
        for row in reader.read(ids):
            yield document(row), row.said.numbers


def grow(wanted: int, *, say: Callable[[str], None]) -> tuple[int, float]:
    """Build the index, in the way that every index of the shop is built. Returns documents and seconds."""
    from search.elastic.index import Change
    from search.elastic.keeping import products
    from search.models import ListingRow

    from .growth import multiplied, rare_words

    started = time.monotonic()
    rows = ListingRow.objects.count()
    rare = rare_words(ListingRow.objects.values_list("title", flat=True).iterator())
    family = products()
    name = family.begin()
    done = 0
    try:
        made = multiplied(documents(), rare, rows=rows, wanted=wanted)
        while batch := list(islice(made, WRITTEN)):
            family.write([Change(held["id"], 1, held) for held in batch], only_next=True)
            done += len(batch)
            if done % 50_000 == 0:
                say(f"{done:,} documents, {done / (time.monotonic() - started):,.0f} a second")
        family.finish(name)
    except BaseException:
        family.abandon(name)
        raise
    return done, time.monotonic() - started


def settle() -> None:
    """Wait until the index is merged, as far as it goes by itself."""
    from search.elastic import client

    until = time.monotonic() + SETTLING_SECONDS
    while time.monotonic() < until:
        said = client.perform(client.writing(), "GET", f"/{client.alias()}/_stats/merge", client.JSON)
        if not said["_all"]["total"]["merges"]["current"]:
            return
        time.sleep(1)


def bodies(text: str) -> dict[str, dict[str, Any]]:
    """What the engine asks to answer a search that nobody has asked before: the list, its totals, its facets."""
    from unittest.mock import patch

    from django.core.cache import cache

    from search.elastic import client, engine
    from search.types import ListingQuery
    from shop.markets import home_market

    sent: list[dict[str, Any]] = []
    perform = client.perform

    def noting(connection: Any, method: str, path: str, headers: Any, body: Any = None) -> Any:
        sent.extend(body if isinstance(body, list) else [body])
        return perform(connection, method, path, headers, body)

    cache.clear()
    with patch.object(client, "perform", noting):
        engine.find(ListingQuery(text=text), market=home_market())
    found: dict[str, dict[str, Any]] = {}
    for body in sent:
        names = body.get("aggs", {})
        part = "totals" if "total" in names else "facets" if any(name.startswith("facets.") for name in names) else ""
        if part or "docvalue_fields" in body:
            found.setdefault(part or "list", body)
    return found


def seconds(body: dict[str, Any]) -> float:
    """How long one request takes, with nothing that Elasticsearch remembers of it."""
    from search.elastic import client

    started = time.perf_counter()
    path = f"/{client.alias()}/_search?request_cache=false"
    client.perform(client.searching(), "POST", path, client.JSON, body)
    return time.perf_counter() - started


def measure(queries: Sequence[str], prefixes: tuple[str, str], *, rounds: int) -> dict[str, dict[str, list[float]]]:
    """Part to query to milliseconds on the small and on the large index: medians of alternating requests."""
    asked: dict[str, dict[str, dict[str, Any]]] = {}
    for prefix in prefixes:
        with prefixed(prefix):
            asked[prefix] = {query: bodies(query) for query in queries}
    took: dict[str, dict[str, list[list[float]]]] = {
        part: {query: [[], []] for query in queries if all(part in asked[prefix][query] for prefix in prefixes)}
        for part in PARTS
    }
    # The first rounds warm both up and are not counted.
    for turn in range(-rounds, rounds):
        for part, held in took.items():
            for query, (small, large) in held.items():
                sides = [(prefixes[0], small), (prefixes[1], large)]
                for prefix, found in sides if turn % 2 else reversed(sides):
                    with prefixed(prefix):
                        spent = seconds(asked[prefix][query][part])
                    if turn >= 0:
                        found.append(spent * 1e3)
    return {
        part: {query: [statistics.median(small), statistics.median(large)] for query, (small, large) in held.items()}
        for part, held in took.items()
    }


def main() -> None:
    """Run in the settings that the environment names."""
    sys.path[:0] = [str(ROOT), str(ROOT / "site")]
    import django

    django.setup()
    from django.conf import settings

    from search.elastic import client

    # A catalogue of this size may be slower than a visitor would wait for.
    client.SEARCH_SECONDS = 60.0
    task = json.load(sys.stdin)
    small = settings.SEARCH_INDEX_PREFIX

    def say(text: str) -> None:
        print(text, file=sys.stderr, flush=True)

    with prefixed(task["prefix"]):
        count, spent = grow(task["wanted"], say=say)
        settle()
    parts = measure(task["queries"], (small, task["prefix"]), rounds=task["rounds"])
    print(json.dumps({"documents": count, "seconds": spent, "parts": parts}))


if __name__ == "__main__":
    main()
