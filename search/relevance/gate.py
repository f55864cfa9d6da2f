"""The gate: what a draft would do to the judged queries and the checks, before anybody sees it.

Only queries that the draft can touch are asked, those for which it changes what merchandisers say; all others keep the
score that they were last given.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from search.rules.content import Content
from search.rules.matching import Book, Redirect
from search.rules.selectors import Provider, answer_for, provider, published_book
from search.types import Guidance, ListingQuery

from . import metrics
from .answers import Answer, Answers
from .checks import place_in, wanted, where
from .models import JudgedQuery, Judgement, RelevanceCheck

# Whoever publishes waits no longer.
SECONDS = 8.0
# Less is no loss: ties alone move as much.
LOSS_OF_MEAN = 0.01
LOSS_OF_ONE = 0.1
SHORTEST_REASON = 10
# What is published about a query, and what would be.
Said = tuple[Guidance, Guidance]


@dataclass(frozen=True, slots=True)
class QueryChange:
    """A judged query that the draft touches, with its NDCG@10 by what is published and by the draft."""

    query: str
    before: float
    after: float

    @property
    def change(self) -> float:
        """Above 0 it wins."""
        return self.after - self.before

    @property
    def went(self) -> str:
        """ "up", "down" or "same"."""
        if abs(self.change) < 0.0005:
            return "same"
        return "up" if self.change > 0 else "down"


@dataclass(frozen=True, slots=True)
class CheckChange:
    """A check with the places that decide it before and after (checks.py). `wanted` and `where` say it in words."""

    id: int
    query: str
    wanted: str
    where: str
    note: str
    before: int
    after: int
    passed: bool
    passes: bool

    @property
    def is_lost(self) -> bool:
        """Whether the draft is what makes it fail."""
        return self.passed and not self.passes


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a draft does to the ranking. `mean_before` and `mean_after` go over every judged query that has a score.

    `changes` are the queries that it touches, the greatest loss first; `checks` are all of them, failing ones first.
    `unasked` is how many there was no time for, and `is_ours` whether the shop's own engine answered. `sent` are judged
    queries whose results nobody would see any more, as the draft sends people to a page.
    """

    judged: int
    mean_before: float | None
    mean_after: float | None
    changes: tuple[QueryChange, ...]
    checks: tuple[CheckChange, ...]
    unasked: int = 0
    is_ours: bool = True
    sent: tuple[str, ...] = ()

    @property
    def passing(self) -> int:
        """How many checks hold under the draft."""
        return sum(check.passes for check in self.checks)

    @property
    def change(self) -> float:
        """Of the mean over every judged query."""
        return (self.mean_after or 0.0) - (self.mean_before or 0.0)

    @property
    def by(self) -> float:
        """The same without its sign, for "up 0.003"."""
        return abs(self.change)

    @property
    def went(self) -> str:
        """Of the mean: "up", "down" or "same"."""
        return QueryChange("", self.mean_before or 0.0, self.mean_after or 0.0).went

    @property
    def is_harmful(self) -> bool:
        """Whether publishing it needs a second word."""
        return bool(self.losses())

    @property
    def failing(self) -> tuple[CheckChange, ...]:
        """Checks that do not hold under the draft."""
        return tuple(check for check in self.checks if not check.passes)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to measure by: no judged query and no check."""
        return not (self.judged or self.changes or self.checks or self.unasked)

    def losses(self) -> tuple[str, ...]:
        """Why it should not be published as it is, a sentence each; none where it does no harm."""
        found = [
            _("“%(query)s”: %(wanted)s, and would be: %(where)s.")
            % {"query": check.query, "wanted": check.wanted, "where": check.where}
            for check in self.checks
            if check.is_lost
        ]
        mean = metrics.mean([change.change for change in self.changes]) if self.changes else 0.0
        if mean < -LOSS_OF_MEAN:
            found.append(
                _("The judged queries that it touches lose %(loss).3f of NDCG@10 on average.") % {"loss": -mean}
            )
        found += [
            _("“%(query)s” falls from %(before).3f to %(after).3f.")
            % {"query": change.query, "before": change.before, "after": change.after}
            for change in self.changes
            if change.change < -LOSS_OF_ONE
        ]
        found += [
            _("“%(query)s” is judged, and nobody would see its results: people would be sent to a page.")
            % {"query": query}
            for query in self.sent
        ]
        if self.unasked:
            found.append(
                _("%(count)d queries could not be measured in %(seconds)d seconds: try again, what is known is kept.")
                % {"count": self.unasked, "seconds": SECONDS}
            )
        if not self.is_ours:
            found.append(_("Elasticsearch does not answer just now, so what it would find could not be measured."))
        return tuple(found)


def compare_draft(rule_id: int, content: Content, *, book: Book | None = None, seconds: float = SECONDS) -> Comparison:
    """What publishing this content for a rule would do, at the moment from which it would hold.

    `book` is what it is compared with: what is published.
    """
    book = published_book() if book is None else book
    now = timezone.now()
    moment = max(now, content.starts) if content.starts else now
    changed = book.with_rule(rule_id, content)
    found = compare(provider(book, now=moment), provider(changed, now=moment), seconds=seconds)
    return replace(found, sent=_sent(book, changed, moment)) if content.redirect else found


def _sent(before: Book, after: Book, now: datetime) -> tuple[str, ...]:
    """What people have judged or check, and what a page would answer in place of results."""
    judged = [
        *JudgedQuery.objects.values_list("text", flat=True),
        *RelevanceCheck.objects.values_list("query", flat=True),
    ]

    def is_sent(text: str, book: Book) -> bool:
        return isinstance(answer_for(text, book=book, now=now), Redirect)

    return tuple(text for text in sorted(set(judged)) if is_sent(text, after) and not is_sent(text, before))


def compare(before: Provider, after: Provider, *, seconds: float = SECONDS) -> Comparison:
    """The judged queries and the checks under two sets of rules, asked for `seconds` at most."""
    ends = time.monotonic() + seconds
    asked = _Asked(Answers(), lambda: time.monotonic() > ends)

    def say(text: str) -> Said:
        """What either says about a query."""
        query = ListingQuery(text=text)
        return before(query), after(query)

    scores, changes = _changes(asked, say)
    checks = _checks(asked, say)
    return Comparison(
        judged=len(scores),
        mean_before=metrics.mean([score.before for score in scores]) if scores else None,
        mean_after=metrics.mean([score.after for score in scores]) if scores else None,
        changes=tuple(sorted(changes, key=lambda change: (change.change, change.query))),
        checks=tuple(sorted(checks, key=lambda check: (check.passes, not check.is_lost, check.query, check.id))),
        unasked=len(asked.unasked),
        is_ours=asked.is_ours,
    )


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Somebody's word that a loss is to be borne, and why. One who had no hand in the draft needs no reason."""

    reason: str = ""


def not_accepted(
    comparison: Comparison, acceptance: Acceptance | None, *, by: Any, authors: Collection[int]
) -> list[str]:
    """Why `by` may not publish what `authors` wrote; nothing where it does no harm, or where its harm is accepted."""
    losses = list(comparison.losses())
    if not losses:
        return []
    if acceptance is None:
        return [
            *losses,
            _("Mend the draft, or accept the loss: who had a hand in it with a reason, anybody else just so."),
        ]
    if needs_reason(by=by, authors=authors) and sum(map(str.isalnum, acceptance.reason)) < SHORTEST_REASON:
        return [
            *losses,
            _("You had a hand in this draft: say why the loss is worth it, in %(count)d letters or more.")
            % {"count": SHORTEST_REASON},
        ]
    return []


def needs_reason(*, by: Any, authors: Collection[int]) -> bool:
    """Whether whoever publishes is no second person: wrote some of it, or nobody knows who did."""
    return by is None or not authors or by.pk in authors


def to_json(comparison: Comparison, acceptance: Acceptance | None) -> dict[str, Any]:
    """What the history keeps of it."""
    losses = comparison.losses()
    held: dict[str, Any] = {
        "judged": comparison.judged,
        "touched": len(comparison.changes),
        "before": comparison.mean_before,
        "after": comparison.mean_after,
        "checks": len(comparison.checks),
        "passing": comparison.passing,
    }
    if losses:
        held |= {"losses": list(losses), "reason": acceptance.reason[:500] if acceptance else ""}
    return held


def in_words(held: dict[str, Any], *, note: str = "") -> str:
    """What the history kept, as a sentence or two; nothing where nothing was measured. `note` is read beside it."""
    if not held.get("touched") and not held.get("losses"):
        return ""
    said = _("NDCG@10 over %(judged)d judged queries went from %(before).3f to %(after).3f.") % {
        "judged": held["judged"],
        "before": held["before"] or 0,
        "after": held["after"] or 0,
    }
    if not held.get("losses"):
        return said
    reason = held.get("reason", "")
    if not reason or reason == note:
        return f"{said} " + _("The loss was accepted.")
    return f"{said} " + _("The loss was accepted: %(reason)s") % {"reason": reason}


class _Asked:
    """Asks as long as there is time, and remembers what it could not ask."""

    def __init__(self, answers: Answers, is_late: Callable[[], bool]) -> None:
        self._answers, self._is_late = answers, is_late
        self.unasked: set[str] = set()
        self.is_ours = True

    def pair(self, text: str, said: Said) -> tuple[Answer, Answer] | None:
        """Both answers; None where time is over, or where they come from another engine than the shop's."""
        if self._is_late():
            self.unasked.add(text)
            return None
        found = self._answers.find(text, said[0]), self._answers.find(text, said[1])
        if not all(answer.is_ours for answer in found):
            self.is_ours = False
            return None
        return found


def _changes(asked: _Asked, say: Callable[[str], Said]) -> tuple[list[QueryChange], list[QueryChange]]:
    """Every judged query with a score, and those of them that are touched."""
    scores: list[QueryChange] = []
    touched: list[tuple[JudgedQuery, Said]] = []
    for judged in JudgedQuery.objects.only("text", "ndcg").order_by("text"):
        said = say(judged.text)
        if said[0] != said[1]:
            touched.append((judged, said))
        elif judged.ndcg is not None:
            scores.append(QueryChange(judged.text, judged.ndcg, judged.ndcg))
    ratings: dict[int, dict[int, int]] = {}
    rows = Judgement.objects.filter(query__in=[row.pk for row, _said in touched])
    for query_id, product_id, rating in rows.values_list("query_id", "product_id", "rating"):
        ratings.setdefault(query_id, {})[product_id] = rating
    changes = []
    for judged, said in touched:
        rated = ratings.get(judged.pk, {})
        if not any(rated.values()) or (found := asked.pair(judged.text, said)) is None:
            continue
        before, after = (metrics.ndcg(answer.ids, rated) or 0.0 for answer in found)
        changes.append(QueryChange(judged.text, before, after))
    return scores + changes, changes


def _checks(asked: _Asked, say: Callable[[str], Said]) -> list[CheckChange]:
    """Every check with its places; one that nobody has looked at yet is looked at now."""
    found = []
    for check in RelevanceCheck.objects.select_related("product"):
        before = after = check.place or 0
        said = say(check.query)
        if said[0] != said[1] or check.place is None:
            pair = asked.pair(check.query, said)
            if pair is None:
                continue
            before, after = (place_in(check, answer.ids) for answer in pair)
        found.append(
            CheckChange(
                id=check.pk,
                query=check.query,
                wanted=wanted(check),
                where=where(check, after),
                note=check.note,
                before=before,
                after=after,
                passed=check.passes(before),
                passes=check.passes(after),
            )
        )
    return found
