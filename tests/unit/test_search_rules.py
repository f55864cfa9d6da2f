"""Which rules a question meets and what they say together; what cannot be in a rule."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from search.rules.checks import clashes, faults, missing, wrong_address
from search.rules.content import Banner, Content, Entry, from_json, to_json
from search.rules.matching import Book, Notice, Redirect, answer, guidance
from search.types import Boost, Group, Guidance

NOW = datetime(2026, 3, 20, 12, tzinfo=ZoneInfo("Europe/London"))


def entry(action: str = "pin", value: str = "7", kind: str = "product", **more: object) -> Entry:
    more.setdefault("label", f"Product {value}")
    defaults = {"pin": {"place": 1}, "boost": {"strength": 1.5}, "bury": {"strength": 2.0}, "hide": {}}[action]
    return Entry(action, kind, value, **{**defaults, **more})  # type: ignore[arg-type]


def rule(*queries: str, match: str = "words", **more: object) -> Content:
    more.setdefault("entries", (entry(),))
    return Content(queries=queries, match=match, **more)  # type: ignore[arg-type]


def met(book: Book, text: str, now: datetime = NOW) -> list[int]:
    return [pk for pk, _content in book.for_words(text, now)]


@pytest.mark.parametrize(
    ("match", "query", "asked", "meets"),
    [
        ("exact", "teapot", "teapot", True),
        ("exact", "teapot", "Teapots", True),
        ("exact", "teapot", "  TEAPOT! ", True),
        ("exact", "crème pot", "creme pots", True),
        ("exact", "teapot", "blue teapot", False),
        ("exact", "blue teapot", "teapot blue", False),
        ("words", "blue teapot", "teapot in blue", True),
        ("words", "blue teapot", "teapot", False),
        ("words", "pot", "teapot", False),
        ("contains", "tea pot", "my tea pots set", True),
        ("contains", "tea pot", "pot of tea", False),
        ("contains", "tea pot", "tea for one pot", False),
        ("words", "teapot", "", False),
        ("words", "teapot", "§$%", False),
    ],
)
def test_what_a_search_meets(match: str, query: str, asked: str, meets: bool) -> None:
    assert (met(Book.of({1: rule(query, match=match)}), asked) == [1]) is meets


def test_a_rule_is_for_a_group_of_searches_and_met_once() -> None:
    book = Book.of({1: rule("teapot", "tea pot", "pot for tea")})
    assert [met(book, text) for text in ("teapot", "pot of tea", "tea pot for tea", "cup")] == [[1], [1], [1], []]


def test_the_more_exact_rule_comes_first_and_the_older_one_of_two_alike() -> None:
    book = Book.of(
        {
            1: rule("pot", match="contains"),
            2: rule("pot"),
            3: rule("pot", match="exact"),
            4: rule("pot"),
            5: rule("pot red"),
        }
    )
    assert met(book, "pot") == [3, 2, 4, 1]
    assert met(book, "red pot") == [5, 2, 4, 1]


def test_rules_begin_and_end_by_the_clock() -> None:
    book = Book.of({1: rule("pot", starts=NOW, ends=NOW + timedelta(hours=1))})
    second = timedelta(seconds=1)
    hour = timedelta(hours=1)
    assert [met(book, "pot", NOW + after) for after in (-second, 0 * second, hour - second, hour)] == [[], [1], [1], []]


def test_a_single_entry_ends_after_its_last_day() -> None:
    content = rule("pot", entries=(entry(until=date(2026, 3, 31)), entry("boost", "8")))

    def pins(now: datetime) -> tuple[tuple[int, int], ...]:
        return guidance([(1, content)], text="pot", phrasings=(), now=now).pins

    late = datetime(2026, 3, 31, 23, 59, tzinfo=ZoneInfo("Europe/London"))
    assert (pins(late), pins(late + timedelta(minutes=1))) == (((1, 7),), ())


def test_rules_together() -> None:
    one = rule("pot", entries=(entry(), entry("boost", "harrow", "brand"), entry("hide", "9")), also=("kettle",))
    other = rule(
        "pot",
        entries=(entry(value="9", place=2), entry("bury", "glaze=rust", "attribute"), entry("hide", "3", "category")),
    )
    said = guidance([(1, one), (2, other)], text="pot", phrasings=(("pot", "jug"),), now=NOW)
    assert said == Guidance(
        pins=((1, 7),),
        hidden=frozenset({9}),
        hidden_groups=(Group("category", "3"),),
        boosts=(Boost("brand", "harrow", 1.5), Boost("attribute", "glaze=rust", 0.5)),
        also=(("pot", "jug"), ("pot", "kettle")),
        words=("pot",),
    )


def test_a_categorys_rule_is_for_its_own_page() -> None:
    book = Book.of({1: Content(kind="category", category_id=3, category_name="Mugs", entries=(entry(),))})
    assert [pk for pk, _content in book.for_category(3, NOW)] == [1]
    assert book.for_category(4, NOW) == [] and met(book, "mugs") == []


def test_synonyms_both_ways_and_one_way() -> None:
    two_way = Content(kind="synonyms", also=("couch", "sofa", "day bed"))
    one_way = Content(kind="synonyms", queries=("tv",), also=("television", "smart tv"), one_way=True)
    book = Book.of({1: two_way, 2: one_way, 3: replace(two_way, also=("couch", "settee"))})
    assert book.phrasings("blue couches", NOW) == (("couch", "sofa", "day bed", "settee"),)
    assert book.phrasings("day beds", NOW) == (("day bed", "couch", "sofa"),)
    assert book.phrasings("tv", NOW) == (("tv", "television", "smart tv"),)
    assert book.phrasings("television", NOW) == () and book.phrasings("day", NOW) == ()


def test_the_first_redirect_or_else_the_first_banner_of_the_language() -> None:
    banners = rule("pot", banners=(Banner("en-gb", "Spring sale", "/shop/"), Banner("de", "Frühling")))
    away = rule("pot", entries=(), redirect="/journal/")
    assert answer([(1, banners), (2, away)], language="de") == Redirect("/journal/")
    assert answer([(1, banners)], language="de") == Notice("Frühling")
    assert answer([(1, banners)], language="en-gb") == Notice("Spring sale", "/shop/")
    assert answer([(1, banners)], language="fr") is None and answer([], language="de") is None


def test_a_content_is_kept_and_read_again() -> None:
    content = Content(
        kind="query", match="contains", queries=("pot", "tea pot"), starts=NOW, ends=NOW + timedelta(days=1),
        entries=(entry(until=date(2026, 3, 31)), entry("bury", "harrow", "brand")), also=("kettle",),
        banners=(Banner("de", "Frühling", "/de/shop/"),),
    )  # fmt: skip
    assert from_json(to_json(content)) == content
    assert from_json({**to_json(content), "of a later edition": 1}) == content
    assert from_json({"kind": "synonyms", "match": "words"}) == Content(kind="synonyms")


def test_two_thousand_rules_cost_what_a_handful_costs() -> None:
    rules = {number: rule(f"word{number} pot", f"other{number} blue thing") for number in range(2000)}
    rules |= {5000 + number: Content(kind="synonyms", also=(f"a{number}", f"b{number}")) for number in range(500)}
    book = Book.of(rules)
    assert met(book, "blue word77 pot for a thing") == [77]
    start = time.perf_counter()
    for _turn in range(100):
        book.for_words("blue word77 pot for a thing", NOW)
        book.phrasings("blue word77 pot for a thing", NOW)
    assert (time.perf_counter() - start) / 100 < 0.002


def said(content: Content) -> str:
    return " ".join([*faults(content), *missing(content)])


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (rule("pot", entries=(entry(), entry(value="8"))), "Place 1 has 2 pins (Product 7 / Product 8)"),
        (rule("pot", entries=(entry(), entry("hide"))), "Product 7 has 2 entries (Pin to a place, Hide)"),
        (rule("pot", entries=(entry(place=0),)), "place 0: places go from 1 to 100"),
        (rule("pot", entries=(entry(value="harrow", kind="brand"),)), "only a product can be pinned"),
        (rule("pot", entries=(entry("boost", strength=50.0),)), "the strength is 50; it goes from 1.05 to 20"),
        (rule("pot", starts=NOW, ends=NOW), "end before it begins"),
        (rule("pot", redirect="/shop/"), "shows no result"),
        (rule("pot", redirect="/search/?q=pot", entries=()), "cannot send to another search"),
        (rule("pot", redirect="//evil.example/", entries=()), "no address on this site"),
        (rule("p", match="contains"), "too many searches"),
        (rule("pot", "Pots"), "“pot” and “Pots” are the same search"),
        (rule("§§"), "no letter or digit"),
        (rule("pot", also=("pots",)), "one of the rule’s own searches"),
        (rule("x" * 300), "longer than a search can be"),
        (rule(*(f"q{number}" for number in range(31))), "up to 30 searches; these are 31"),
        (rule("pot", banners=(Banner("de", "x" * 200),)), "up to 160 characters"),
        (rule("pot", banners=(Banner("de", "Sale", "https://evil.example"),)), "no address on this site"),
        (Content(kind="category", category_id=1, category_name="Mugs", redirect="/shop/"), "cannot send people elsewhere"),
        (Content(kind="category", category_id=1, category_name="Mugs", also=("cup",)), "no search words"),
        (Content(kind="synonyms", also=("sofa",)), "One word has no synonym"),
        (Content(kind="synonyms", also=("sofa", "Sofas")), "are the same search"),
        (Content(kind="synonyms", queries=("tv",), also=("TV", "television"), one_way=True), "stands on both sides"),
        (Content(kind="synonyms"), "Write the words of the set"),
        (Content(kind="synonyms", also=("tv",), one_way=True), "Write the words of the set"),
        (Content(), "Say which searches"),
        (rule("pot", entries=()), "does nothing yet"),
        (Content(kind="category"), "Say which category"),
    ],
)  # fmt: skip
def test_what_cannot_be_in_a_rule(content: Content, fault: str) -> None:
    assert fault in said(content)


def test_what_is_right_has_no_fault() -> None:
    assert (
        said(rule("pot", "kettle", entries=(entry(), entry(value="8", place=2), entry("hide", "9")), also=("brew",)))
        == ""
    )
    assert said(rule("pot", entries=(), redirect="/journal/buy-the-bowl-first/")) == ""
    assert said(Content(kind="synonyms", queries=("tv",), also=("television",), one_way=True)) == ""


@pytest.mark.parametrize(
    "address",
    [
        "//evil.example", "///evil.example", "https://evil.example/", "http:evil.example", "javascript:alert(1)", "/\\evil.example",
        "\\\\evil.example", "shop/", "", "/shop/\n/x", "/shop/\x00", "/" + "x" * 600, "\t//evil.example",
    ],
)  # fmt: skip
def test_an_address_elsewhere_is_refused(address: str) -> None:
    assert wrong_address(address)


def test_one_way_sets_that_lead_in_a_circle() -> None:
    others = {
        1: Content(kind="synonyms", queries=("television",), also=("screen",), one_way=True),
        2: Content(kind="synonyms", queries=("screens",), also=("TV",), one_way=True),
    }
    tv = Content(kind="synonyms", queries=("tv",), also=("televisions",), one_way=True)
    assert "leads back to itself" in " ".join(clashes(tv, others))
    assert clashes(tv, {1: others[1]}) == [] and clashes(replace(tv, one_way=False), others) == []
