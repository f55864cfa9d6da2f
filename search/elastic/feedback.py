"""Type feedback: what most of the best results are is what is looked for, and products of that kind move up.

A product's kinds are the words of its title (without brand and numbers), its categories and its product type. The first
results vote for kinds, weighted by their scores; a kind that the whole catalogue has counts little. Needs no judgements
and fits any shop. What it is worth stands in docs/search.md.
"""

from __future__ import annotations

import math
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock

from . import client

# So many of the first results vote, and so many are put in a new order.
VOTERS = 50
WINDOW = 100
# What belonging to the right kind is worth beside the best score, which counts 1.
WEIGHT = 0.2
# Where two products suit the words alike: what can be bought, what sells, what is new. Gentle, never above the words.
IN_STOCK, SELLS, NEW = 0.03, 0.03, 0.01
# The words as a phrase in the title decide between equals: worth more, it was measured to harm.
PHRASE = 0.01
# Added to shares, so that rare kinds do not count for more than they say.
SMOOTH = 0.01
# What others chose after the same words (search/insight) says more than any of these, once there is enough of it.
CHOSEN = 0.3
# How often a kind is in the catalogue hardly changes.
KEPT_SECONDS = 600
MOST_KINDS = 10_000


@dataclass(frozen=True, slots=True)
class Hit:
    """One product found. `sold` is in units, `age` in days since its release, `chosen` 0 to 1; `tier` 0 comes before 1."""

    id: int
    score: float
    kinds: Sequence[str] = ()
    tier: int = 1
    phrase: bool = False
    in_stock: bool = True
    sold: int = 0
    chosen: float = 0.0
    age: int = 10_000


def rerank(
    hits: Sequence[Hit],
    background: Mapping[str, float],
    asked: frozenset[str] = frozenset(),
    *,
    better: Sequence[Hit] = (),
) -> list[Hit]:
    """The hits by score and kind. `background` is the share of all products that has a kind, `asked` the words typed.

    `better` are hits that stand before all of these and vote first.
    """
    if not hits:
        return []
    best = max(hit.score for hit in hits) or 1.0
    kinds = _fitting(hits, [*better, *_in_order(hits)][:VOTERS], background, asked)
    most_sold = math.log1p(max(hit.sold for hit in hits)) or 1.0

    def worth(hit: Hit) -> float:
        return (
            hit.score / best
            + WEIGHT * kinds.get(hit.id, 0.0)
            + PHRASE * hit.phrase
            + IN_STOCK * hit.in_stock
            + CHOSEN * hit.chosen
            + SELLS * math.log1p(hit.sold) / most_sold
            + NEW * math.exp(-max(hit.age, 0) / 365)
        )

    return sorted(hits, key=lambda hit: (hit.tier, -round(worth(hit), 9), hit.id))


def _in_order(hits: Sequence[Hit]) -> list[Hit]:
    return sorted(hits, key=lambda hit: (hit.tier, -hit.score, hit.id))


def _fitting(
    hits: Sequence[Hit], voters: Sequence[Hit], background: Mapping[str, float], asked: frozenset[str]
) -> dict[int, float]:
    """How well each hit's kinds fit those of the voters: from 0 to 1."""
    total = sum(hit.score for hit in voters) or 1.0
    shares: dict[str, float] = defaultdict(float)
    for hit in voters:
        for kind in hit.kinds:
            shares[kind] += hit.score / total
    rare = 1 / MOST_KINDS
    weights = {
        kind: share * max(0.0, math.log((share + SMOOTH) / (background.get(kind, rare) + SMOOTH)))
        for kind, share in shares.items()
        # Every result has the words that were typed: they tell nothing apart.
        if kind not in asked
    }
    fit = {hit.id: sum(weights.get(kind, 0.0) for kind in hit.kinds) / math.sqrt(len(hit.kinds) or 1) for hit in hits}
    highest = max(fit.values())
    return {pk: value / highest for pk, value in fit.items()} if highest else {}


@dataclass(slots=True)
class _Background:
    shares: dict[str, float] = field(default_factory=dict)
    read_at: float = -KEPT_SECONDS
    index: str = ""


_held, _lock = _Background(), Lock()


def background() -> Mapping[str, float]:
    """The share of all products that has a kind, for the commonest kinds; kept for ten minutes a process."""
    name = client.alias()
    with _lock:
        if _held.index != name or time.monotonic() - _held.read_at > KEPT_SECONDS:
            answer = client.ask(
                {
                    "size": 0,
                    "track_total_hits": True,
                    "aggs": {"kinds": {"terms": {"field": "kinds", "size": MOST_KINDS}}},
                }
            )
            number = max(1, answer["hits"]["total"]["value"])
            buckets = answer["aggregations"]["kinds"]["buckets"]
            _held.shares = {bucket["key"]: bucket["doc_count"] / number for bucket in buckets}
            _held.read_at, _held.index = time.monotonic(), name
        return _held.shares
