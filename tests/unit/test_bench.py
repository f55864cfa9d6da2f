"""What the benchmark works out: picks, wrk's words, medians, ratios, verdicts. Nothing is started."""

import gzip
import json
import os
from collections.abc import Iterator
from http.client import HTTPMessage
from pathlib import Path
from typing import Any

import pytest

from bench import figures, growth, loading, orders, pages, picks, processes, rounds, scaled
from bench.__main__ import Compared, report
from bench.arguments import parse

SIZE = 200


def row(number: int, *, brand: str = "Acme", title: str = "Cable", description: str = "") -> dict[str, object]:
    return {"id": f"id-{number}", "brand": brand, "title": title, "description": description, "price_cents": 100}


def load(cpu: float, *, per_second: float = 10.0, failed: int = 0) -> loading.Load:
    return loading.Load(
        requests=60, per_second=per_second, p50_ms=20.0, p99_ms=40.0, wire_bytes=1000.0, failed=failed,
        cpu_ms={"server": cpu - 1, "database": 1.0}, others_cores=0.1,
    )  # fmt: skip


def measured(*cpus: float, per_second: float = 10.0, failed: int = 0) -> rounds.Measured:
    return rounds.Measured(
        seen=pages.Seen(requests=5, body_bytes=900, gzip_bytes=300, items=24.0),
        loads=[load(cpu, per_second=per_second, failed=failed) for cpu in cpus],
        alones=[loading.Alone(ms=(10.0, 12.0, 30.0), cpu_ms=9.0, failed=0) for _ in cpus],
    )


def target(shop: str, size: int = SIZE) -> pages.Target:
    return pages.Target(f"{shop} {size}", shop, size, 1, {}, {})


# --- picks


def test_brands_with_most_products_are_picked() -> None:
    rows = [row(n, brand="Many") for n in range(30)] + [row(n, brand=f"B{n % 6}") for n in range(30, 55)]
    found = picks.pick(rows, [])
    assert found.brands[0] == "Many"
    assert len(found.brands) == picks.BRANDS
    assert found.size == 55


def test_products_are_spread_over_the_whole_file_and_never_repeated() -> None:
    rows = [row(n) for n in range(2000)]
    found = picks.pick(rows, [])
    numbers = [int(name.removeprefix("id-")) for name in found.products]
    assert len(set(numbers)) == picks.PRODUCTS
    assert numbers[0] < 100 and numbers[-1] > 1900
    assert len(set(found.in_story)) == picks.GRIDS * picks.IN_A_GRID


def test_a_small_catalogue_gives_what_it_has() -> None:
    assert len(picks.spread([row(n) for n in range(7)], 20)) == 7


def test_only_queries_that_every_engine_can_answer_are_asked() -> None:
    rows = [row(n, title="Laser printer") for n in range(4)]
    rows += [row(n, title="Ink", description="for a laser printer") for n in range(4, 12)]
    rows += [row(n, title="Paper", description="printer paper") for n in range(12, 20)]
    asked = ["laser printer", "printer", "unicorn", "paper", "ink"]
    # "ink" stands in 8 texts only; "paper" in 8 titles, and in no more texts.
    assert picks.answerable(rows, asked) == ["printer", "laser printer"]


def test_new_queries_are_words_of_one_title_each_pair_once() -> None:
    rows = [row(n, title="Laser printer A4") for n in range(3)] + [row(9, title="Blue ink")]
    assert picks.new_queries(rows) == ["laser printer", "blue ink"]
    many = [row(n, title=" ".join(f"w{chr(97 + n)}{chr(97 + m)}" for m in range(5))) for n in range(20)]
    found = picks.new_queries(many, 100)
    assert len(found) == len(set(found)) == 100 and found == picks.new_queries(many, 100)


# --- a catalogue multiplied

DOCUMENT = {
    "id": 7, "title": ["Epson XP-610 13-inch printer"], "title_words": ["epson xp 610 13 inch printer"],
    "title_sort": "epson xp-610 13-inch printer", "names": ["XP-610", "home"], "numbers": ["xp", "610", "xp610"],
    "body": "The XP-610 prints on 13-inch paper.", "kinds": ["printer"], "prices": [1000, 2000], "price_low": 1000,
    "price_high": 2000, "popularity": 40, "released": "2024-05-01", "choices": ["brand\x1fepson\x1fEpson"],
}  # fmt: skip


def test_a_copy_differs_in_what_is_a_products_own_and_in_nothing_else() -> None:
    rare = growth.rare_words(["Epson XP-610 13-inch printer", *["A 13-inch thing"] * 9])
    assert "XP-610" in rare and "13-inch" not in rare
    made = [growth.Copies(DOCUMENT, ["XP-610"], rare).copy(number) for number in range(30)]
    assert made[0] == DOCUMENT
    assert len({one["id"] for one in made}) == len({one["title"][0] for one in made}) == 30
    for one in made[1:]:
        number = one["names"][0]
        assert number.startswith("XP-") and number != "XP-610" and one["names"][1] == "home"
        assert number in one["title"][0] and "13-inch printer" in one["title"][0]
        assert number in one["body"] and "13-inch paper" in one["body"]
        assert number.lower().replace("-", "") in one["numbers"] and "xp610" not in one["numbers"]
        assert 800 <= one["price_low"] <= 1200 and one["price_high"] == one["prices"][1]
        assert one["choices"] == DOCUMENT["choices"]


def test_as_many_copies_are_made_as_are_wanted_and_only_when_they_are_taken() -> None:
    read: list[int] = []

    def documents() -> Iterator[tuple[dict[str, Any], list[str]]]:
        for number in range(4):
            read.append(number)
            yield {**DOCUMENT, "id": number}, []

    made = growth.multiplied(documents(), frozenset(), rows=4, wanted=10)
    next(made)
    assert read == [0]
    ids = [0, *(one["id"] for one in made)]
    assert len(set(ids)) == 10 and {number % growth.APART for number in ids} == {0, 1, 2, 3}


def test_growth_is_told_part_by_part() -> None:
    found = scaled.Growth(100, 500, 1.0, {"list": {"a": [2.0, 4.0], "b": [1.0, 8.0]}, "totals": {"a": [1.0, 9.0]}})
    assert found.factor("list") == pytest.approx(4.0)
    assert [(one.limit, one.verdict) for one in found.limits()] == [(2.0, "MISSED")]
    assert "| list | 1.5 | 6.0 | **4.0** | 2.0 to 8.0 |" in found.table()[2]


def test_picks_survive_the_way_into_a_shop() -> None:
    found = picks.pick([row(n) for n in range(300)], [])
    assert json.loads(found.as_json())["products"] == list(found.products)


def test_rows_are_read_up_to_a_number(tmp_path: Path) -> None:
    file = tmp_path / picks.CATALOGUE
    file.parent.mkdir(parents=True)
    with gzip.open(file, "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps(row(n)) + "\n" for n in range(5))
    assert [one["id"] for one in picks.read_rows(tmp_path, 2)] == ["id-0", "id-1"]
    assert len(picks.read_rows(tmp_path, None)) == 5


# --- pages and wrk


def answer(status: int = 200, body: str = "", cookie: str = "") -> pages.Answer:
    headers = HTTPMessage()
    if cookie:
        headers["Set-Cookie"] = cookie
    return pages.Answer(status, headers, body.encode(), 0.01)


def test_a_page_that_is_not_what_it_should_be_is_named() -> None:
    kind = pages.Kind((pages.Request("/x/"),), items="<article", fewest_items=2, contains=("£",))
    assert pages.complaints(kind, answer(body="£<article><article>")) == []
    assert pages.complaints(kind, answer(body="<article>")) == ["'£' is not in the page", "1 products, fewer than 2"]
    assert pages.complaints(kind, answer(status=500)) == ["status 500, not 200"]


def test_an_add_that_adds_nothing_is_named() -> None:
    kind = pages.Kind((pages.Request("/add/", "POST"),), expect=303, set_cookie="oscar_open_basket")
    assert pages.complaints(kind, answer(303, cookie="oscar_open_basket=7:abc; Path=/")) == []
    assert pages.complaints(kind, answer(303)) == ["no cookie oscar_open_basket: nothing was added"]


def test_what_is_sent_once_is_never_sent_again_and_each_shop_has_all_of_it() -> None:
    kind = pages.Kind(tuple(pages.Request(f"/{number}") for number in range(10)), once=True)
    taken = [*kind.take(4), *kind.take(4)]
    assert len({request.path for request in taken}) == 8
    with pytest.raises(pages.PageError, match="10 requests"):
        kind.take(4)
    assert len(kind.at(80).take(9)) == 9
    often = pages.Kind((pages.Request("/"),))
    assert often.take(5) == often.take(5) == often.requests


def test_any_text_is_safe_inside_the_script_for_wrk() -> None:
    assert loading.lua_string('a"b\\') == '"a\\034b\\092"'
    assert loading.lua_string("é") == '"\\195\\169"'
    script = loading.lua_script((pages.Request("/a?q=1", "POST", {"X-Y": "z"}, 'p="q"'), pages.Request("/b")))
    assert script.count("requests[#requests + 1] = wrk.format(") == 2
    assert '["X\\045Y"]="z"' in script
    assert ", nil)" in script


def test_wrks_words_become_figures() -> None:
    meter = processes.Meter({})
    meter.seconds = {"server": 0.5, "database": 0.1}
    said = {
        "us": 2_000_000, "requests": 50, "bytes": 100_000, "connect": 0, "read": 1, "write": 0, "timeout": 0,
        "p50": 40_000, "p99": 90_000, "codes": {"303": 48, "500": 2},
    }  # fmt: skip
    found = loading.read_load(said, meter, 303, "ours")
    assert found.per_second == 25
    assert found.cpu_ms == {"server": pytest.approx(10), "database": pytest.approx(2)}
    assert (found.p50_ms, found.p99_ms, found.wire_bytes) == (40, 90, 2000)
    # Two answers with another status and one broken connection.
    assert found.failed == 3


def test_a_shop_that_answers_nothing_is_named() -> None:
    said = {"us": 6_000_000, "requests": 0, "bytes": 0, "codes": {}}
    with pytest.raises(pages.PageError, match="ours: no answer in 6 s"):
        loading.read_load(said, processes.Meter({}), 200, "ours")


def test_cpu_is_counted_over_a_whole_tree_of_processes() -> None:
    table = {1: (0, 900), 10: (1, 5), 11: (10, 7), 12: (11, 9), 20: (1, 100)}
    assert processes.tree_ticks(10, table) == 21
    assert processes.tree_ticks(99, table) == 0


def test_the_process_table_knows_this_process() -> None:
    parent, ticks = processes.process_table()[os.getpid()]
    assert parent == os.getppid()
    assert ticks > 0


def test_each_round_begins_with_another_shop() -> None:
    targets = [target("a"), target("b"), target("c")]
    assert [[one.shop for one in rounds.in_turn(targets, turn)] for turn in (0, 1, 3)] == [
        ["a", "b", "c"], ["b", "c", "a"], ["a", "b", "c"],
    ]  # fmt: skip


# --- figures


def test_figures_are_medians_over_the_rounds() -> None:
    found = figures.figures_of(measured(30, 20, 100, failed=2))
    assert found.cpu_ms == 30
    assert (found.cpu_ms_low, found.cpu_ms_high) == (20, 100)
    assert found.cpu_ms_of == {"server": 29, "database": 1}
    assert found.alone_p50_ms == 12
    assert (found.requests, found.failed) == (180, 6)


@pytest.mark.parametrize(("share", "value"), [(1, 1), (50, 5), (51, 6), (99, 10), (100, 10)])
def test_percentiles_are_nearest_ranks(share: float, value: float) -> None:
    assert figures.percentile([10, 9, 8, 7, 6, 5, 4, 3, 2, 1], share) == value


@pytest.mark.parametrize(
    ("theirs", "ours", "words"), [(250, 10, "25×"), (30, 10, "3.0×"), (5, 10, "0.50×"), (1, 0, "–")]
)
def test_ratios_in_words(theirs: float, ours: float, words: str) -> None:
    assert figures.times(figures.ratio(theirs, ours)) == words


def test_an_aim_holds_or_is_missed_for_each_size() -> None:
    targets = [target(figures.OURS), target(figures.OURS, 400), target(figures.OSCAR), target(figures.ELASTIC)]
    results = {
        "category": {targets[0].name: measured(20), targets[1].name: measured(26), targets[2].name: measured(250)},
        "search": {targets[3].name: measured(26), targets[0].name: measured(900)},
        "story": {targets[0].name: measured(900)},
    }
    found = figures.aims(figures.all_figures(results), targets)
    assert [(one.name, one.verdict) for one in found] == [
        ("category, Masthead 200 products", "holds"),
        ("category, Masthead 400 products", "MISSED"),
        ("search, Masthead on Elasticsearch 200 products", "MISSED"),
        ("search, Masthead on Elasticsearch 200 products, median", "holds"),
    ]


def test_what_could_not_be_measured_does_not_hold() -> None:
    assert figures.Limit("load_demo", 90, "s", None, "no such command").verdict == "not measured"
    assert figures.Limit("import", 120, "s", 120.0).verdict == "holds"


def test_the_report_sets_the_shops_side_by_side() -> None:
    targets = [target(figures.OURS), target(figures.OSCAR)]
    results = {"category": {targets[0].name: measured(20), targets[1].name: measured(250, per_second=1.0)}}
    found = figures.all_figures(results)
    text = report(Compared(targets, found), figures.aims(found, targets), rounds.Pace())
    assert "| category | 20.0 | – | 250.0 | 12.5× |" in text
    assert "| **Oscar : Masthead** | 200 | **12.5×** | | | 1.00× | 0.10× |" in text
    assert "| category, Masthead 200 products | ≤ 25 ms CPU | 20.0 ms CPU | holds |" in text


# --- the command line


def test_quick_is_small_and_short() -> None:
    given = parse(["--quick"])
    assert (given.sizes, given.limits) == ([2000], "no")
    assert given.pace.rounds == 1
    assert parse(["--quick", "--rounds", "2"]).pace.rounds == 2


def test_all_of_it_is_the_default() -> None:
    given = parse([])
    assert given.sizes == [2000, None]
    assert given.kinds == [*pages.KINDS, orders.KIND]
    assert (given.pace.rounds, given.limits) == (3, "yes")


@pytest.mark.parametrize("wrong", [["--sizes", "ten"], ["--sizes", "5"], ["--kinds", "home"], ["--rounds", "0"]])
def test_what_cannot_be_measured_is_refused_by_name(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse(wrong)
    assert wrong[1] in capsys.readouterr().err


def test_how_far_elasticsearch_grows_is_said_by_a_word_or_a_number(capsys: pytest.CaptureFixture[str]) -> None:
    assert [parse(given).scale for given in ([], ["--quick"], ["--scale", "no"], ["--scale", "5000"])] == [
        500_000, 0, 0, 5000,
    ]  # fmt: skip
    with pytest.raises(SystemExit):
        parse(["--scale", "many"])
    assert "neither 'yes', 'no' nor a number" in capsys.readouterr().err
