"""How far words are from each other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.spelling import distance

words = st.text(alphabet="abc", max_size=7)


@pytest.mark.parametrize(
    ("one", "other", "steps"),
    [
        ("teapot", "teapot", 0),
        ("taepot", "teapot", 1),  # swapped
        ("tepot", "teapot", 1),  # left out
        ("teappot", "teapot", 1),  # added
        ("teaqot", "teapot", 1),  # mistaken
        ("taepto", "teapot", 2),
        ("kettle", "teapot", 3),
    ],
)
def test_steps_from_word_to_word(one: str, other: str, steps: int) -> None:
    assert distance(one, other, 2) == steps


@given(words, words)
def test_it_is_the_same_both_ways_and_stops_at_the_limit(one: str, other: str) -> None:
    whole = distance(one, other, 20)
    assert whole == distance(other, one, 20)
    assert (whole == 0) == (one == other)
    assert abs(len(one) - len(other)) <= whole <= max(len(one), len(other))
    assert distance(one, other, 2) == min(whole, 3)
