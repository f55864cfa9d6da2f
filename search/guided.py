"""What merchandisers' guidance means for the database engine: conditions, weights and further phrasings."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from functools import reduce
from operator import add, mul
from typing import Any

from django.db.models import Case, FloatField, Q, Value, When

from .models import ListingCategory, ListingFacet
from .pins import settle
from .types import NO_GUIDANCE, Guidance, ListingQuery
from .words import MAX_WORDS, words

# A question is asked in so many ways at most.
MOST_PHRASINGS = 12


def in_force(guidance: Guidance, query: ListingQuery) -> Guidance:
    """What of it holds for this question: pins and boosts have no say in an order that the shopper chose."""
    if not guidance:
        return NO_GUIDANCE
    if query.sort != "relevance":
        return replace(guidance, pins=(), boosts=())
    pins = settle(pin for pin in guidance.pins if pin[1] not in guidance.hidden)
    return replace(guidance, pins=pins)


def fits(kind: str, value: str) -> Q:
    """Rows that are this product, of this brand, in this category or below it, or have this attribute's value."""
    if kind == "product":
        return Q(pk=_number(value))
    if kind == "category":
        return Q(pk__in=ListingCategory.objects.filter(category_id=_number(value)).values("row_id"))
    code, held = ("brand", value) if kind == "brand" else value.partition("=")[::2]
    return Q(pk__in=ListingFacet.objects.filter(code=code, value=held).values("row_id"))


def _number(value: str) -> int:
    return int(value) if value.isdecimal() and len(value) < 18 else 0


def shown(guidance: Guidance) -> Q:
    """The condition that a product is not hidden."""
    held = Q()
    if guidance.hidden:
        held &= ~Q(pk__in=sorted(guidance.hidden))
    for group in guidance.hidden_groups:
        held &= ~fits(group.kind, group.value)
    return held


def weight(guidance: Guidance) -> Any:
    """What all boosts make of a row together, 1 for most. None where there are none."""
    return _together(guidance, float, 1.0, mul)


def steps(guidance: Guidance) -> Any:
    """How many tiers of relevance the boosts are worth: twice the weight is one tier. None where there are none."""
    return _together(guidance, math.log2, 0.0, add)


def _together(
    guidance: Guidance, worth: Callable[[float], float], neutral: float, join: Callable[[Any, Any], Any]
) -> Any:
    cases: list[Any] = [
        Case(
            When(fits(boost.kind, boost.value), then=Value(worth(boost.factor))),
            default=Value(neutral),
            output_field=FloatField(),
        )
        for boost in guidance.boosts
    ]
    return reduce(join, cases) if cases else None


def phrasings(text: str, guidance: Guidance) -> tuple[tuple[str, ...], ...]:
    """Other ways to say `text`, as words.py spells them: each group's phrase in the place of the one that stands there."""
    asked = tuple(words(text))[:MAX_WORDS]
    found = {asked: None}
    for said, *others in guidance.also:
        looked_for = tuple(words(said))
        spelt = [other for other in (tuple(words(other)) for other in others) if other]
        for phrase in list(found):
            place = _place(looked_for, phrase)
            if place is None:
                continue
            for other in spelt:
                found[(*phrase[:place], *other, *phrase[place + len(looked_for) :])[:MAX_WORDS]] = None
    del found[asked]
    return tuple(found)[:MOST_PHRASINGS]


def synonymous(text: str, guidance: Guidance) -> frozenset[str]:
    """Words of `text` that have synonyms: products may not have them, and still they are neither mistyped nor missed."""
    asked = words(text)
    phrases = (words(said) for said, *_others in guidance.also)
    return frozenset(word for phrase in phrases if phrase != asked for word in phrase)


def _place(looked_for: tuple[str, ...], phrase: tuple[str, ...]) -> int | None:
    """Where one stands in the other."""
    length = len(looked_for)
    if not length:
        return None
    return next(
        (place for place in range(len(phrase) - length + 1) if phrase[place : place + length] == looked_for), None
    )
