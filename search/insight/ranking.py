"""How much a product was chosen after a query, corrected for where it stood. Pure functions.

**Position.** Whether a product is clicked depends on whether it is looked at. We take the examination model of Joachims,
Swaminathan and Schnabel ("Unbiased learning-to-rank with biased feedback", WSDM 2017): place k is looked at with
probability (1/k)^η, here with their η = 1, and each click counts by the inverse of that: a click on place 4 says as
much as four on the first. Clipped at MOST_WEIGHT, as they advise, so that one click far down does not decide.

**Shrinking.** A query's products start with PRIOR_SEARCHES searches at the mean of all products and queries, so that
three clicks of five searches say less than 300 of 500.

**Scale.** 0 to 1, where 1 is a product that whoever looks at it opens. What was put into the basket or bought weighs more than
what was only opened: intent is what a shop ranks for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

MOST_WEIGHT = 10
ADD_WEIGHT = 2
PURCHASE_WEIGHT = 5
# A query says something from so many searches and clicks on.
LEAST_SEARCHES = 20
LEAST_CLICKS = 3
PRIOR_SEARCHES = 20
# The products of a query that are kept: the rest are far from the first page's business.
MOST_PRODUCTS = 50


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was done with one product after one query. `weight` is the sum of click_weight over its clicks."""

    product_id: int
    clicks: int
    weight: int
    adds: int = 0
    purchases: int = 0

    @property
    def gain(self) -> int:
        """All of it in clicks on the first place."""
        return self.weight + ADD_WEIGHT * self.adds + PURCHASE_WEIGHT * self.purchases


def click_weight(place: int) -> int:
    """What a click on this place counts."""
    return min(max(place, 1), MOST_WEIGHT)


def scores(products: Iterable[Chosen], *, searches: int, mean: float) -> dict[int, float]:
    """Product id to 0..1, the highest first; empty where there is too little to say anything.

    `mean` is the gain a search of all products that were ever chosen after a query that says something.
    """
    held = [product for product in products if product.gain]
    if searches < LEAST_SEARCHES or sum(product.clicks for product in held) < LEAST_CLICKS:
        return {}
    found = {
        product.product_id: round(min((product.gain + PRIOR_SEARCHES * mean) / (searches + PRIOR_SEARCHES), 1.0), 4)
        for product in held
    }
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0]))[:MOST_PRODUCTS])


def mean_gain(gains: Mapping[tuple[int, int], int], searches: Mapping[int, int]) -> float:
    """The mean of gain a search over pairs of query and product, each query by its own searches."""
    rates = [gain / searches[query] for (query, _product), gain in gains.items() if searches.get(query)]
    return sum(rates) / len(rates) if rates else 0.0
