"""Rules as the dashboard lists them, with the state that each is in now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, TypeAlias, TypedDict

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from search.relevance.gate import in_words

from .content import MATCHES, Content, from_json
from .models import Rule, RuleVersion
from .wording import moment, sentences, summary

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class _Published(TypedDict):
        was_published: bool

    ListedRule: TypeAlias = WithAnnotations[Rule, _Published]

STATES = (
    ("draft", gettext_lazy("Draft")),
    ("on", gettext_lazy("Published")),
    ("scheduled", gettext_lazy("Scheduled")),
    ("ended", gettext_lazy("Ended")),
    ("off", gettext_lazy("Taken off")),
    ("changed", gettext_lazy("With changes that are not published")),
)


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One rule in a list."""

    id: int
    subject: str
    belongs: str
    does: str
    state: str
    state_text: str
    is_changed: bool
    changed_at: datetime
    changed_by: str


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version in a rule's history, with what it brought and took away. `is_held`: it is what holds now."""

    number: int
    published_at: datetime
    published_by: str
    note: str
    is_withdrawal: bool
    is_held: bool
    can_return: bool
    measured: str  # what it did to the judged queries, as a sentence
    lines: tuple[str, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]


def state_of(rule: Rule, now: datetime, *, was_published: bool) -> str:
    """Where the rule stands: one of STATES, but for "changed"."""
    if rule.published_id is None:
        return "off" if was_published else "draft"
    if rule.starts and rule.starts > now:
        return "scheduled"
    return "ended" if rule.ends and rule.ends <= now else "on"


def rules(*, kinds: tuple[str, ...], text: str = "", state: str = "") -> QuerySet[Rule]:
    """Rules with a word in them, in a state. One query with `rule_row` for each row."""
    now = timezone.now()
    versions = RuleVersion.objects.filter(rule=OuterRef("pk"))
    found = Rule.objects.filter(kind__in=kinds).select_related("changed_by").annotate(was_published=Exists(versions))
    for word in text.casefold().split():
        found = found.filter(words__contains=word)
    later, over = Q(starts__gt=now), Q(ends__lte=now)
    there = Q(published__isnull=False)
    conditions = {
        "draft": ~there & Q(was_published=False),
        "off": ~there & Q(was_published=True),
        "scheduled": there & later,
        "ended": there & over,
        # A missing time is neither: excluding a comparison with it would leave the row out.
        "on": there & (Q(starts=None) | Q(starts__lte=now)) & (Q(ends=None) | Q(ends__gt=now)),
        "changed": there & Q(is_changed=True),
    }
    return found.filter(conditions.get(state, Q())).order_by("subject", "pk")


def rule_row(rule: ListedRule) -> RuleRow:
    """The row of a rule that `rules` found."""
    content = from_json(rule.draft)
    state = state_of(rule, timezone.now(), was_published=rule.was_published)
    return RuleRow(
        id=rule.pk,
        subject=rule.subject,
        belongs=_belongs(content),
        does=summary(content),
        state=state,
        state_text=state_text(state, rule),
        is_changed=rule.is_changed and rule.published_id is not None,
        changed_at=rule.changed_at,
        changed_by=rule.changed_by.email if rule.changed_by else "",
    )


def state_text(state: str, rule: Rule) -> str:
    """The state in words, with its moment."""
    if state == "scheduled" and rule.starts:
        return _("From %(when)s") % {"when": moment(rule.starts)}
    if state == "ended" and rule.ends:
        return _("Ended %(when)s") % {"when": moment(rule.ends)}
    if state == "on" and rule.ends:
        return _("Published, until %(when)s") % {"when": moment(rule.ends)}
    return str(dict(STATES)[state])


def _belongs(content: Content) -> str:
    if content.kind == "category":
        return _("Category")
    if content.kind == "synonyms":
        return _("Synonyms")
    more = len(content.queries) - 1
    match = str(dict(MATCHES)[content.match])
    return _("%(match)s; %(more)d more") % {"match": match, "more": more} if more > 0 else match


def history(rule: Rule) -> tuple[VersionRow, ...]:
    """Every version, the newest first."""
    rows = []
    before: list[str] = []
    for version in rule.versions.select_related("published_by").order_by("number"):
        lines = [] if version.is_withdrawal else sentences(from_json(version.content))
        rows.append(
            VersionRow(
                number=version.number,
                published_at=version.published_at,
                published_by=version.published_by.email if version.published_by else "",
                note=version.note,
                is_withdrawal=version.is_withdrawal,
                is_held=version.pk == rule.published_id,
                can_return=not version.is_withdrawal
                and (rule.published is None or rule.published.content != version.content),
                measured=in_words(version.relevance, note=version.note),
                lines=tuple(lines),
                added=tuple(line for line in lines if line not in before),
                removed=tuple(line for line in before if line not in lines),
            )
        )
        before = lines
    return tuple(reversed(rows))


def changes(rule: Rule) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """What publishing the draft would bring, take away and leave, in sentences."""
    held = sentences(from_json(rule.published.content)) if rule.published else []
    new = sentences(from_json(rule.draft))
    return (
        tuple(line for line in new if line not in held),
        tuple(line for line in held if line not in new),
        tuple(line for line in new if line in held),
    )
