"""Work on drafts, publish them, take them off the site, go back to an earlier version.

Publishing is one transaction under the lock of the book's one row: a version is noted and the book is written anew, so
that a page reads the rule before or the rule after, never a part of it.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from search.relevance import gate

from . import reading
from .checks import clashes, faults, missing
from .content import Content, from_json, to_json
from .models import Rule, RuleBook, RuleVersion


class RuleError(Exception):
    """What was asked for cannot be done; `reasons` say why and what helps."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


class LossError(RuleError):
    """Publishing would do harm, and nobody has accepted that; `comparison` says what it would do."""

    def __init__(self, reasons: list[str], comparison: gate.Comparison) -> None:
        super().__init__(reasons)
        self.comparison = comparison


def create(content: Content, *, by: Any) -> Rule:
    """A new draft. Raises RuleError for what can never be right."""
    _refuse(faults(content))
    with transaction.atomic():
        rule = Rule.objects.create(kind=content.kind, changed_by=by, **_columns(content))
        _sign(rule, by)
    return rule


def save_draft(rule_id: int, content: Content, *, seen: int, by: Any) -> Rule:
    """Keep what somebody made of draft number `seen`. Raises RuleError where another one was saved since."""
    _refuse(faults(content))
    with transaction.atomic():
        rule = _held(rule_id, seen)
        if to_json(content) == rule.draft:
            return rule
        for name, value in _columns(content).items():
            setattr(rule, name, value)
        rule.draft_number += 1
        rule.is_changed = rule.published is None or rule.published.content != rule.draft
        rule.changed_at, rule.changed_by = timezone.now(), by
        rule.save()
        _sign(rule, by)
    return rule


def publish(
    rule_id: int, *, seen: int, by: Any, note: str = "", acceptance: gate.Acceptance | None = None
) -> RuleVersion:
    """Make draft number `seen` what holds. Raises RuleError where it is incomplete, published already or another one.

    What it does to the judged queries and the checks is looked at first, outside the transaction, since that asks the
    engine. Raises LossError where it does harm and `acceptance` does not accept that.
    """
    rule = Rule.objects.get(pk=rule_id)
    content = from_json(rule.draft)
    _refuse([*faults(content), *missing(content)])
    version = _book_version()
    comparison = gate.compare_draft(rule_id, content, book=reading.stored())
    if losses := gate.not_accepted(comparison, acceptance, by=by, authors=authors_of(rule)):
        raise LossError(losses, comparison)
    with transaction.atomic():
        _lock()
        rule = _held(rule_id, seen)
        if not rule.is_changed:
            raise RuleError([_("This draft is published already.")])
        if from_json(rule.draft) != content or _book_version() != version:
            raise RuleError([_("Somebody published or changed a rule while this one was being looked at: try again.")])
        relevance = gate.to_json(comparison, acceptance)
        return _publish(rule, content, by=by, note=note, relevance=relevance)


def publish_again(rule_id: int, *, number: int, by: Any, note: str = "") -> RuleVersion:
    """Undo: make an earlier version what holds, as a new version. A draft with other changes is left as it is."""
    with transaction.atomic():
        _lock()
        rule = _held(rule_id)
        version = rule.versions.get(number=number)
        if version.is_withdrawal:
            raise RuleError(
                [
                    _("Version %(number)d took the rule off the site: there is nothing to publish in it.")
                    % {"number": number}
                ]
            )
        if rule.published and rule.published.content == version.content:
            raise RuleError([_("What version %(number)d says is what holds now.") % {"number": number}])
        if not rule.is_changed or rule.published is None:
            for name, value in _columns(from_json(version.content)).items():
                setattr(rule, name, value)
            rule.draft_number += 1
        return _publish(
            rule, from_json(version.content), by=by, note=note or _("Version %(number)d again") % {"number": number}
        )


def withdraw(rule_id: int, *, by: Any, note: str = "") -> RuleVersion:
    """Take it off the site. The draft stays, and what held becomes the last version before this one."""
    with transaction.atomic():
        _lock()
        rule = _held(rule_id)
        if rule.published is None:
            raise RuleError([_("This rule is not on the site.")])
        version = _note(rule, rule.published.content, by=by, note=note, is_withdrawal=True)
        rule.published, rule.starts, rule.ends, rule.is_changed = None, None, None, True
        rule.save()
        _write_book()
    return version


def delete(rule_id: int) -> None:
    """Delete a rule that is not on the site, with its history. Raises RuleError for one that is."""
    with transaction.atomic():
        rule = _held(rule_id)
        if rule.published is not None:
            raise RuleError([_("This rule is on the site: take it off first.")])
        rule.delete()


def authors_of(rule: Rule) -> frozenset[int]:
    """The ids of those who changed the draft since it was last what holds, whoever of them was the last."""
    return frozenset(rule.authors.values_list("pk", flat=True))


def in_the_way(rule: Rule) -> list[str]:
    """Why the draft cannot be published as it is."""
    return _faults(rule, from_json(rule.draft))


def _faults(rule: Rule, content: Content) -> list[str]:
    others = {pk: held for pk, held in reading.stored().rules.items() if pk != rule.pk}
    return [*faults(content), *missing(content), *clashes(content, others)]


def outdated(rule: Rule) -> str:
    """What is said to somebody who worked on an earlier draft."""
    who = rule.changed_by.email if rule.changed_by else _("somebody")
    text = _(
        "%(who)s saved this draft since you opened it. What is here now is the newer one; nothing of yours is saved."
    )
    return text % {"who": who}


def _refuse(reasons: list[str]) -> None:
    if reasons:
        raise RuleError(reasons)


def _columns(content: Content) -> dict[str, Any]:
    """What the list shows and looks through follows the draft."""
    words = [
        content.subject,
        *content.queries,
        *content.also,
        *(entry.label for entry in content.entries),
        content.redirect,
    ]
    return {
        "draft": to_json(content),
        "subject": content.subject[:255] or _("Without a name"),
        "words": "\n".join(dict.fromkeys(word for word in words if word)).casefold(),
    }


def _held(rule_id: int, seen: int | None = None) -> Rule:
    """The rule, for this transaction alone."""
    rule = Rule.objects.select_for_update(of=("self",)).select_related("published", "changed_by").get(pk=rule_id)
    if seen is not None and rule.draft_number != seen:
        raise RuleError([outdated(rule)])
    return rule


def _sign(rule: Rule, by: Any) -> None:
    """Note who had a hand in the draft; nobody had, where it says what holds."""
    if not rule.is_changed:
        rule.authors.clear()
    elif by is not None:
        rule.authors.add(by)


def _publish(
    rule: Rule, content: Content, *, by: Any, note: str, relevance: dict[str, Any] | None = None
) -> RuleVersion:
    _refuse(_faults(rule, content))
    version = _note(rule, to_json(content), by=by, note=note, relevance=relevance or {})
    rule.published, rule.starts, rule.ends = version, content.starts, content.ends
    rule.is_changed = rule.draft != version.content
    rule.save()
    _sign(rule, None)
    _write_book()
    return version


def _note(rule: Rule, content: dict[str, Any], *, by: Any, note: str, **more: Any) -> RuleVersion:
    last = rule.versions.order_by("-number").values_list("number", flat=True).first() or 0
    return RuleVersion.objects.create(
        rule=rule, number=last + 1, content=content, published_by=by, note=note[:255], **more
    )


def _lock() -> None:
    RuleBook.objects.get_or_create(pk=1)
    RuleBook.objects.select_for_update().get(pk=1)


def _book_version() -> str:
    return RuleBook.objects.filter(pk=1).values_list("version", flat=True).first() or ""


def _write_book() -> None:
    held = Rule.objects.filter(published__isnull=False).order_by("pk").values_list("pk", "published__content")
    version = uuid.uuid4().hex
    RuleBook.objects.filter(pk=1).update(version=version, content=[[pk, content] for pk, content in held])
    transaction.on_commit(lambda: reading.announce(version))
