"""The query string of a list: read with tolerance, written in one order. What cannot be used is dropped and said."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlencode

from django.core.cache import cache
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .models import ListingFacet
from .rows import facet_value
from .types import SORTS, ListingQuery, Sort

LONGEST_TEXT = 200
MOST_VALUES = 40
SIZES = (24, 60, 96)
LAST_PAGE = 1_000_000
HIGHEST_PRICE = Decimal("9999999999.99")
CENT = Decimal("0.01")
SWITCHES = ("in_stock", "on_sale", "new")
OWN_NAMES = frozenset({"q", "min", "max", "sort", "page", "size", "all", "exact", "category", "brand", *SWITCHES})
# An attribute may be called as one of our own parameters: a shirt has a size.
SUFFIX = "-is"
KNOWN_SECONDS = 300
_CODE = re.compile(r"[\w-]{1,128}")


@dataclass(frozen=True, slots=True)
class Params:
    """What a visitor asked of a list. `messages` says what was left out of it and why."""

    text: str = ""
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    price_min: Decimal | None = None
    price_max: Decimal | None = None
    in_stock: bool = False
    on_sale: bool = False
    new: bool = False
    sort: Sort = "relevance"
    page: int = 1
    size: int = SIZES[0]
    all_values: tuple[str, ...] = ()
    exact: bool = False
    messages: tuple[str, ...] = ()

    @property
    def is_filtered(self) -> bool:
        """Whether anything narrows the list besides the text."""
        bounded = self.price_min is not None or self.price_max is not None
        return bool(self.facets) or bounded or self.in_stock or self.on_sale or self.new

    def query(self, **more: Any) -> ListingQuery:
        """The question to the search function; `more` are fields of ListingQuery."""
        asked = ListingQuery(
            text=self.text,
            facets=self.facets,
            price_min=self.price_min,
            price_max=self.price_max,
            in_stock=self.in_stock,
            on_sale=self.on_sale,
            new=self.new,
            sort=self.sort,
            page=self.page,
            page_size=self.size,
            all_values=self.all_values,
            exact=self.exact,
        )
        return replace(asked, **more)

    def pairs(self, *, without: Iterable[str] = ()) -> list[tuple[str, str]]:
        """Names and values as they stand in an address, always in the same order; without the page."""
        found: list[tuple[str, str]] = [("q", self.text)] if self.text else []
        if self.text and self.exact:
            found.append(("exact", "1"))
        for code in sorted(self.facets):
            found += [(parameter(code), value) for value in self.facets[code]]
        for name, amount in (("min", self.price_min), ("max", self.price_max)):
            if amount is not None:
                found.append((name, plain(amount)))
        found += [(name, "1") for name in SWITCHES if getattr(self, name)]
        if self.sort != "relevance":
            found.append(("sort", self.sort))
        if self.size != SIZES[0]:
            found.append(("size", str(self.size)))
        found += [("all", parameter(code)) for code in self.all_values]
        left_out = set(without)
        return [pair for pair in found if pair[0] not in left_out]

    def encoded(self) -> str:
        """The query string without the page."""
        return urlencode(self.pairs())

    def without_value(self, code: str, value: str) -> Params:
        """The same without one value of a facet."""
        facets = {
            key: tuple(held for held in values if (key, held) != (code, value)) for key, values in self.facets.items()
        }
        return replace(self, facets={key: values for key, values in facets.items() if values}, page=1)

    def cleared(self) -> Params:
        """Only the text and how the list is shown."""
        return Params(text=self.text, exact=self.exact, sort=self.sort, size=self.size)


def parameter(code: str) -> str:
    """What a facet is called in an address."""
    return f"{code}{SUFFIX}" if code in OWN_NAMES - {"category", "brand"} or code.endswith(SUFFIX) else code


def plain(amount: Decimal) -> str:
    """An amount for an address or a number field: 20, 19.5."""
    return format(amount.normalize(), "f")


def parse(data: QueryDict) -> Params:
    """Read a query string. Nothing in it is an error: what cannot be used is left out, with a message where it matters."""
    messages: list[str] = []
    price_min = _price(data.get("min", ""), ROUND_CEILING, messages)
    price_max = _price(data.get("max", ""), ROUND_FLOOR, messages)
    if price_min is not None and price_max is not None and price_min > price_max:
        messages.append(_("The lower price was above the upper one, so we took them the other way round."))
        price_min, price_max = price_max, price_min
    sort = data.get("sort", "")
    size = data.get("size", "")
    facets = _facets(data, messages)
    return Params(
        text=_text(data.get("q", ""), messages),
        facets=facets,
        price_min=price_min,
        price_max=price_max,
        in_stock=_is_on(data, "in_stock"),
        on_sale=_is_on(data, "on_sale"),
        new=_is_on(data, "new"),
        sort=next((known for known in SORTS if known == sort), "relevance"),
        page=_page(data.get("page", "")),
        size=next((known for known in SIZES if str(known) == size), SIZES[0]),
        all_values=tuple(dict.fromkeys(_code(name) for name in data.getlist("all")[:10] if _CODE.fullmatch(name))),
        exact=_is_on(data, "exact"),
        messages=tuple(messages),
    )


def _text(text: str, messages: list[str]) -> str:
    text = " ".join(text.replace("\x00", " ").split())
    if len(text) > LONGEST_TEXT:
        messages.append(
            _("Your search has %(length)d characters; we looked for the first %(limit)d.")
            % {"length": len(text), "limit": LONGEST_TEXT}
        )
        text = text[:LONGEST_TEXT].rstrip()
    return text


def _price(text: str, rounding: str, messages: list[str]) -> Decimal | None:
    text = text.strip()
    if not text:
        return None
    try:
        amount = Decimal(text[:40].replace(",", "."))
    except InvalidOperation:
        amount = Decimal("NaN")
    if amount.is_finite() and 0 <= amount <= HIGHEST_PRICE:
        return amount.quantize(CENT, rounding)
    messages.append(
        _("“%(value)s” is no price we can filter by, so we left it out. Write a number from 0 up, such as 25.")
        % {"value": text[:40]}
    )
    return None


def _page(text: str) -> int:
    text = text.strip()
    if not (text.isascii() and text.isdigit()):
        return 1
    return min(max(int(text[:12]), 1), LAST_PAGE)


def _is_on(data: QueryDict, name: str) -> bool:
    return data.get(name, "").lower() in {"1", "on", "true", "yes"}


def _code(name: str) -> str:
    return name.removesuffix(SUFFIX)


def _facets(data: QueryDict, messages: list[str]) -> dict[str, tuple[str, ...]]:
    asked: dict[str, list[str]] = {}
    for name in data:
        if name in OWN_NAMES and name not in {"category", "brand"}:
            continue
        code = _code(name)
        values = [facet_value(value.replace("\x00", "")) for value in data.getlist(name)]
        values = list(dict.fromkeys(value for value in values if value))
        if values and _CODE.fullmatch(code):
            asked[code] = values
    known = _known({code for code in asked if code not in {"category", "brand"}})
    facets = {code: values for code, values in asked.items() if code in known or code in {"category", "brand"}}
    dropped = sum(max(0, len(values) - MOST_VALUES) for values in facets.values())
    if dropped:
        messages.append(
            ngettext(
                "A filter takes %(limit)d values at once; we left %(number)d out.",
                "A filter takes %(limit)d values at once; we left %(number)d out.",
                dropped,
            )
            % {"limit": MOST_VALUES, "number": dropped}
        )
    return {code: tuple(values[:MOST_VALUES]) for code, values in facets.items()}


def _known(codes: set[str]) -> set[str]:
    """Which of these are attributes of listed products; the others are somebody's tracking and filter nothing."""
    if not codes:
        return set()
    keys = {f"search:code:{code}": code for code in sorted(codes)[:60]}
    held: dict[str, bool] = cache.get_many(keys)
    missing = [code for key, code in keys.items() if key not in held]
    if missing:
        found = set(ListingFacet.objects.filter(code__in=missing).values_list("code", flat=True).distinct())
        fresh = {f"search:code:{code}": code in found for code in missing}
        cache.set_many(fresh, KNOWN_SECONDS)
        held |= fresh
    return {code for key, code in keys.items() if held[key]}
