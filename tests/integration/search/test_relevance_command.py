"""`search_relevance`: what it prints, what it refuses, and that a harmed ranking is seen."""

from __future__ import annotations

import io
import json
import urllib.request

import pytest
from django.core.management import CommandError, call_command

from search import operations
from search.relevance import engines
from search.types import ListingResult
from tests.factories import make_product

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def shop():
    """Three teapots and a kettle, in the lists."""
    for upc, title in (("1", "Teapot"), ("2", "Small teapot"), ("3", "Cosy for a teapot"), ("4", "Kettle")):
        make_product(title, upc=upc)
    for _ in operations.rebuild():
        pass


@pytest.fixture
def judgments(tmp_path):
    """Write a file of judgements and give its path."""

    def write(*lines: str) -> str:
        path = tmp_path / "judgments.csv"
        path.write_text("\n".join(["query,product_id,rating", *lines]) + "\n", encoding="utf-8")
        return str(path)

    return write


def run(path: str, *arguments: str) -> str:
    out = io.StringIO()
    call_command("search_relevance", "--judgments", path, *arguments, stdout=out)
    return out.getvalue()


GOOD = ("teapot,1,3", "teapot,2,2", "teapot,3,0", "kettle,4,3", "kettle,1,0", "spoon,4,0")


def test_json_is_one_flat_object(judgments):
    said = json.loads(run(judgments(*GOOD), "--engine", "database", "--json"))
    assert said == {
        "engine": "database",
        "ndcg": 1.0,
        "condensed_ndcg": 1.0,
        "unrated_share": 0.0,
        "interval": [1.0, 1.0],
        "queries": 2,
        "missing": 0,
    }


@pytest.fixture
def harmed(monkeypatch):
    """The database engine gives every list from its end."""
    find = engines.database.find

    def backwards(query, *, market):
        found = find(query, market=market)
        return type(found)(ids=found.ids[::-1], total=found.total)

    monkeypatch.setattr(engines.database, "find", backwards)


def test_a_harmed_ranking_is_seen(judgments, harmed):
    said = json.loads(run(judgments(*GOOD), "--engine", "database", "--json"))
    # "teapot" gives cosy, small teapot, teapot: (3/log2(3) + 7/2) / (7 + 3/log2(3)); "kettle" has one answer.
    assert said["ndcg"] == pytest.approx((0.606421 + 1) / 2, abs=1e-3)
    assert said["interval"][0] < said["interval"][1]


def test_the_table_names_each_engine_that_is_there_and_what_was_left_out(judgments):
    said = run(judgments(*GOOD, "kettle,999,1"))
    assert "Queries: 2, and 1 without a rating above 0 that are left out. Ratings: 7 of 5 products." in said
    assert "Judged and not in the catalogue, so that no engine can find them: 1 (999)" in said
    assert [line.split()[0] for line in said.splitlines()[2:]] == ["engine", "database"]


def test_a_product_that_is_missing_still_belongs_to_the_ideal(judgments):
    said = json.loads(run(judgments("kettle,4,3", "kettle,999,3"), "--engine", "database", "--json"))
    assert said["missing"] == 1
    assert said["ndcg"] == pytest.approx(0.6131, abs=1e-4)


def test_mistyped_queries_are_asked_as_well(judgments):
    said = json.loads(run(judgments(*GOOD), "--engine", "database", "--json", "--typos"))
    assert 0 <= said["typo_kept"] <= 1
    assert "kept" in run(judgments(*GOOD), "--typos")


def test_queries_are_listed_worst_first(judgments):
    said = run(judgments("teapot,3,3", "kettle,4,3"), "--queries").splitlines()
    rows = [line for line in said if line.startswith("  ")]
    assert [row.split()[-1] for row in rows] == ["teapot", "kettle"]


@pytest.mark.parametrize(
    ("lines", "arguments", "said"),
    [
        (("teapot,1,5",), (), "Line 2: the rating is '5'"),
        (("teapot,1,0",), (), "no query has a product rated above 0"),
        (("teapot,1,3",), ("--engine", "elasticsearch"), "ELASTICSEARCH_URL is not set"),
    ],
)
def test_what_cannot_be_measured_is_an_error(judgments, settings, lines, arguments, said):
    settings.ELASTICSEARCH_URL = ""
    with pytest.raises(CommandError, match=said):
        run(judgments(*lines), *arguments)


def test_a_variant_stands_for_its_parent_and_a_hidden_product_is_missing(judgments):
    make_product("Bowl", variants=[{"upc": "21"}, {"upc": "22"}])
    make_product("Secret bowl", upc="23", is_public=False)
    for _ in operations.rebuild():
        pass
    said = json.loads(run(judgments("bowl,21,3", "bowl,22,1", "bowl,23,0"), "--engine", "database", "--json"))
    assert (said["ndcg"], said["missing"]) == (1.0, 1)


@pytest.fixture
def floor(tmp_path):
    """Write a file of floors and give its path."""

    def write(**values):
        path = tmp_path / "floor.json"
        held = {"database": {"since": "2026-11-22", "reason": "Measured.", **values}}
        path.write_text(json.dumps(held), encoding="utf-8")
        return str(path)

    return write


def test_a_ranking_over_its_floor_passes(judgments, floor):
    said = run(judgments(*GOOD), "--floor", floor(ndcg=0.95, condensed_ndcg=0.95))
    assert "database" in said and "1.000" in said


def test_a_harmed_ranking_fails_and_the_figures_are_printed_all_the_same(judgments, floor, harmed):
    out = io.StringIO()
    with pytest.raises(CommandError, match=r"database: the NDCG@10 is 0\.8\d\d, under its floor of 0\.950\."):
        call_command("search_relevance", "--judgments", judgments(*GOOD), "--floor", floor(ndcg=0.95), stdout=out)
    assert "database" in out.getvalue()


def test_a_floor_that_was_not_measured_is_not_passed(judgments, floor):
    with pytest.raises(CommandError, match="was not measured"):
        run(judgments(*GOOD), "--floor", floor(typo_kept=0.5))
    with pytest.raises(CommandError, match="was not measured"):
        run(judgments(*GOOD), "--engine", "database", "--floor", floor(times_plain=1.3))


@pytest.mark.parametrize(
    ("values", "said"),
    [({"ndgc": 0.9}, "database has ndgc; floors are"), ({"reason": ""}, "lacks since or reason")],
)
def test_a_file_of_floors_that_cannot_be_used_is_an_error(judgments, floor, values, said):
    with pytest.raises(CommandError, match=said):
        run(judgments(*GOOD), "--floor", floor(**values))
    with pytest.raises(CommandError, match="cannot be read"):
        run(judgments(*GOOD), "--floor", "nowhere.json")


@pytest.mark.elasticsearch
def test_the_plain_engine_is_measured_in_an_index_that_is_gone_afterwards(judgments, elasticsearch):
    said = json.loads(run(judgments(*GOOD), "--engine", "plain", "--json"))
    assert (said["engine"], said["ndcg"]) == ("plain", 1.0)
    with urllib.request.urlopen(f"{elasticsearch}/_cat/indices?format=json") as answer:  # a test of our own node
        assert [row["index"] for row in json.load(answer) if "-plain-" in row["index"]] == []


def test_an_elasticsearch_that_is_not_there_is_said(judgments, settings):
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:1"
    with pytest.raises(CommandError, match=r"has no Elasticsearch at http://127\.0\.0\.1:1 that answers"):
        run(judgments(*GOOD), "--engine", "plain")


def test_a_busy_elasticsearch_is_waited_for_and_one_that_refuses_is_not(monkeypatch):
    monkeypatch.setattr(engines, "PAUSES", (0.0, 0.0))
    tries = []

    def busy():
        tries.append(1)
        if len(tries) < 3:
            raise engines.client.Unavailable("busy")
        return ListingResult(ids=(1,), total=1)

    assert engines.patiently(busy).ids == (1,)
    assert len(tries) == 3

    def refuses():
        tries.append(1)
        raise engines.client.Refused("no such index")

    with pytest.raises(engines.client.Refused):
        engines.patiently(refuses)
    assert len(tries) == 4


def test_an_engine_without_an_index_is_said_at_once(judgments, settings, monkeypatch):
    def find(query, *, market):
        raise engines.client.Refused("404: index_not_found_exception")

    settings.ELASTICSEARCH_URL = "http://127.0.0.1:1"
    monkeypatch.setattr(engines.engine, "find", find)
    with pytest.raises(CommandError, match="index_not_found"):
        run(judgments(*GOOD), "--engine", "elasticsearch")
