"""What Elasticsearch said a moment ago: kept by the question and the tables' number, and for a moment only."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.core.cache import cache

from search import operations, state
from search.elastic import answers, client, keeping
from search.elastic.answers import Keys
from search.selectors import find_products
from search.types import Boost, Guidance, ListingQuery
from tests.factories import make_market, make_product

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths of all exchanges with Elasticsearch."""
    paths: list[str] = []
    perform = client.perform

    def noted(connection: Any, method: str, path: str, *rest: Any) -> Any:
        paths.append(path.rpartition("/")[2].partition("?")[0])
        return perform(connection, method, path, *rest)

    monkeypatch.setattr(client, "perform", noted)
    return paths


@pytest.mark.elasticsearch
class TestAnswers:
    """With a real node."""

    @pytest.fixture(autouse=True)
    def mugs(self, elasticsearch: Any) -> None:
        for number in range(5):
            make_product(f"Mug {number}", brand="ash", attributes={"Glaze": "Rust" if number % 2 else "Fern"})
        for _done in operations.rebuild():
            pass
        keeping.build()

    def ask(self, **parts: Any) -> Any:
        return find_products(ListingQuery(**{"text": "mug", "page_size": 2, **parts}), market=make_market())

    def test_the_same_question_is_not_asked_again_and_another_page_asks_for_itself_alone(
        self, asked: list[str]
    ) -> None:
        first = self.ask()
        assert (first.engine, first.total, len(first.ids)) == ("elasticsearch", 5, 2)
        before = list(asked)
        assert before.count("_msearch") == 1
        asked.clear()
        assert self.ask() == first
        assert asked == []
        second = self.ask(page=2)
        assert asked == ["_search"]
        assert second.facets == first.facets and second.total == 5 and not set(second.ids) & set(first.ids)
        assert len({*first.ids, *second.ids, *self.ask(page=3).ids}) == 5

    def test_it_is_asked_again_once_something_changed(self, asked: list[str]) -> None:
        assert self.ask().total == 5
        operations.refresh([make_product("Sixth mug").pk])
        keeping.build()
        asked.clear()
        assert self.ask().total == 6
        # First what the new index is called by.
        assert asked[:2] == ["_search", "_msearch"]

    def test_corrected_words_stay_corrected_on_the_next_page(self, asked: list[str]) -> None:
        make_product("Teapot")
        for _done in operations.rebuild():
            pass
        keeping.build()
        assert self.ask(text="teapto").corrected == "teapot"
        asked.clear()
        again = self.ask(text="teapto", page=2)
        assert (again.corrected, again.total, again.ids) == ("teapot", 1, ())
        assert asked == ["_search"]


def keys(query: ListingQuery, guidance: Guidance = Guidance(), country: str = "GB") -> Keys:  # noqa: B008
    return Keys.of(query, make_market(country), guidance, state.read())


def test_no_answer_is_kept_for_longer_than_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    found: list[float] = []
    monkeypatch.setattr(cache, "set", lambda key, value, seconds: found.append(seconds))
    answers.keep(keys(ListingQuery()), None, answers.Page((1,)))
    assert found == [answers.SECONDS] and answers.SECONDS <= 60


def test_what_changes_an_answer_changes_its_name() -> None:
    query = ListingQuery(text="mug", facets={"glaze": ("rust", "fern"), "brand": ("ash",)})
    same = replace(query, facets={"brand": ("ash",), "glaze": ("fern", "rust")})
    assert keys(query) == keys(same)
    assert keys(query).question == keys(replace(query, page=2)).question == keys(replace(query, sort="price")).question
    others = [
        keys(replace(query, text="mugs")),
        keys(replace(query, in_stock=True)),
        keys(replace(query, exact=True)),
        keys(query, Guidance(boosts=(Boost("brand", "ash", 2.0),))),
        keys(query, Guidance(hidden=frozenset({1}))),
        keys(query, country="DE"),
    ]
    operations.refresh([make_product("Cup").pk])
    others.append(keys(query))
    assert len({keys(query).page, *(one.page for one in others), keys(replace(query, page=2)).page}) == 8
