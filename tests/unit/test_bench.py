"""What the benchmark works out: picks, wrk's words, medians, ratios, verdicts. Nothing is started."""

import gzip
import json
import os
from http.client import HTTPMessage
from pathlib import Path

import pytest

from bench import figures, loading, pages, picks, processes, rounds
from bench.__main__ import parse, report

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
    text = report(targets, found, figures.aims(found, targets), rounds.Pace())
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
    assert given.kinds == list(pages.KINDS)
    assert (given.pace.rounds, given.limits) == (3, "yes")


@pytest.mark.parametrize("wrong", [["--sizes", "ten"], ["--sizes", "5"], ["--kinds", "home"], ["--rounds", "0"]])
def test_what_cannot_be_measured_is_refused_by_name(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse(wrong)
    assert wrong[1] in capsys.readouterr().err
