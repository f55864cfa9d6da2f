"""What a question is about, by what the catalogue calls its things."""

from __future__ import annotations

import pytest

from search.elastic.question import THING, Question
from search.elastic.vocabulary import Vocabulary

NUMBER = 1000
CALLED = {
    "cable": 90,
    "hdmi cable": 40,
    "hdmi": 12,
    "monitor": 50,
    "notebook": 60,
    "case": 30,
    "notebook case": 20,
    "bag": 9,
}
MAKERS = frozenset(("samsung", "dell", "case logic"))


@pytest.fixture
def vocabulary() -> Vocabulary:
    heads = {head: number / NUMBER for head, number in CALLED.items()}
    return Vocabulary(heads=heads, same={"laptop": ["notebook"]}, brands=MAKERS, makers=MAKERS, products=NUMBER)


@pytest.mark.parametrize(
    ("question", "behind"),
    [
        ("monitor samsung", 1),
        ("samsung monitor", 0),
        ("bag case logic", 2),
        # Things are called by the two the other way round.
        ("cable hdmi", 1),
        ("hdmi cable", 0),
        ("notebook case", 0),
        # Nothing tells which of the two it is, and the last word is as good as any.
        ("bag hdmi", 0),
        ("samsung", 0),
        ("case logic", 0),
        ("", 0),
        ("!!", 0),
    ],
)
def test_a_maker_or_a_word_that_stands_before_the_thing_elsewhere_is_not_the_thing(
    vocabulary: Vocabulary, question: str, behind: int
) -> None:
    assert vocabulary.behind(question) == behind


def test_other_names_of_the_thing_are_found_before_a_maker(vocabulary: Vocabulary) -> None:
    assert vocabulary.also("laptop dell") == vocabulary.also("dell laptop") == (("laptop", "notebook"),)
    assert vocabulary.weight("laptop dell") == vocabulary.weight("dell laptop") < 1


def test_the_thing_is_asked_for_and_not_its_maker() -> None:
    (clause, *_rest) = Question("monitor samsung", behind=1).extras()
    assert clause["constant_score"]["_name"] == THING
    assert "monitor" in str(clause) and "samsung" not in str(clause)
