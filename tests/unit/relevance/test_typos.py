"""Slips of the finger: one edit, the same each time, where shoppers make them."""

from __future__ import annotations

import string

from hypothesis import given
from hypothesis import strategies as st

from search.relevance.typos import with_typo


def distance(one: str, other: str) -> int:
    """Edits between two words, two swapped neighbours counting one (optimal string alignment)."""
    rows = [list(range(len(other) + 1))]
    for i, left in enumerate(one, start=1):
        row = [i]
        for j, right in enumerate(other, start=1):
            best = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (left != right))
            if i > 1 and j > 1 and left == other[j - 2] and one[i - 2] == right:
                best = min(best, rows[-2][j - 2] + 1)
            row.append(best)
        rows.append(row)
    return rows[-1][-1]


words = st.text(alphabet=string.ascii_lowercase, min_size=1, max_size=12)


@given(st.lists(words, min_size=1, max_size=4).map(" ".join))
def test_one_edit_in_the_longest_word_and_nowhere_else(query):
    wrong = with_typo(query)
    before = query.split()
    longest = max(before, key=len)
    if len(longest) < 4:
        assert wrong is None
        return
    after = wrong.split()
    changed = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    assert len(changed) == 1
    assert changed[0][0] == longest
    assert distance(*changed[0]) == 1
    assert changed[0][1][0] == longest[0]


def test_the_same_each_time_and_another_with_another_seed():
    assert with_typo("waterproof bluetooth speaker") == with_typo("waterproof bluetooth speaker")
    assert len({with_typo("bluetooth", seed=seed) for seed in range(20)}) > 5


def test_numbers_and_short_words_are_left_as_they_are():
    assert with_typo("ps4 pro") is None
    assert with_typo("rtx 2060") is None
    assert with_typo("tn-2110 toner").startswith("tn-2110 ")
    # A word of one letter repeated can still be mistyped.
    assert with_typo("aaaa") not in (None, "aaaa")
