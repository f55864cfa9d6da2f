"""Filters as a page shows them: facets, chips of what is chosen, and the bars over the price."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import gettext as _

from shop.markets import Market
from themes.formats import money

from .params import Params, parameter, plain
from .types import NO, YES, Facet, ListingResult

OPEN_FACETS = 4
# A facet with more values than this gets a field to find one by its name.
LONG_FACET = 12
# Facets of yes or no stand together under this name, which no attribute can have.
FEATURES = "features."
BAR_WIDTH, BAR_GAP, HIGHEST_BAR, LOWEST_BAR = 10, 1, 40, 2


@dataclass(frozen=True, slots=True)
class ShownValue:
    """A box to tick: `name` and `value` are what the form sends."""

    name: str
    value: str
    label: str
    count: int
    selected: bool = False


@dataclass(frozen=True, slots=True)
class ShownFacet:
    """A facet as components/facet.html wants it. `find` says that its values are many enough for a field to find one."""

    code: str
    name: str
    values: tuple[ShownValue, ...]
    more: int = 0
    more_url: str = ""
    open: bool = True
    find: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar, in units of the drawing."""

    x: int
    y: int
    height: int
    on: bool


@dataclass(frozen=True, slots=True)
class PriceRange:
    """The bars and the two handles below them, each of which stands on one of `borders`."""

    bars: tuple[Bar, ...]
    borders: str
    start: int
    end: int
    start_text: str
    end_text: str
    currency: str
    bar_width: int = BAR_WIDTH - BAR_GAP
    height: int = HIGHEST_BAR

    @property
    def last(self) -> int:
        """The place of the last border."""
        return len(self.bars)

    @property
    def width(self) -> int:
        """How wide the drawing is."""
        return len(self.bars) * BAR_WIDTH


@dataclass(frozen=True, slots=True)
class Link:
    """A chip, or one choice of how many a page holds."""

    label: str
    url: str
    current: bool = False


def address(path: str, params: Params) -> str:
    """The list's address with these parameters."""
    query = params.encoded()
    return f"{path}?{query}" if query else path


def facets(params: Params, result: ListingResult, path: str) -> tuple[ShownFacet, ...]:
    """The facets that tell products apart. The first ones stand open, and those of which something is chosen."""
    shown: list[ShownFacet] = []
    features = [facet for facet in result.facets if facet.is_feature]
    for facet in result.facets:
        found = _features(features) if features and facet is features[0] else _facet(facet, params, path)
        if facet in features[1:] or found is None:
            continue
        chosen = any(value.selected for value in found.values)
        shown.append(replace(found, open=chosen or len(shown) < OPEN_FACETS or facet.code in params.all_values))
    return tuple(shown)


def _facet(facet: Facet, params: Params, path: str) -> ShownFacet | None:
    if len(facet.values) < 2 and not any(value.selected for value in facet.values):
        return None
    code = parameter(facet.code)
    whole = address(path, replace(params, all_values=(*params.all_values, facet.code)))
    return ShownFacet(
        code=code,
        name=_own_name(facet.code) or facet.name,
        values=tuple(ShownValue(code, held.value, held.label, held.count, held.selected) for held in facet.values),
        more=facet.more,
        more_url=f"{whole}#facet-{code}" if facet.more else "",
        find=len(facet.values) + facet.more > LONG_FACET,
    )


def _features(features: Sequence[Facet]) -> ShownFacet | None:
    """What has a yes, one line for each attribute: ticking it means "has it", and what is ticked is all wanted."""
    values = tuple(
        ShownValue(parameter(facet.code), held.value, facet.name, held.count, held.selected)
        for facet in features
        for held in facet.values
        if held.value in YES
    )
    return ShownFacet(code=FEATURES, name=_("Features"), values=values) if values else None


def _own_name(code: str) -> str:
    return {"category": _("Category"), "brand": _("Brand")}.get(code, "")


def chips(params: Params, result: ListingResult, path: str, market: Market) -> tuple[Link, ...]:
    """What is chosen, each with the address that leaves it out."""
    labels = {
        (facet.code, held.value): _chip_label(facet, held.value, held.label)
        for facet in result.facets
        for held in facet.values
    }
    found = [
        Link(labels.get((code, value), value), address(path, params.without_value(code, value)))
        for code in sorted(params.facets)
        for value in params.facets[code]
    ]
    first = replace(params, page=1)
    if params.price_min is not None:
        label = _("From %(price)s") % {"price": money(params.price_min, market.currency)}
        found.append(Link(label, address(path, replace(first, price_min=None))))
    if params.price_max is not None:
        label = _("Up to %(price)s") % {"price": money(params.price_max, market.currency)}
        found.append(Link(label, address(path, replace(first, price_max=None))))
    if params.in_stock:
        found.append(Link(_("In stock now"), address(path, replace(first, in_stock=False))))
    if params.on_sale:
        found.append(Link(_("Price fell"), address(path, replace(first, on_sale=False))))
    if params.new:
        found.append(Link(_("New"), address(path, replace(first, new=False))))
    return tuple(found)


def _chip_label(facet: Facet, value: str, label: str) -> str:
    """A value by itself says enough ("Rust"), unless it is a number, a yes or a no."""
    if value in YES:
        return facet.name
    if value in NO or not any(char.isalpha() for char in label):
        return _("%(name)s: %(value)s") % {"name": facet.name, "value": label}
    return label


def price_range(params: Params, result: ListingResult, market: Market) -> PriceRange | None:
    """Bars and handles; none where all prices are nearly the same."""
    if len(result.histogram) < 2:
        return None
    borders = [low for low, _high, _count in result.histogram] + [result.histogram[-1][1]]
    last = len(borders) - 1
    lowest, highest = params.price_min, params.price_max
    start = 0 if lowest is None else min(max(bisect_right(borders, lowest) - 1, 0), last - 1)
    end = last if highest is None else min(max(bisect_left(borders, highest), start + 1), last)
    most = max(count for _low, _high, count in result.histogram) or 1
    heights = [
        max(LOWEST_BAR, round(HIGHEST_BAR * count / most)) if count else 0 for _low, _high, count in result.histogram
    ]

    def said(amount: Decimal) -> str:
        return str(money(amount, market.currency))

    return PriceRange(
        bars=tuple(
            Bar(x=place * BAR_WIDTH, y=HIGHEST_BAR - height, height=height, on=start <= place < end)
            for place, height in enumerate(heights)
        ),
        borders=" ".join(plain(border) for border in borders),
        start=start,
        end=end,
        start_text=said(borders[0] if lowest is None else lowest),
        end_text=said(borders[-1] if highest is None else highest),
        currency=market.currency,
    )
