"""How words are spelt."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.words import LONGEST_WORD, fold, joined, numbers, typed, words


@pytest.mark.parametrize(
    ("text", "spelt"),
    [
        ("Mugs", ["mug"]),
        ("Glasses, dishes & boxes", ["glass", "dish", "box"]),
        ("berries ties", ["berry", "tie"]),
        ("Crème brûlée", ["creme", "brulee"]),
        ("STRASSE Straße", ["strasse", "strasse"]),
        ("bus glass basis", ["bus", "glass", "basis"]),
        ("x3s CF280s", ["x3s", "cf280s"]),
        ("snake_case", ["snake", "case"]),
        ("Core™2 Ex℠ B®w", ["core", "2", "ex", "b", "w"]),
        ("  ", []),
    ],
)
def test_words(text: str, spelt: list[str]) -> None:
    assert words(text) == spelt


def test_numbers_come_with_and_without_separators_and_zeros() -> None:
    assert numbers("CF-280X 0012345 - 000") == ["cf", "280x", "cf280x", "0012345", "12345", "000"]


def test_only_what_has_a_digit_is_looked_for_as_one_number() -> None:
    assert joined("cf 280-x") == "cf280x"
    assert joined("red mug") == ""
    assert joined("mug2") == ""


def test_the_last_word_stays_as_it_is_being_typed() -> None:
    assert typed("red mugs") == (["red"], "mugs")
    assert typed("") == ([], "")


@given(st.text())
def test_whatever_comes_in_only_letters_and_digits_come_out(text: str) -> None:
    for word in [*words(text), *numbers(text), joined(text) or "x", typed(text)[1] or "x"]:
        assert word.isalnum()
        assert len(word) <= LONGEST_WORD
        assert fold(word) == word or not word.isascii()
