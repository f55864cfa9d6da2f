"""Judgements are imported while somebody takes a rating back."""

from __future__ import annotations

import pytest

from search.relevance import operations
from search.relevance.files import Line
from search.relevance.models import JudgedQuery, Judgement
from tests.factories import make_product

from .conftest import AtOnce

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("postgres")]
TURNS = 40


def test_an_import_waits_for_a_rating_that_is_taken_back(at_once: AtOnce, monkeypatch: pytest.MonkeyPatch) -> None:
    mug, jug = make_product("Mug"), make_product("Jug")
    monkeypatch.setattr(operations, "listed_by_code", lambda codes: {"MUG": mug.pk})
    lines = [Line(number, f"mug {number}", "MUG", 3) for number in range(4)]

    def take_in() -> int:
        return sum(operations.import_judgements(lines, by=None).queries for _turn in range(TURNS))

    def take_back() -> None:
        for turn in range(TURNS):
            operations.rate(f"mug {turn % 4}", {jug.pk: 2}, by=None)
            operations.rate(f"mug {turn % 4}", {jug.pk: None, mug.pk: None}, by=None)

    assert at_once([take_in, take_in, take_back]) == [4 * TURNS, 4 * TURNS, None]
    operations.import_judgements(lines, by=None)
    assert sorted(JudgedQuery.objects.values_list("text", flat=True)) == [line.query for line in lines]
    assert set(Judgement.objects.values_list("product", "rating")) == {(mug.pk, 3)}
