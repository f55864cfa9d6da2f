"""Reranking: kinds that the first results share move their like up, and gentle priors decide between equals."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.elastic.feedback import WINDOW, Hit, rerank

# Three of five good results are laptops; cases are as common in the catalogue as laptops are.
SHARES = {"laptop": 0.02, "case": 0.02, "black": 0.4}
HITS = [
    Hit(1, 10.0, ("laptop", "black")),
    Hit(2, 9.9, ("laptop",)),
    Hit(3, 9.8, ("case", "black")),
    Hit(4, 9.7, ("laptop", "black")),
]


def ids(hits: list[Hit]) -> list[int]:
    return [hit.id for hit in hits]


def test_what_most_of_the_first_are_moves_up() -> None:
    assert ids(rerank(HITS, SHARES)) == [2, 1, 4, 3]


def test_a_kind_that_was_typed_or_that_everything_has_tells_nothing() -> None:
    # All results of "laptop case" may have both words: only what else they are tells them apart.
    common = {**SHARES, "black": 0.9}
    assert ids(rerank(HITS, common, frozenset({"laptop", "case"}))) == [1, 2, 3, 4]
    assert ids(rerank(HITS, {"laptop": 1.0, "case": 1.0, "black": 1.0})) == [1, 2, 3, 4]


def test_the_very_title_is_first_whatever_it_is_worth() -> None:
    assert ids(rerank([*HITS, Hit(9, 0.1, (), tier=0)], SHARES))[0] == 9


@pytest.mark.parametrize(
    "better",
    [{"chosen": 1.0}, {"sold": 50}, {"age": 3}, {"phrase": True}, {"in_stock": True}],
    ids=lambda it: next(iter(it)),
)
def test_priors_decide_between_equals(better: dict[str, float | bool]) -> None:
    plain = Hit(1, 5.0, in_stock=False)
    assert ids(rerank([plain, replace(plain, id=2, **better)], {})) == [2, 1]


@pytest.mark.parametrize("prior", [{"sold": 10**6}, {"age": 0}, {"in_stock": True}, {"phrase": True}])
def test_a_prior_does_not_beat_words_that_fit_much_better(prior: dict[str, float | bool]) -> None:
    assert ids(rerank([Hit(1, 10.0, in_stock=False), Hit(2, 8.0, **{"in_stock": False, **prior})], {})) == [1, 2]


def test_those_before_vote_for_what_follows() -> None:
    some = [Hit(7, 3.0, ("case",)), Hit(8, 2.9, ("laptop",))]
    assert ids(rerank(some, SHARES, better=HITS[:2])) == [8, 7]


hit = st.builds(
    Hit,
    id=st.integers(min_value=1, max_value=10**6),
    score=st.floats(min_value=0, max_value=1000),
    kinds=st.lists(st.sampled_from(("laptop", "case", "black")), unique=True).map(tuple),
    sold=st.integers(min_value=0, max_value=1000),
    age=st.integers(min_value=-30, max_value=9000),
)


@given(st.lists(hit, max_size=WINDOW, unique_by=lambda one: one.id), st.randoms())
def test_nothing_is_lost_and_the_order_it_came_in_does_not_matter(hits: list[Hit], chance: object) -> None:
    ranked = ids(rerank(hits, SHARES))
    shuffled = list(hits)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert sorted(ranked) == sorted(ids(hits))
    assert ids(rerank(shuffled, SHARES)) == ranked
