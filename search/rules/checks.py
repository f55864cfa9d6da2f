"""What cannot be in a rule, each said so that it can be put right; and what has to be there before it is published."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import unquote

from django.conf import settings
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from ..params import LONGEST_TEXT
from .content import ACTIONS, Content, Entry
from .matching import spelt

MOST_QUERIES = 30
MOST_WORDS = 30
MOST_ENTRIES = 100
LAST_PLACE = 100
WEAKEST, STRONGEST = 1.05, 20
LONGEST_BANNER = 160
SHORTEST_CONTAINED = 2
# Browsers walk these, so that the address that is asked for is another one than the one that is checked.
_STEPS = {".", ".."}


def faults(content: Content) -> list[str]:
    """What is never right, in a draft either."""
    return [
        *_wrong_words(content),
        *_wrong_times(content),
        *_wrong_entries(content.entries),
        *_wrong_redirect(content),
        *_wrong_banners(content),
    ]


def missing(content: Content) -> list[str]:
    """What a draft may lack and a published rule may not."""
    found = []
    if content.kind == "query" and not content.queries:
        found.append(_("Say which searches the rule is for."))
    if content.kind == "category" and content.category_id is None:
        found.append(_("Say which category the rule is for."))
    if content.kind == "synonyms":
        if not content.also or (content.one_way and not content.queries):
            found.append(_("Write the words of the set."))
    elif not content.does_anything():
        found.append(_("The rule does nothing yet: add a product, words, a page to go to or a banner."))
    return found


def clashes(content: Content, others: Mapping[int, Content]) -> list[str]:
    """What does not go together with the published sets `others`: one-way synonyms that lead back."""
    if content.kind != "synonyms" or not content.one_way:
        return []
    found = []
    ways: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
    for other in others.values():
        if other.kind == "synonyms" and other.one_way:
            for left in other.queries:
                ways.setdefault(spelt(left), set()).update(spelt(right) for right in other.also)
    for left in content.queries:
        for right in content.also:
            if _leads(ways, spelt(right), spelt(left)):
                text = _(
                    "“%(left)s” → “%(right)s” leads back to itself by sets that are published: make one two-way set of them."
                )
                found.append(text % {"left": left, "right": right})
    return found


def _leads(ways: Mapping[tuple[str, ...], set[tuple[str, ...]]], start: tuple[str, ...], end: tuple[str, ...]) -> bool:
    seen, ahead = {start}, [start]
    while ahead:
        for step in ways.get(ahead.pop(), set()) - seen:
            if step == end:
                return True
            seen.add(step)
            ahead.append(step)
    return False


def _wrong_words(content: Content) -> Iterator[str]:
    if len(content.queries) > MOST_QUERIES:
        yield _("A rule is for up to %(limit)d searches; these are %(number)d. Make a second rule.") % {
            "limit": MOST_QUERIES, "number": len(content.queries),
        }  # fmt: skip
    if len(content.also) > MOST_WORDS:
        yield _("Up to %(limit)d words or phrases go together; these are %(number)d. Make a second set.") % {
            "limit": MOST_WORDS, "number": len(content.also),
        }  # fmt: skip
    for text in (*content.queries, *content.also):
        if len(text) > LONGEST_TEXT:
            yield _("“%(text)s…” is longer than a search can be: %(limit)d characters.") % {
                "text": text[:40], "limit": LONGEST_TEXT,
            }  # fmt: skip
        elif not spelt(text):
            yield _("“%(text)s” has no letter or digit that could be searched for.") % {"text": text[:40]}
    if content.kind == "query" and content.match == "contains":
        for query in content.queries:
            if 0 < len("".join(spelt(query))) < SHORTEST_CONTAINED:
                yield _("“%(text)s” alone is in too many searches to be contained: write two letters or more.") % {
                    "text": query
                }
    yield from _twice(content.queries)
    yield from _twice(content.also)
    if content.kind == "synonyms":
        yield from _wrong_synonyms(content)
    elif content.kind == "category" and content.also:
        yield _("A category’s page has no search words: leave “Also search for” empty.")
    elif set(map(spelt, content.queries)) & set(map(spelt, content.also)) - {()}:
        yield _("“Also search for” has one of the rule’s own searches in it: take it out.")


def _twice(texts: Iterable[str]) -> Iterator[str]:
    held: dict[tuple[str, ...], str] = {}
    for text in texts:
        phrase = spelt(text)
        if phrase and phrase in held:
            yield _("“%(one)s” and “%(other)s” are the same search: plurals, capitals and accents make no difference.") % {
                "one": held[phrase], "other": text,
            }  # fmt: skip
        held.setdefault(phrase, text)


def _wrong_synonyms(content: Content) -> Iterator[str]:
    if content.one_way:
        for text in content.also:
            if spelt(text) in {spelt(query) for query in content.queries} - {()}:
                yield _("“%(text)s” stands on both sides, so that it leads to itself: take it out on one.") % {
                    "text": text
                }
    elif len({spelt(text) for text in content.also}) == 1:
        yield _("One word has no synonym: write two words or phrases at least, a line each.")


def _wrong_times(content: Content) -> Iterator[str]:
    if content.starts and content.ends and content.ends <= content.starts:
        yield _("The rule would end before it begins: give a later end, or none.")


def _wrong_entries(entries: tuple[Entry, ...]) -> Iterator[str]:
    if len(entries) > MOST_ENTRIES:
        yield _("A rule says something about up to %(limit)d products or groups; these are %(number)d.") % {
            "limit": MOST_ENTRIES, "number": len(entries),
        }  # fmt: skip
    places = Counter(entry.place for entry in entries if entry.action == "pin")
    for place, number in sorted(places.items()):
        if number > 1:
            names = " / ".join(entry.label for entry in entries if entry.action == "pin" and entry.place == place)
            yield _("Place %(place)d has %(number)d pins (%(names)s): give each its own place.") % {
                "place": place, "number": number, "names": names,
            }  # fmt: skip
    same = Counter((entry.kind, entry.value) for entry in entries)
    names_of = dict(ACTIONS)
    for (kind, value), number in same.items():
        if number > 1:
            held = [entry for entry in entries if (entry.kind, entry.value) == (kind, value)]
            yield _("%(name)s has %(number)d entries (%(actions)s): one of them is enough.") % {
                "name": held[0].label, "number": number, "actions": ", ".join(str(names_of[entry.action]) for entry in held),
            }  # fmt: skip
    for entry in entries:
        if entry.action == "pin" and entry.kind != "product":
            yield _("%(name)s is not a product: only a product can be pinned. Boost the group instead.") % {
                "name": entry.label
            }
        elif entry.action == "pin" and not 1 <= entry.place <= LAST_PLACE:
            yield _("%(name)s is to be pinned to place %(place)d: places go from 1 to %(limit)d.") % {
                "name": entry.label, "place": entry.place, "limit": LAST_PLACE,
            }  # fmt: skip
        elif entry.action in {"boost", "bury"} and not WEAKEST <= entry.strength <= STRONGEST:
            yield _("%(name)s: the strength is %(strength)g; it goes from %(low)g to %(high)g times.") % {
                "name": entry.label, "strength": entry.strength, "low": WEAKEST, "high": STRONGEST,
            }  # fmt: skip


def _wrong_redirect(content: Content) -> Iterator[str]:
    if not content.redirect:
        return
    if fault := wrong_address(content.redirect):
        yield fault
    elif leads_to_search(content.redirect):
        yield _("A rule cannot send to another search, which could lead in a circle: use “Also search for”.")
    if content.kind == "category":
        yield _("A category’s page cannot send people elsewhere: unpublish the category instead.")
    if content.entries or content.also or content.banners:
        yield _(
            "A rule that sends people straight to a page shows no result: take away its products, words and banners, "
            "or the page."
        )


def _wrong_banners(content: Content) -> Iterator[str]:
    for banner in content.banners:
        if len(banner.text) > LONGEST_BANNER:
            yield _("A banner has up to %(limit)d characters; “%(text)s…” has %(number)d.") % {
                "limit": LONGEST_BANNER, "text": banner.text[:30], "number": len(banner.text),
            }  # fmt: skip
        if banner.link and (fault := wrong_address(banner.link)):
            yield fault


def wrong_address(address: str) -> str:
    """Why this is no address of a page on this site; nothing where it is one."""
    safe = url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    plain = address.isprintable() and not set(address) & {"\\", " "} and not _STEPS & set(unquote(address).split("/"))
    if safe and plain and address.startswith("/") and len(address) <= 500:
        return ""
    return _(
        "“%(address)s” is no address on this site: write what follows the name of the shop, such as /shop/mugs/."
    ) % {"address": address[:80]}


def leads_to_search(address: str) -> bool:
    """Whether it is the search page, in any language."""
    path = unquote(address.partition("?")[0].partition("#")[0]).rstrip("/") + "/"
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            try:
                if resolve(path).view_name == "search:search":
                    return True
            except Resolver404:
                continue
    return False
