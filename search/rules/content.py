"""What one rule or one set of synonyms says, as a value: the same for a draft, a version and the published book.

It is kept as JSON, so that a version stays what it was when the tables around it change.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Literal

from django.utils import timezone
from django.utils.translation import pgettext_lazy

from ..types import Kind

RuleKind = Literal["query", "category", "synonyms"]
Match = Literal["words", "exact", "contains"]
Action = Literal["pin", "boost", "bury", "hide"]

MATCHES: tuple[tuple[Match, Any], ...] = (
    ("words", pgettext_lazy("search rule", "The words, in any order")),
    ("exact", pgettext_lazy("search rule", "Exactly this")),
    ("contains", pgettext_lazy("search rule", "Contains this")),
)
ACTIONS: tuple[tuple[Action, Any], ...] = (
    ("pin", pgettext_lazy("search rule", "Pin to a place")),
    ("boost", pgettext_lazy("search rule", "Boost")),
    ("bury", pgettext_lazy("search rule", "Bury")),
    ("hide", pgettext_lazy("search rule", "Hide")),
)
KINDS: tuple[tuple[Kind, Any], ...] = (
    ("product", pgettext_lazy("search rule", "A product")),
    ("brand", pgettext_lazy("search rule", "A brand")),
    ("category", pgettext_lazy("search rule", "A category")),
    ("attribute", pgettext_lazy("search rule", "An attribute’s value")),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that a rule does to a product or to a group of them.

    `label` is what it was called when it was put in, to be named by when it is gone. `until` is the last day, the shop's
    time. `strength` is how many times: 1.5 boosts by it and buries by its inverse.
    """

    action: Action
    kind: Kind
    value: str
    label: str = ""
    place: int = 0
    strength: float = 0
    until: date | None = None

    @property
    def factor(self) -> float:
        """What it multiplies the relevance by."""
        return {"boost": self.strength, "bury": 1 / self.strength if self.strength else 1.0}.get(self.action, 1.0)

    def is_over(self, now: datetime) -> bool:
        """Whether its last day has passed."""
        return self.until is not None and timezone.localdate(now) > self.until


@dataclass(frozen=True, slots=True)
class Banner:
    """A short text with a link, for visitors of one language."""

    language: str
    text: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """Everything that one rule says.

    `queries` are the searches it is for, the first one naming it. Synonyms have their words in `also`; if they go one way
    only, a search for one of `queries` also finds these, and not the other way round.
    """

    kind: RuleKind = "query"
    match: Match = "words"
    queries: tuple[str, ...] = ()
    category_id: int | None = None
    category_name: str = ""
    starts: datetime | None = None
    ends: datetime | None = None
    entries: tuple[Entry, ...] = ()
    also: tuple[str, ...] = ()
    one_way: bool = False
    redirect: str = ""
    banners: tuple[Banner, ...] = ()

    @property
    def subject(self) -> str:
        """What it is about, in a few words."""
        if self.kind == "category":
            return self.category_name
        if self.kind == "synonyms":
            left, right = ", ".join(self.queries), ", ".join(self.also)
            return f"{left} → {right}" if self.one_way else right
        return self.queries[0] if self.queries else ""

    def is_on(self, now: datetime) -> bool:
        """Whether it holds at this moment."""
        return (self.starts is None or self.starts <= now) and (self.ends is None or now < self.ends)

    def does_anything(self) -> bool:
        """Whether there is a point in it."""
        return bool(self.entries or self.also or self.redirect or self.banners)


def to_json(content: Content) -> dict[str, Any]:
    """As it is kept. What is empty is left out, so that equal contents are equal there too."""
    held = asdict(content)
    for name in ("starts", "ends"):
        held[name] = held[name].isoformat() if held[name] else None
    for entry in held["entries"]:
        entry["until"] = entry["until"].isoformat() if entry["until"] else None
    held["entries"] = [{name: value for name, value in entry.items() if value} for entry in held["entries"]]
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in held.items()
        if value or name in {"kind", "match"}
    }


def from_json(held: Mapping[str, Any]) -> Content:
    """Read what was kept, by this or an earlier edition: names that are not known any more are left out."""
    plain = {
        name: held[name]
        for name in ("kind", "match", "category_id", "category_name", "one_way", "redirect")
        if name in held
    }
    return Content(
        **plain,
        queries=tuple(held.get("queries", ())),
        also=tuple(held.get("also", ())),
        starts=_moment(held.get("starts")),
        ends=_moment(held.get("ends")),
        entries=tuple(_entry(entry) for entry in held.get("entries", ())),
        banners=tuple(
            Banner(banner["language"], banner["text"], banner.get("link", "")) for banner in held.get("banners", ())
        ),
    )


def _entry(held: Mapping[str, Any]) -> Entry:
    until = held.get("until")
    known = {name: held[name] for name in ("label", "place", "strength") if name in held}
    return Entry(
        action=held["action"],
        kind=held["kind"],
        value=held["value"],
        until=date.fromisoformat(until) if until else None,
        **known,
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
