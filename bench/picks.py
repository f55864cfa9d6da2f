"""What both shops are asked for: the same brands, products and queries, chosen from the catalogue by rule."""

from __future__ import annotations

import csv
import gzip
import itertools
import json
import random
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

CATALOGUE = "electronics/products.jsonl.gz"
JUDGMENTS = "electronics/judgments.csv"
BRANDS, PRODUCTS, QUERIES = 5, 20, 8
# Searches that are each made once.
NEW_QUERIES = 8000
# A story of ours: three grids of 24.
GRIDS, IN_A_GRID = 3, 24
# A query is asked only where an engine of any kind finds something.
FEWEST_IN_TITLES, FEWEST_IN_TEXTS = 3, 10


@dataclass(frozen=True, slots=True)
class Picks:
    """What is asked for in a shop that holds the catalogue's first `size` products."""

    size: int
    brands: tuple[str, ...]
    products: tuple[str, ...]
    in_story: tuple[str, ...]
    queries: tuple[str, ...]
    new_queries: tuple[str, ...] = ()

    def as_json(self) -> str:
        """For the script that runs inside a shop."""
        return json.dumps(asdict(self))


def read_rows(data: Path, size: int | None) -> list[dict[str, Any]]:
    """The catalogue's first `size` lines (None: all of them), in the file's order."""
    with gzip.open(data / CATALOGUE, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in itertools.islice(lines, size)]


def read_queries(data: Path) -> list[str]:
    """Every query of the judgements once."""
    with (data / JUDGMENTS).open(encoding="utf-8") as file:
        return sorted({row["query"] for row in csv.DictReader(file)})


def pick(rows: list[dict[str, Any]], queries: Iterable[str]) -> Picks:
    """Choose from a catalogue's rows.

    Brands: those with most products. Products: evenly spread over the file. Queries: those whose words all occur in
    at least three titles and ten texts, the ones with most of them first. New queries: see there.
    """
    brands = [brand for brand, _ in Counter(row["brand"] for row in rows).most_common(BRANDS)]
    return Picks(
        size=len(rows),
        brands=tuple(brands),
        products=tuple(row["id"] for row in spread(rows, PRODUCTS)),
        in_story=tuple(row["id"] for row in spread(rows, GRIDS * IN_A_GRID)),
        queries=tuple(answerable(rows, queries)[:QUERIES]),
        new_queries=tuple(new_queries(rows)),
    )


def spread(rows: list[dict[str, Any]], count: int) -> list[dict[str, Any]]:
    """`count` of the rows, evenly spread over them; all of them where there are fewer."""
    step = max(1, len(rows) // count)
    return rows[step // 2 :: step][:count]


def answerable(rows: list[dict[str, Any]], queries: Iterable[str]) -> list[str]:
    """The queries that the catalogue can answer, those with most products first."""
    titles = [words_of(row["title"]) for row in rows]
    texts = [title | words_of(row["description"] or "") for title, row in zip(titles, rows, strict=True)]
    hits: dict[str, int] = {}
    for query in queries:
        words = words_of(query)
        if sum(words <= title for title in titles) >= FEWEST_IN_TITLES:
            hits[query] = sum(words <= text for text in texts)
    found = [query for query, count in hits.items() if count >= FEWEST_IN_TEXTS]
    return sorted(found, key=lambda query: (-hits[query], query))


def new_queries(rows: list[dict[str, Any]], count: int = NEW_QUERIES) -> list[str]:
    """Two words that several titles have, one of them perhaps the brand: what somebody may search for, each once.

    A small catalogue has too few of these, so that pairs of fewer titles follow. The order is mixed up, so that the first
    ones are no harder than the last, and the same each time.
    """
    held: Counter[tuple[str, str]] = Counter()
    for row in rows:
        plain = sorted(word for word in words_of(row["title"]) if word.isalpha() and len(word) > 2)
        held.update(itertools.combinations(plain, 2))
    ordered = sorted(held)
    random.Random(1).shuffle(ordered)
    ordered.sort(key=lambda pair: held[pair] < FEWEST_IN_TITLES)
    return [" ".join(pair) for pair in ordered[:count]]


def words_of(text: str) -> set[str]:
    """The words of a text, in lower case."""
    return set(re.findall(r"\w+", text.lower()))
