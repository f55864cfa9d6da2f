"""The published book in this process's memory, and how it is known to be the newest without a query.

The name of the newest version stands in the cache, where publishing writes it. Where it is the one in memory, nothing is
asked of the database. The name is forgotten after a while and then read again, in one query that brings the rules too
where they are other ones: so processes that share no cache follow after SECONDS at the latest. A page that reads
categories anyway has the name come along with them (`column`, `note`), and needs no query of its own to find out.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.db.models import Case, CharField, JSONField, Subquery, Value, When
from django.db.models.functions import Coalesce

from .content import from_json
from .matching import EMPTY, Book
from .models import RuleBook

KEY = "search:rules:version"
# With a cache that all processes share nothing is late; the name is read again in case somebody restored a backup.
SHARED = "redis" in str(settings.CACHES["default"])
SECONDS = 600 if SHARED else 10
NONE = "-"


@dataclass(frozen=True, slots=True)
class Held:
    """A book and the name of its version."""

    version: str
    book: Book


_held = Held("", EMPTY)


def book() -> Book:
    """What is published. No query while nothing changed, one otherwise."""
    global _held
    held = _held
    version = cache.get(KEY)
    if version is None or version != held.version:
        held = _read(held)
        cache.add(KEY, held.version, SECONDS)
        # One assignment: other threads see the old one or the new one, each whole.
        _held = held
    return held.book


def stored() -> Book:
    """What is published, from the database."""
    return _read(Held("", EMPTY)).book


def announce(version: str) -> None:
    """Say what the newest version is, once it is committed."""
    cache.set(KEY, version, SECONDS)


def column() -> Coalesce:
    """The newest version's name, as an annotation of any query."""
    name = RuleBook.objects.filter(pk=1).values("version")[:1]
    return Coalesce(Subquery(name), Value("", output_field=CharField()))


def note(version: str) -> None:
    """Take up what came along with another query."""
    global _held
    name = version or NONE
    known = cache.get(KEY)
    if known is None:
        if name == NONE:
            _held = Held(NONE, EMPTY)
        cache.add(KEY, name, SECONDS)
    elif known != name:
        # Which of the two is newer is not known here: whoever needs the rules asks.
        cache.delete(KEY)


def _read(held: Held) -> Held:
    """The newest book; `held` itself where it is that."""
    content = Case(
        When(version=held.version, then=Value(None, output_field=JSONField())),
        default="content",
        output_field=JSONField(),
    )
    row = RuleBook.objects.filter(pk=1).values_list("version", content).first()
    if row is None or not row[0]:
        return held if held.version == NONE else Held(NONE, EMPTY)
    version, rules = row
    if version == held.version:
        return held
    return Held(version, Book.of({pk: from_json(content) for pk, content in rules}))
