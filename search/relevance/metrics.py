"""What a ranking is worth by people's ratings. Pure functions: no database, no engine.

A rating is a number from 0 (wrong) to 3 (exactly right). `ids` is always the ranked list, best first, each product once.

Sources: K. Järvelin and J. Kekäläinen, "Cumulated gain-based evaluation of IR techniques", ACM TOIS 20(4), 2002 (NDCG);
C. Burges et al., "Learning to rank using gradient descent", ICML 2005 (the gain 2^rating - 1);
T. Sakai, "Alternatives to Bpref", SIGIR 2007 (condensed lists); B. Efron, "Bootstrap methods: another look at the
jackknife", Annals of Statistics 7(1), 1979 (the interval).
"""

from __future__ import annotations

import math
import random
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

Id = TypeVar("Id", bound=Hashable)

LOWEST, HIGHEST = 0, 3
# So many results count: what a shopper sees before a second page or a long scroll.
TOP = 10
SAMPLES = 5000
SEED = 20


def gain(rating: int) -> int:
    """What a product of this rating is worth: 0, 1, 3 and 7 for 0 to 3, so that one perfect hit beats two fair ones."""
    return int(2**rating) - 1


def dcg(ratings: Iterable[int]) -> float:
    """Discounted cumulated gain of ratings in the order shown: place n counts 1 / log2(n + 1)."""
    return math.fsum(gain(rating) / math.log2(place + 1) for place, rating in enumerate(ratings, start=1))


def ndcg(ids: Sequence[Id], ratings: Mapping[Id, int], *, k: int = TOP) -> float | None:
    """NDCG at `k`, from 0 to 1: what the first `k` are worth beside the best order of all rated products.

    A product that nobody rated counts 0. None where no rating is above 0: such a query says nothing about order.
    """
    best = dcg(sorted(ratings.values(), reverse=True)[:k])
    if not best:
        return None
    return dcg(ratings.get(pk, 0) for pk in ids[:k]) / best


def condensed_ndcg(ids: Sequence[Id], ratings: Mapping[Id, int], *, k: int = TOP) -> float | None:
    """The same over the rated products alone, in the order in which `ids` has them.

    It does not punish what nobody rated, so `ids` should reach well below place `k`. None as in `ndcg`.
    """
    return ndcg([pk for pk in ids if pk in ratings], ratings, k=k)


def unrated_share(ids: Sequence[Id], ratings: Mapping[Id, int], *, k: int = TOP) -> float:
    """Of the first `k` results the share that nobody rated, from 0 to 1; 0 where nothing was found."""
    shown = ids[:k]
    return sum(pk not in ratings for pk in shown) / len(shown) if shown else 0.0


def mean(values: Sequence[float]) -> float:
    """The arithmetic mean. Raises ValueError for no values: a score of nothing is no score."""
    if not values:
        raise ValueError("There is no mean of no values: at least one query needs a rating above 0.")
    return math.fsum(values) / len(values)


def bootstrap_interval(
    values: Sequence[float], *, samples: int = SAMPLES, share: float = 0.95, seed: int = SEED
) -> tuple[float, float]:
    """Between which means `share` of the samples fall that are drawn from `values` with putting back.

    One value is one query, so the interval says how far the mean hangs on the choice of queries. The same values and
    seed give the same interval. Raises ValueError for no values.
    """
    middle = mean(values)
    chance = random.Random(seed)
    count = len(values)
    means = sorted(math.fsum(chance.choices(values, k=count)) / count for _ in range(samples))
    left_out = (1 - share) / 2
    low, high = means[math.floor(left_out * (samples - 1))], means[math.ceil((1 - left_out) * (samples - 1))]
    # With very few samples the mean itself may lie outside.
    return min(low, middle), max(high, middle)
