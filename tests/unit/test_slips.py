"""Which near words were surely meant, and which may be words of their own."""

from __future__ import annotations

import pytest

from search.spelling import is_slip


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("labtop", "laptop"),  # sounds alike
        ("speeker", "speaker"),
        ("headfones", "headphones"),
        ("phlask", "flask"),
        ("kettel", "kettle"),  # swapped
        ("scisors", "scissors"),  # left out
        ("keyboaard", "keyboard"),  # doubled
        ("headphomes", "headphones"),  # the next key
        ("keybqard", "keyboard"),  # one odd letter in a long word
        ("moise", "mouse"),
        ("ekttle", "kettle"),
        ("lapm", "lamp"),
        ("mous", "mouse"),
        ("embr", "ember"),
        ("sofaa", "sofa"),
        ("mugg", "mug"),
    ],
)
def test_a_slip_of_finger_or_ear(typed: str, meant: str) -> None:
    assert is_slip(typed, meant)


@pytest.mark.parametrize(
    ("typed", "other"),
    [
        ("wedding", "weaving"),  # two letters that nobody takes for each other
        ("sofa", "soft"),
        ("sofa", "soda"),  # next to each other, but all short words are near to another
        ("lamp", "clamp"),
        ("table", "cable"),  # another first letter
        ("hat", "chat"),
        ("guitar", "sitars"),
        ("shower", "shaver"),  # two slips make another word of a short one
        ("shower", "shoe"),
        ("drone", "shone"),
    ],
)
def test_a_word_of_its_own(typed: str, other: str) -> None:
    assert not is_slip(typed, other)
