"""The engine to be better than: one `multi_match` over standard analysis, in an index that lives for one measurement."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.utils.html import strip_tags

from search.elastic import client
from shop.catalogue.models import Product

BATCH = 1000
FIELDS = ("title", "part_number", "description", "brand")
TEXT = {"type": "text", "analyzer": "standard"}
DEFINITION = {
    "settings": {"number_of_shards": 1, "number_of_replicas": 0},
    "mappings": {"dynamic": "strict", "properties": {"id": {"type": "long"}, **dict.fromkeys(FIELDS, TEXT)}},
}


@contextmanager
def index() -> Iterator[str]:
    """The name of an index of every public product, which is deleted at the end. Raises client.Unavailable."""
    name = f"{settings.SEARCH_INDEX_PREFIX}-plain-{uuid.uuid4().hex[:12]}"
    _send("PUT", f"/{name}", DEFINITION)
    try:
        _fill(name)
        yield name
    finally:
        _send("DELETE", f"/{name}")


def ask(name: str, text: str, *, size: int) -> tuple[int, ...]:
    """Product ids, best first, equals by their id."""
    body = {
        "query": {"multi_match": {"query": text, "fields": list(FIELDS)}},
        "size": size,
        "_source": False,
        "sort": [{"_score": "desc"}, {"id": "asc"}],
    }
    answer = _send("POST", f"/{name}/_search", body)
    return tuple(int(hit["_id"]) for hit in answer["hits"]["hits"])


def _fill(name: str) -> None:
    products = Product.objects.filter(is_public=True).exclude(structure=Product.CHILD).order_by("pk")
    rows = products.values_list("pk", "title", "part_number", "description", "brand__name")
    lines: list[dict[str, Any]] = []
    for pk, title, number, description, brand in rows.iterator(chunk_size=BATCH):
        words = {"title": title, "part_number": number, "description": strip_tags(description), "brand": brand or ""}
        lines += [{"index": {"_id": str(pk)}}, {"id": pk, **words}]
        if len(lines) >= 2 * BATCH:
            _bulk(name, lines)
            lines = []
    if lines:
        _bulk(name, lines)
    _send("POST", f"/{name}/_refresh")


def _bulk(name: str, lines: list[dict[str, Any]]) -> None:
    answer = client.perform(client.writing(), "POST", f"/{name}/_bulk", client.LINES, lines)
    if answer["errors"]:
        first = next(item["index"] for item in answer["items"] if "error" in item["index"])
        raise client.Refused(f"it does not take product {first['_id']}: {first['error']}")


def _send(method: str, path: str, body: Any = None) -> Any:
    return client.perform(client.writing(), method, path, client.JSON, body)
