"""The scores: examples worked out by hand, and bounds that hold for whatever is ranked."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.relevance.metrics import bootstrap_interval, condensed_ndcg, dcg, gain, mean, ndcg, unrated_share

RATED = {"a": 3, "b": 2, "c": 1, "d": 0}


def test_gains_are_those_of_the_formula():
    assert [gain(rating) for rating in range(4)] == [0, 1, 3, 7]


def test_dcg_by_hand():
    # 7/log2(2) + 3/log2(3) + 1/log2(4) = 7 + 1.8928 + 0.5
    assert dcg([3, 2, 1]) == pytest.approx(9.392789, abs=1e-6)


def test_the_best_order_is_one_and_a_wrong_one_less():
    assert ndcg(["a", "b", "c", "d"], RATED) == 1.0
    # 1/1 + 3/log2(3) + 7/2 = 6.392789, over 9.392789
    assert ndcg(["c", "b", "a"], RATED) == pytest.approx(0.680606, abs=1e-6)


def test_an_unrated_product_counts_nothing_and_takes_a_place():
    # (7/log2(3)) / 9.392789
    assert ndcg(["x", "a"], RATED) == pytest.approx(0.470202, abs=1e-6)
    assert ndcg(["x"], RATED) == ndcg(["d"], RATED) == ndcg([], RATED) == 0.0


def test_the_ideal_is_made_of_all_rated_products_and_not_of_those_that_were_found():
    # Only the best of two 3s is found: 7 over 7 + 7/log2(3)
    assert ndcg([1], {1: 3, 2: 3}) == pytest.approx(0.613147, abs=1e-6)


def test_only_the_first_ten_count_and_the_ideal_has_ten_places_too():
    rated = dict.fromkeys(range(12), 1)
    assert ndcg(list(range(10)), rated) == 1.0
    assert ndcg([*range(100, 110), *range(12)], rated) == 0.0
    assert ndcg([100, 0], {0: 1}, k=1) == 0.0


def test_a_query_without_a_rating_above_zero_has_no_score():
    assert ndcg(["a"], {"a": 0}) is None
    assert ndcg(["a"], {}) is None
    assert condensed_ndcg(["a"], {"a": 0}) is None


def test_condensed_leaves_the_unrated_out_wherever_they_stand():
    found = [*range(100, 130), "a", "b", "c", "d"]
    assert ndcg(found, RATED) == 0.0
    assert condensed_ndcg(found, RATED) == 1.0
    assert condensed_ndcg(["x", "c", "y", "b", "a"], RATED) == pytest.approx(0.680606, abs=1e-6)


def test_the_share_of_unrated_is_of_what_is_shown():
    assert unrated_share(["a", "x", "y", "b"], RATED) == 0.5
    assert unrated_share([*"abcd", *range(6), *range(100, 200)], RATED) == 0.6
    assert unrated_share([], RATED) == 0.0


def test_a_mean_of_nothing_is_refused():
    with pytest.raises(ValueError, match="at least one query"):
        mean([])
    with pytest.raises(ValueError, match="at least one query"):
        bootstrap_interval([])


def test_the_interval_is_the_same_each_time_and_another_with_another_seed():
    values = [math.sqrt(number / 30) for number in range(30)]
    assert bootstrap_interval(values) == bootstrap_interval(values)
    assert bootstrap_interval(values, samples=200) != bootstrap_interval(values, samples=200, seed=7)


def test_the_interval_is_about_two_standard_errors_wide_on_either_side():
    values = [0.0, 1.0] * 200
    low, high = bootstrap_interval(values)
    # sd 0.5 over sqrt(400), times 1.96
    assert 0.5 - low == pytest.approx(0.049, abs=0.005)
    assert high - 0.5 == pytest.approx(0.049, abs=0.005)


ranked = st.lists(st.integers(0, 40), unique=True, max_size=30)
ratings = st.dictionaries(st.integers(0, 40), st.integers(0, 3), max_size=30)


@given(ranked, ratings)
def test_every_score_lies_between_nought_and_one(ids, rated):
    if any(rated.values()):
        assert 0 <= ndcg(ids, rated) <= 1 + 1e-9
        assert 0 <= condensed_ndcg(ids, rated) <= 1 + 1e-9
    else:
        assert ndcg(ids, rated) is None
    assert 0 <= unrated_share(ids, rated) <= 1


@given(ranked, ratings)
def test_leaving_the_unrated_out_never_lowers_a_score(ids, rated):
    if any(rated.values()):
        assert condensed_ndcg(ids, rated) >= ndcg(ids, rated) - 1e-9


@given(ratings.filter(lambda rated: any(rated.values())), st.randoms())
def test_no_order_is_better_than_the_ratings_own(rated, chance):
    best = sorted(rated, key=lambda pk: -rated[pk])
    other = list(best)
    chance.shuffle(other)
    assert ndcg(best, rated) == pytest.approx(1.0)
    assert ndcg(other, rated) <= 1 + 1e-9


@given(ranked.filter(lambda ids: len(ids) > 1), ratings, st.data())
def test_moving_a_better_product_up_never_harms(ids, rated, data):
    place = data.draw(st.integers(0, len(ids) - 2))
    upper, lower = ids[place], ids[place + 1]
    if not any(rated.values()) or rated.get(lower, 0) < rated.get(upper, 0):
        return
    swapped = [*ids[:place], lower, upper, *ids[place + 2 :]]
    assert ndcg(swapped, rated) >= ndcg(ids, rated) - 1e-9


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_the_interval_holds_the_mean_and_stays_within_the_values(values):
    low, high = bootstrap_interval(values, samples=100)
    assert low <= mean(values) <= high
    assert min(values) - 1e-9 <= low
    assert high <= max(values) + 1e-9
    assert math.isfinite(low)
