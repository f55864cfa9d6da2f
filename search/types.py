"""What is asked of the one product search function and what it answers, whatever the engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

Sort = Literal["relevance", "newest", "price", "-price", "rating", "title", "best-selling"]
SORTS: tuple[Sort, ...] = ("relevance", "newest", "price", "-price", "rating", "title", "best-selling")
# What an attribute of yes or no says, and spreadsheets that know no such attributes.
YES, NO = frozenset({"true", "yes"}), frozenset({"false", "no"})
# What counts as new: released within so many days.
NEW_DAYS = 60


@dataclass(frozen=True, slots=True)
class ListingQuery:
    """One question. Values of one facet widen it (or), facets among each other narrow it (and).

    `facets` maps "brand" (slugs), "category" (ids as text) or an attribute's code to the chosen values. `page` counts
    from 1. `ids` limits the answer to those products. Prices are in the market's currency, with tax; a product is in
    their range when one of its variants may be. `all_values` names facets that are wanted whole. A caller that needs
    neither counts nor the number of products says so: `with_facets` and `with_total` cost queries. `exact` asks for
    the words as they are typed: none of them is corrected.
    """

    text: str = ""
    category_id: int | None = None
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    price_min: Decimal | None = None
    price_max: Decimal | None = None
    in_stock: bool = False
    on_sale: bool = False
    new: bool = False
    sort: Sort = "relevance"
    page: int = 1
    page_size: int = 24
    ids: tuple[int, ...] | None = None
    with_facets: bool = True
    with_total: bool = True
    all_values: tuple[str, ...] = ()
    exact: bool = False


Kind = Literal["product", "brand", "category", "attribute"]


@dataclass(frozen=True, slots=True)
class Group:
    """Products that something is said about: a product's id, a brand's slug, a category's id or "code=value"."""

    kind: Kind
    value: str


@dataclass(frozen=True, slots=True)
class Boost:
    """What is done to products that fit: a `factor` above 1 moves them up, below 1 down. Several multiply.

    `value` is a product's id, a brand's slug, a category's id (with all below it) or "code=value" of an attribute.
    """

    kind: Kind
    value: str
    factor: float


@dataclass(frozen=True, slots=True)
class Guidance:
    """What merchandisers say about one question; empty for most, and then it costs an engine nothing.

    `pins` are places from 1 with a product's id. A pinned product needs not have the words, but has to pass every
    filter; where it is sold out or not listed, it steps aside. Pins and boosts hold in the order of relevance only,
    never in one that the shopper chose. `hidden` and `hidden_groups` (no products among these) are never shown.
    `also` holds groups of phrasings: the first of each stands in the question, and the others would do in its place:
    ("couch", "sofa", "day bed") for "blue couch". The first ones of different groups may overlap. `words` are those that
    the rules with pins are about, as words.py spells them: no product may have them, and still they are not mistyped.
    """

    pins: tuple[tuple[int, int], ...] = ()
    hidden: frozenset[int] = frozenset()
    hidden_groups: tuple[Group, ...] = ()
    boosts: tuple[Boost, ...] = ()
    also: tuple[tuple[str, ...], ...] = ()
    words: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything is said at all."""
        return bool(self.pins or self.hidden or self.hidden_groups or self.boosts or self.also)


NO_GUIDANCE = Guidance()


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of a facet with how many products it would show."""

    value: str
    label: str
    count: int
    selected: bool = False


@dataclass(frozen=True, slots=True)
class Facet:
    """One facet with its ten commonest values; `more` says how many were left off. Chosen values are never left off."""

    code: str
    name: str
    values: tuple[FacetValue, ...]
    more: int = 0

    @property
    def is_feature(self) -> bool:
        """Whether this is a question of yes or no, and nobody asked for the no: pages join such facets in one list.

        Facets narrow each other, so two features that are ticked are both wanted.
        """
        told = {value.value for value in self.values}
        asked = {value.value for value in self.values if value.selected}
        return not self.more and bool(told) and told <= YES | NO and asked <= YES


@dataclass(frozen=True, slots=True)
class ListingResult:
    """One answer: the page's product ids in order, how many there are in all, and counts.

    `total` is -1 where it was not asked for, and `whole` is the number without any filter, 0 where none is set.
    `price_low` and `price_high` are what the prices would be without the price filter, and so is `histogram`: how many
    products have their lowest price from `low` to below `high`, with borders by histogram.py; empty for fewer than two.

    `corrected` is what was looked for in place of the words that were typed, and `did_you_mean` what would find more.
    `relaxed` says that no product has all the words, so that these have some of them; `left_out` are the visitor's
    words that no product has. `similar` are products with some of the words, to fill a first page that those with all
    of them leave room on; no number counts them. `near`: some have none, and mean nearly the same. Where `mixed` is given, it has `ids` and `similar` in one order, best
    first: a handful of products with all the words somewhere need not be better than what has most of them in its title.
    """

    ids: tuple[int, ...]
    total: int
    whole: int = 0
    facets: tuple[Facet, ...] = ()
    price_low: Decimal | None = None
    price_high: Decimal | None = None
    highlights: Mapping[int, str] = field(default_factory=dict)
    engine: str = "database"
    relaxed: bool = False
    left_out: tuple[str, ...] = ()
    histogram: tuple[tuple[Decimal, Decimal, int], ...] = ()
    corrected: str = ""
    did_you_mean: str = ""
    similar: tuple[int, ...] = ()
    mixed: tuple[int, ...] = ()
    near: bool = False
