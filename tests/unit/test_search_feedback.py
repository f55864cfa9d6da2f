"""Reranking: kinds that the first results share move their like up, and gentle priors decide between equals."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.elastic.feedback import WINDOW, Hit, rerank, whole

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


def test_words_that_stand_together_are_worth_more_than_a_prior() -> None:
    apart = Hit(1, 10.0, sold=1000, age=0)
    assert ids(rerank([apart, Hit(2, 9.8, together=True)], {})) == [2, 1]
    assert ids(rerank([apart, Hit(2, 8.0, together=True)], {})) == [1, 2]


@pytest.mark.parametrize("prior", [{"sold": 10**6}, {"age": 0}, {"in_stock": True}, {"phrase": True}])
def test_a_prior_does_not_beat_words_that_fit_much_better(prior: dict[str, float | bool]) -> None:
    assert ids(rerank([Hit(1, 10.0, in_stock=False), Hit(2, 8.0, **{"in_stock": False, **prior})], {})) == [1, 2]


def test_what_is_listed_many_times_has_one_vote() -> None:
    # A cover in twenty sizes, all of one title, would pass for what is looked for.
    covers = [Hit(20 + number, 9.95, ("cover",), title="cover") for number in range(20)]
    things = [Hit(1, 10.0, ("wireless",), title="first"), Hit(2, 9.9, ("wireless",), title="second")]
    shares = {"cover": 0.02, "wireless": 0.02}
    assert ids(rerank([*covers, *things], shares))[:2] == [1, 2]
    untitled = [replace(hit, title="") for hit in (*covers, *things)]
    assert ids(rerank(untitled, shares))[:2] == [20, 21]


def test_the_thing_comes_before_what_only_goes_with_it() -> None:
    other, thing, beside = Hit(1, 10.0), Hit(2, 9.9, thing=True), Hit(3, 10.0, beside=True)
    assert ids(rerank([beside, other, thing], {})) == [2, 1, 3]
    # One that is called by more of the words is it even more surely.
    assert ids(rerank([thing, replace(thing, id=4, score=9.8, very=True)], {})) == [4, 2]
    # What fits the words far better is not held up.
    assert ids(rerank([Hit(1, 10.0), Hit(2, 8.0, thing=True)], {})) == [1, 2]


def test_what_is_called_so_comes_first_also_where_more_of_the_others_are_alike() -> None:
    lenses = [Hit(number, 10.0, ("lens",)) for number in range(4)]
    cameras = [Hit(10 + number, 10.0, (f"make {number}",)) for number in range(3)]
    shares = {"lens": 0.001, **{f"make {number}": 0.001 for number in range(3)}}
    named = [replace(hit, thing=True) for hit in cameras]
    assert ids(rerank([*lenses, *named], shares)) == [10, 11, 12, 0, 1, 2, 3]
    assert ids(rerank([*lenses, *cameras], shares)) == [0, 1, 2, 3, 10, 11, 12]


def test_the_less_the_first_agree_the_less_their_vote_moves() -> None:
    rare = dict.fromkeys(("lamp", "shade", "bulb", "cord"), 0.001)
    last = Hit(9, 8.0, ("lamp",))
    divided = [*(Hit(number, 10.0, (kind,)) for number, kind in enumerate(("shade", "bulb", "cord"))), last]
    agreed = [*(Hit(number, 10.0, ("lamp",)) for number in range(3)), Hit(5, 8.1, ("shade",)), last]
    assert ids(rerank(divided, rare))[-1] == 9
    assert ids(rerank(agreed, rare))[-2:] == [9, 5]


def test_a_few_with_all_the_words_stand_among_those_with_some() -> None:
    # The first has all three words in a long text; the others have two of them where it counts.
    few = [Hit(1, 5.0), Hit(2, 9.0)]
    some = [Hit(3, 10.0), Hit(4, 7.4)]
    assert ids(rerank([*whole(few), *some], {})) == [2, 3, 1, 4]


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
