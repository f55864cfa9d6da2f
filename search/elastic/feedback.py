"""Type feedback: what most of the best results are is what is looked for, and products of that kind move up.

A product's kinds are the words of its title (without brand and numbers), its categories and its product type. The first
results vote for kinds, each title once, weighted by their scores; a kind that the whole catalogue has counts little, and
so does a vote in which few agree. Needs no judgements and fits any shop. What it is worth stands in docs/search.md.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

# So many of the first results vote, and so many are put in a new order.
VOTERS = 50
WINDOW = 100
# What belonging to the right kind is worth beside the best score, which counts 1, where all who vote are of that kind;
# where they agree less, it is as much less.
WEIGHT = 0.3
# Where two products suit the words alike: what can be bought, what sells, what is new. Gentle, never above the words.
IN_STOCK, SELLS, NEW = 0.03, 0.03, 0.01
# The words as a phrase in the title decide between equals: worth more, it was measured to harm. Several words that stand
# together, in the title or in the description, are meant together: "usb battery" is no UPS with a battery and a USB port.
PHRASE, TOGETHER = 0.01, 0.1
# What the title calls so is of the right kind by so much at least, whatever most of the others are: of the first fifty for
# "camera" more are lenses and filters than cameras.
CALLED = 0.5
# What the title calls so; and what it calls otherwise, of which the words asked for only tell what it goes with.
THING = 0.1
VERY = 0.02
ASIDE = 0.05
# Having all the words is worth as much more than having some of them, where few have them all: they may stand far apart.
WHOLE = 1.5
# Added to shares, so that rare kinds do not count for more than they say.
SMOOTH = 0.01
# What others chose after the same words (search/insight) says more than any of these, once there is enough of it.
CHOSEN = 0.3
# What share a kind has at least, that is none of the commonest.
RARE = 1e-4


@dataclass(frozen=True, slots=True)
class Hit:
    """One product found. `sold` is in units, `age` in days since its release, `chosen` 0 to 1; `tier` 0 comes before 1.

    Products of one title, where it is known, are one thing in several editions.
    """

    id: int
    score: float
    kinds: Sequence[str] = ()
    tier: int = 1
    phrase: bool = False
    together: bool = False
    thing: bool = False
    very: bool = False
    beside: bool = False
    in_stock: bool = True
    sold: int = 0
    chosen: float = 0.0
    age: int = 10_000
    title: str = ""


def rerank(
    hits: Sequence[Hit],
    background: Mapping[str, float],
    asked: frozenset[str] = frozenset(),
    *,
    weight: float = WEIGHT,
    thing: float = THING,
    aside: float = ASIDE,
) -> list[Hit]:
    """The hits by score and kind. `background` is the share of all products that has a kind, `asked` the words typed.

    `weight` is what being of the right kind is worth, `thing` what being called so is, and `aside` what
    only going with it takes off.
    """
    if not hits:
        return []
    best = max(hit.score for hit in hits) or 1.0
    kinds = _fitting(hits, _voters(_in_order(hits)), background, asked)
    most_sold = math.log1p(max(hit.sold for hit in hits)) or 1.0

    def worth(hit: Hit) -> float:
        return (
            hit.score / best
            + weight * kinds.get(hit.id, 0.0)
            + thing * hit.thing
            + VERY * hit.very
            - aside * hit.beside
            + PHRASE * hit.phrase
            + TOGETHER * hit.together
            + IN_STOCK * hit.in_stock
            + CHOSEN * hit.chosen
            + SELLS * math.log1p(hit.sold) / most_sold
            + NEW * math.exp(-max(hit.age, 0) / 365)
        )

    return sorted(hits, key=lambda hit: (hit.tier, -round(worth(hit), 9), hit.id))


def _in_order(hits: Sequence[Hit]) -> list[Hit]:
    return sorted(hits, key=lambda hit: (hit.tier, -hit.score, hit.id))


def _voters(hits: Sequence[Hit]) -> list[Hit]:
    """The first hits, of each title one: what is listed twenty times would outvote everything else."""
    titles: dict[str | int, Hit] = {}
    for hit in hits:
        if len(titles) == VOTERS:
            break
        titles.setdefault(hit.title or hit.id, hit)
    return list(titles.values())


def whole(hits: Sequence[Hit]) -> list[Hit]:
    """These hits, which have all the words, as they compare with hits that have some."""
    return [replace(hit, score=hit.score * WHOLE) for hit in hits]


def _fitting(
    hits: Sequence[Hit], voters: Sequence[Hit], background: Mapping[str, float], asked: frozenset[str]
) -> dict[int, float]:
    """How well each hit's kinds fit those of the voters: from 0 to the share of them that agrees on a kind.

    What is called what was asked for fits by half at least.
    """
    total = sum(hit.score for hit in voters) or 1.0
    shares: dict[str, float] = defaultdict(float)
    for hit in voters:
        for kind in hit.kinds:
            shares[kind] += hit.score / total
    weights = {
        kind: share * max(0.0, math.log((share + SMOOTH) / (background.get(kind, RARE) + SMOOTH)))
        for kind, share in shares.items()
        # Every result has the words that were typed: they tell nothing apart.
        if kind not in asked
    }
    fit = {hit.id: sum(weights.get(kind, 0.0) for kind in hit.kinds) / math.sqrt(len(hit.kinds) or 1) for hit in hits}
    highest = max(fit.values())
    agreed = max((shares[kind] for kind, weight in weights.items() if weight), default=0.0)
    if not highest:
        return {}
    return {hit.id: agreed * max(fit[hit.id] / highest, CALLED * hit.thing) for hit in hits}
