"""`search_relevance`: what it prints, what it refuses, and that a harmed ranking is seen."""

from __future__ import annotations

import io
import json

import pytest
from django.core.management import CommandError, call_command

from search import operations
from search.relevance import engines
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


def test_a_harmed_ranking_is_seen(judgments, monkeypatch):
    find = engines.database.find

    def backwards(query, *, market):
        found = find(query, market=market)
        return type(found)(ids=found.ids[::-1], total=found.total)

    monkeypatch.setattr(engines.database, "find", backwards)
    said = json.loads(run(judgments(*GOOD), "--engine", "database", "--json"))
    # "teapot" gives cosy, small teapot, teapot: (3/log2(3) + 7/2) / (7 + 3/log2(3)); "kettle" has one answer.
    assert said["ndcg"] == pytest.approx((0.606421 + 1) / 2, abs=1e-3)
    assert said["interval"][0] < said["interval"][1]


def test_the_table_names_each_engine_that_is_there_and_what_was_left_out(judgments):
    said = run(judgments(*GOOD, "kettle,999,1"))
    assert "2 queries, 7 ratings of 5 products; 1 queries without a rating above 0 are left out." in said
    assert "1 judged products are not in the catalogue, so that no engine can find them: 999" in said
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
