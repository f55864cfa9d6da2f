"""The query string of a list: read with tolerance, written in one order. What cannot be used is dropped and said."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, InvalidOperation
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.core.cache import cache
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shop.partner.pricing import rounded

from .models import ListingFacet
from .rows import facet_value
from .types import SORTS, ListingQuery, Sort

LONGEST_TEXT = 200
MOST_VALUES = 40
SIZES = (24, 60, 96)
LAST_PAGE = 1_000_000
HIGHEST_PRICE = Decimal("9999999999.99")
SWITCHES = ("in_stock", "on_sale", "new")
OWN_NAMES = frozenset({"q", "min", "max", "sort", "page", "size", "all", "exact", "category", "brand", *SWITCHES})
# An attribute may be called as one of our own parameters: a shirt has a size.
SUFFIX = "-is"
KNOWN_SECONDS = 300
_CODE = re.compile(r"[\w-]{1,128}")
# Null bytes, line ends and whatever else nobody types; PostgreSQL refuses the first.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
# So much of a value is said again.
SHOWN = 40
# So many unknown filters are told one by one.
MOST_NAMED = 10

Choice = TypeVar("Choice")


@dataclass(frozen=True, slots=True)
class Problem:
    """What of an address could not be used as it is: the value, what is wrong with it, and what to write instead.

    `told` is what a page says of it; nothing where it is somebody's tracking or a link that has aged. `mended` tells
    that something of it is used all the same.
    """

    parameter: str
    value: str
    what: str
    cure: str
    told: str = ""
    mended: bool = False


@dataclass(frozen=True, slots=True)
class Params:
    """What a visitor asked of a list. `problems` says what was left out of it and why."""

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
    problems: tuple[Problem, ...] = ()

    @property
    def messages(self) -> tuple[str, ...]:
        """What a page says of the problems."""
        return tuple(problem.told for problem in self.problems if problem.told)

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
    """Read a query string. Nothing in it is an error here: what cannot be used is left out, and is one of `problems`."""
    problems: list[Problem] = []
    price_min = _price(data, "min", ROUND_CEILING, problems)
    price_max = _price(data, "max", ROUND_FLOOR, problems)
    if price_min is not None and price_max is not None and price_min > price_max:
        told = _("The lower price was above the upper one, so we took them the other way round.")
        problems.append(Problem("min", plain(price_min), told, _("Let “min” be “max” or less."), told, mended=True))
        price_min, price_max = price_max, price_min
    return Params(
        text=_text(data.get("q", ""), problems),
        facets=_facets(data, problems),
        price_min=price_min,
        price_max=price_max,
        in_stock=_is_on(data, "in_stock"),
        on_sale=_is_on(data, "on_sale"),
        new=_is_on(data, "new"),
        sort=_one_of(data, "sort", SORTS, problems),
        page=_page(data.get("page", ""), problems),
        size=_one_of(data, "size", SIZES, problems),
        all_values=tuple(dict.fromkeys(_code(name) for name in data.getlist("all")[:10] if _CODE.fullmatch(name))),
        exact=_is_on(data, "exact"),
        problems=tuple(problems),
    )


def plain_text(text: str) -> str:
    """What is typed without control characters and with single spaces."""
    return " ".join(_CONTROL.sub(" ", text).split())


def _text(text: str, problems: list[Problem]) -> str:
    text = plain_text(text)
    if len(text) > LONGEST_TEXT:
        told = _("Your search has %(length)d characters; we looked for the first %(limit)d.") % {
            "length": len(text),
            "limit": LONGEST_TEXT,
        }
        cure = _("Write %(limit)d characters or fewer.") % {"limit": LONGEST_TEXT}
        problems.append(Problem("q", text[:SHOWN], told, cure, told, mended=True))
        text = text[:LONGEST_TEXT].rstrip()
    return text


def _price(data: QueryDict, name: str, rounding: str, problems: list[Problem]) -> Decimal | None:
    text = data.get(name, "").strip()
    if not text:
        return None
    try:
        amount = Decimal(text[:40].replace(",", "."))
    except InvalidOperation:
        amount = Decimal("NaN")
    if amount.is_finite() and 0 <= amount <= HIGHEST_PRICE:
        return rounded(amount, rounding)
    value = text[:SHOWN]
    told = _("“%(value)s” is no price we can filter by, so we left it out. Write a number from 0 up, such as 25.")
    what = _("“%(value)s” is no price.") % {"value": value}
    problems.append(Problem(name, value, what, _("Write a number from 0 up, such as 25."), told % {"value": value}))
    return None


def _one_of(data: QueryDict, name: str, known: Sequence[Choice], problems: list[Problem]) -> Choice:
    """The choice that is asked for, the first one where it is none of them."""
    text = data.get(name, "")
    for choice in known:
        if str(choice) == text:
            return choice
    if text:
        what = _("“%(value)s” is no value of “%(name)s”.") % {"value": text[:SHOWN], "name": name}
        cure = _("Take one of these: %(choices)s.") % {"choices": ", ".join(str(choice) for choice in known)}
        problems.append(Problem(name, text[:SHOWN], what, cure))
    return known[0]


def _page(text: str, problems: list[Problem]) -> int:
    text = text.strip()
    if text.isascii() and text.isdigit() and int(text[:12]):
        return min(int(text[:12]), LAST_PAGE)
    if text:
        what = _("“%(value)s” is no number of a page.") % {"value": text[:SHOWN]}
        problems.append(Problem("page", text[:SHOWN], what, _("Write a whole number from 1 up.")))
    return 1


def _is_on(data: QueryDict, name: str) -> bool:
    return data.get(name, "").lower() in {"1", "on", "true", "yes"}


def _code(name: str) -> str:
    return name.removesuffix(SUFFIX)


def _facets(data: QueryDict, problems: list[Problem]) -> dict[str, tuple[str, ...]]:
    asked: dict[str, list[str]] = {}
    for name in data:
        if name in OWN_NAMES and name not in {"category", "brand"}:
            continue
        values = [facet_value(_CONTROL.sub("", value)) for value in data.getlist(name)]
        values = list(dict.fromkeys(value for value in values if value))
        if values:
            asked[_code(name)] = values
    own = {"category", "brand"} & asked.keys()
    known = own | _known({code for code in asked if code not in own and _CODE.fullmatch(code)})
    facets = {code: values for code, values in asked.items() if code in known}
    unknown = [code for code in asked if code not in known]
    for code in unknown[:MOST_NAMED]:
        what = _("There is no filter “%(name)s”.") % {"name": code[:SHOWN]}
        cure = _("The filters of a list stand in its “facets”.")
        problems.append(Problem(code[:SHOWN], asked[code][0][:SHOWN], what, cure))
    if (more := len(unknown) - MOST_NAMED) > 0:
        what = _("There are more names that are no filters: %(number)d.")
        cure = _("The filters of a list stand in its “facets”.")
        problems.append(Problem("", "", what % {"number": more}, cure))
    for code, values in facets.items():
        dropped = len(values) - MOST_VALUES
        if dropped > 0:
            told = ngettext(
                "A filter takes %(limit)d values at once; we left %(number)d out.",
                "A filter takes %(limit)d values at once; we left %(number)d out.",
                dropped,
            ) % {"limit": MOST_VALUES, "number": dropped}
            cure = _("Ask for %(limit)d values or fewer.") % {"limit": MOST_VALUES}
            problems.append(Problem(code, values[MOST_VALUES], told, cure, told, mended=True))
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
