"""What begins like the words that are still being typed, for the suggestions."""

from __future__ import annotations

from functools import partial
from typing import Any

from search.words import fold

from . import answers, client, pages, spelling
from .conditions import Clause
from .question import FIELDS, part_number, spelt

# Where the word that is being typed may begin; descriptions begin with too much.
TYPED_IN = ("title", "brand", "names", "shelves")


def beginning(text: str, *, language: str, limit: int, forgive: bool = True) -> list[tuple[int, str]]:
    """Id and folded title of products with all words of `text`, the last of them as far as it goes; in stock first.

    Where nothing begins so, near words are tried with `forgive`, unless a page in `language` has them as they are. Raises client.Unavailable.
    """
    return answers.remembered(
        ("beginning", text, language, limit, forgive),
        lambda: _beginning(text, language=language, limit=limit, forgive=forgive),
    )


def _beginning(text: str, *, language: str, limit: int, forgive: bool) -> list[tuple[int, str]]:
    found = _ask(text, limit)
    if not found and forgive:
        repair = spelling.repair(text, right=partial(pages.known, language=language))
        if repair.text and repair.corrected:
            found = _ask(repair.text, limit)
    return found


def _ask(text: str, limit: int) -> list[tuple[int, str]]:
    *done, last = fold(text).split() or [""]
    must: list[Clause] = [
        {"multi_match": {"query": last, "type": "bool_prefix", "fields": list(TYPED_IN), "operator": "and"}}
    ]
    if done:
        before = {"query": " ".join(done), "type": "cross_fields", "fields": list(FIELDS), "operator": "and"}
        must.append({"multi_match": before})
    ways: list[Clause] = [{"bool": {"must": must}}]
    if part_number(text):
        ways.append({"prefix": {"numbers": {"value": spelt(text)}}})
    body: dict[str, Any] = {
        "query": {"dis_max": {"queries": ways}},
        "size": limit,
        "stored_fields": "_none_",
        "docvalue_fields": ["id", "title_sort"],
        "sort": [{"in_stock": "desc"}, "_score", {"id": "asc"}],
        "track_total_hits": False,
    }
    fields = [hit["fields"] for hit in client.ask(body)["hits"]["hits"]]
    return [(held["id"][0], held["title_sort"][0]) for held in fields]
