"""What shoppers type, by kind, each with the reason why its answer is right, over 19,406 real products of electronics.

A case says what the titles of the first results have to be like. Where sentence vectors are on, each is tried with them
and without. What is not right yet is a strict expected failure, with its reason.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from search.elastic import engine
from search.relevance.engines import patiently
from search.types import ListingQuery
from search.vectors import model
from shop.catalogue.models import Product
from shop.markets import home_market


class Case(NamedTuple):
    """A query; a pattern that the titles of the first `number` results have, and one that none of them has; and why."""

    kind: str
    query: str
    number: int
    is_like: str
    never: str = ""
    reason: str = ""
    # Where it does not work yet: "words", "vectors" or both.
    fails: str = ""


@pytest.fixture
def ranked_by(request: pytest.FixtureRequest) -> Iterator[str]:
    """Which of the two ranks."""
    if request.param == "words":
        with model.left_out():
            yield "words"
        return
    if not model.is_on():
        pytest.skip("sentence vectors are off: make relevance ARGS=--vectors tries them")
    model.load()
    yield "vectors"


def titles(query: str, number: int) -> list[str]:
    """The titles of the first results, as a shopper sees them."""
    found = patiently(lambda: engine.find(ListingQuery(text=query, with_total=False), market=home_market()))
    ids = (found.mixed or (*found.ids, *found.similar))[:number]
    held = dict(Product.objects.filter(pk__in=ids).values_list("pk", "title"))
    return [held[pk] for pk in ids]


CASES = (
    Case("exact", "foldable keyboard", 1, r"^HP Foldable keyboard$", "", "it is called so"),
    Case("exact", "tablet docking station", 1, r"^HP Tablet Docking Station$", "", "it is called so"),
    Case("exact", "microsaver keyed laptop lock", 3, r"MicroSaver. .*Laptop Lock", "", "the name but for a sign"),
    Case("product type", "laptop", 10, r"notebook pc|netbook", r"case|bag|sleeve|battery|dock", "most are called notebooks"),
    Case("product type", "projectors", 4, r"projector", r"lamp|mount|screen|case", "lamps for them say the word, too"),
    Case("product type", "webcam", 5, r"webcam", "", "nearly all are called so"),
    Case("product type", "mouse", 5, r"mouse", r"pad|rest", "a pad is none"),
    Case("product type", "camera", 5, r"camera", r"filter|lens|case|bag|battery", "more lenses and filters say it than cameras"),
    Case("feature", "noise cancelling headphones", 5, r"noise cancell?ing head", "", "spelt with one l and with two"),
    Case("feature", "wireless keyboard", 5, r"wireless|bluetooth", r"mouse$", "both words in a title or its values"),
    Case("feature", "waterproof flashlight", 2, r"waterproof flashlight", "", "there are two"),
    Case("feature", "24 inch monitor", 5, r"24", "", "24-inch and 24\" are the same"),
    Case("compatibility", "lamp for nec projector", 5, r"^NEC .*projector lamp", "", "a lamp, and of that maker"),
    Case("compatibility", "thinkpad x60 battery", 3, r"X60 .*battery", "", "three fit"),
    Case("compatibility", "ink for designjet 1000", 5, r"^HP .*(cyan|magenta|black|yellow)", r"designjet", "no plotter"),
    Case("compatibility", "toner for laserjet 4100", 1, r"C8061X", "", "what that printer takes"),
    Case("misspelt", "keybord", 5, r"keyboard", "", "a letter left out"),
    Case("misspelt", "heaphones", 5, r"headphone", "", "a letter left out"),
    Case("misspelt", "wirless mouse", 5, r"wireless.*mouse|mouse.*wireless", "", "a letter left out, beside a right word"),
    Case("part number", "C4191A", 1, r"C4191A", "", "as it is printed on the box"),
    Case("part number", "tsb212", 1, r"TSB212", "", "small letters"),
    Case("part number", "0882780756328", 1, r"^HP 80 Original Cyan$", "", "the number under the bar code"),
    Case("part number", "spc 900nc", 1, r"SPC900NC/00", "", "a blank put in, and the end left out"),
    Case(
        "natural language", "something to carry my laptop on my back", 3, r"backpack", "",
        "no product has carry and back: only meaning leads there", fails="words",
    ),
    Case(
        "natural language", "keep my laptop from being stolen", 3, r"lock", "",
        "no lock says stolen: only meaning leads there", fails="words",
    ),
    Case(
        "natural language", "cable to connect a monitor to my pc", 2, r"cable|vga", "",
        "a cable, by the first noun; words take the last", fails="words",
    ),
    Case("natural language", "a lock for my laptop", 5, r"lock", "", "small words say nothing"),
    Case("natural language", "which batteries fit a thinkpad x60", 1, r"X60 .*battery", "", "most of the words"),
    Case("natural language", "what is the best keyboard", 4, r"keyboard", "", "what, is and the say nothing"),
    Case("natural language", "what cable do i need for hdmi to dvi", 4, r"hdmi.*dvi|dvi.*hdmi", "", "nor do what, do, I and need"),
    Case("natural language", "are there any wireless chargers", 3, r"charger", "", "nobody means three chargers"),
    Case("natural language", "headset for the computer", 5, r"headset", "", "what stands before the for"),
    Case("category word", "toners", 5, r"t[oó]ner", "", "a sort of thing, in the plural"),
    Case("category word", "graphics cards", 5, r"graphics card", "", "a sort of thing, in the plural"),
    Case("category word", "docking stations", 5, r"dock", "", "a sort of thing, in the plural"),
    Case("brand", "logitech", 10, r"^Logitech ", "", "all of it"),
    Case("brand", "case logic", 10, r"^Case Logic ", "", "a name of two words that say something else"),
    Case("brand", "duracell", 10, r"^Duracell ", "", "all of it"),
    Case("product type", "office chair", 3, r"chair", "", "there are three chairs, and none says office"),
    Case(
        "product type", "office chair", 1, r"Ergonomic Leaning Chair", "",
        "known: nothing in its text says office, so that a doll's chair is as good by words, and nearer by meaning",
        fails="words vectors",
    ),
    Case("compatibility", "playstation 4 controller", 2, r"PlayStation 4", "", "consoles come with one: only they say all of it"),
    Case(
        "compatibility", "playstation 4 controller", 5, r"playstation|dualshock|gamepad", "",
        "known: it sells none alone, and by words other controllers are controllers more than a console is",
        fails="words",
    ),
)  # fmt: skip


def cases() -> Iterator[Any]:
    """Each case with words alone and with vectors; strict expected failures where it does not work yet."""
    for case in CASES:
        for by in ("words", "vectors"):
            marks = [pytest.mark.xfail(strict=True, reason=case.reason)] if by in case.fails.split() else []
            yield pytest.param(case, by, marks=marks, id=f"{case.kind}: {case.query}, {case.number}, {by}")


@pytest.mark.parametrize(("case", "ranked_by"), list(cases()), indirect=["ranked_by"])
def test_what_shoppers_type(case: Case, ranked_by: str) -> None:
    found = titles(case.query, case.number)
    assert len(found) == case.number, found
    wrong = [
        title
        for title in found
        if not re.search(case.is_like, title, re.IGNORECASE)
        or (case.never and re.search(case.never, title, re.IGNORECASE))
    ]
    assert wrong == [], case.reason


def test_each_kind_has_three_cases_or_more() -> None:
    kinds = Counter(case.kind for case in CASES)
    assert len(kinds) == 9 and min(kinds.values()) >= 3, kinds
