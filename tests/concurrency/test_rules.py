"""Two merchandisers publish at the same moment."""

from __future__ import annotations

from functools import partial

import pytest

from search.rules import operations, reading
from search.rules.content import Content
from search.rules.models import Rule, RuleBook, RuleVersion
from search.rules.operations import RuleError

from .conftest import AtOnce

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("postgres")]


def test_the_same_draft_is_published_once(at_once: AtOnce) -> None:
    rule = operations.create(Content(queries=("pot",), also=("kettle",)), by=None)
    done = at_once([partial(operations.publish, rule.pk, seen=1, by=None)] * 4)
    assert sorted(type(each).__name__ for each in done) == ["RuleError"] * 3 + ["RuleVersion"]
    assert RuleVersion.objects.count() == 1 and list(reading.stored().rules) == [rule.pk]


def test_rules_published_together_are_all_in_the_book(at_once: AtOnce) -> None:
    rules = [operations.create(Content(queries=(f"pot {number}",), also=("kettle",)), by=None) for number in range(4)]

    def publish(rule: Rule) -> None:
        # Whoever is told that another one was quicker tries again.
        for _attempt in range(8):
            try:
                operations.publish(rule.pk, seen=1, by=None)
            except RuleError:
                continue
            return

    at_once([partial(publish, rule) for rule in rules])
    assert sorted(reading.stored().rules) == [rule.pk for rule in rules]
    assert RuleBook.objects.count() == 1


def test_one_of_two_drafts_saved_together_is_kept_whole(at_once: AtOnce) -> None:
    rule = operations.create(Content(queries=("pot",), also=("kettle",)), by=None)
    drafts = [Content(queries=("pot",), also=(word,)) for word in ("jug", "urn")]
    done = at_once([partial(operations.save_draft, rule.pk, draft, seen=1, by=None) for draft in drafts])
    assert sorted(type(each).__name__ for each in done) == ["Rule", "RuleError"]
    rule.refresh_from_db()
    assert rule.draft_number == 2 and rule.draft["also"] in (["jug"], ["urn"])
