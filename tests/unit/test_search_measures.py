"""Numbers with their units as one word."""

from __future__ import annotations

import pytest

from search.elastic.measures import MOST, measures


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("SSD of 500 GB, 500GB", ["500gb"]),
        ("2 TB or 2TB", ["2000gb"]),
        ("1.5 TB", ["1.5tb"]),
        ("Kettle, 1,7 l", ["1,7l"]),
        ("15 m of C2G and 2 PS4", ["15m"]),
        ("802.11g, XP-610M, 3.5mm", ["802.11g", "3.5mm"]),
        ("10 things", []),
        ("9" * 500 + " GB", ["9" * 500 + "gb"]),
        ("٣ GB", []),
    ],
)
def test_a_number_and_its_unit_are_one_word(text: str, found: list[str]) -> None:
    assert measures([text]) == found


def test_there_is_an_end_to_them() -> None:
    assert len(measures([f"{number} mm" for number in range(MOST + 5)])) == MOST
