"""Which words of a question are looked for."""

from __future__ import annotations

import pytest

from search.elastic.question import said


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("what is the best keyboard", ["best", "keyboard"]),
        ("Do you have USB hubs", ["USB", "hubs"]),
        ("welche Tastatur ist die beste", ["Tastatur", "beste"]),
        ("ink for XP-610", ["ink", "XP-610"]),
        ("13 in tablet", ["13", "in", "tablet"]),
        # Where nothing else is said, they are all that there is.
        ("what is this", ["what", "is", "this"]),
        ("The Who", ["The", "Who"]),
        # Names and things: a watering can, and Windows ME.
        ("can", ["can"]),
        ("watering can", ["watering", "can"]),
        ("windows me", ["windows", "me"]),
        ("", []),
    ],
)
def test_what_every_question_has_is_not_looked_for(question: str, found: list[str]) -> None:
    assert said(question) == found
