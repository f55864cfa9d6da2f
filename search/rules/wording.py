"""A rule in sentences: for its history, for what a publishing changes, and for the list."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .content import MATCHES, Content, Entry


def moment(when: datetime) -> str:
    """A moment in the shop's own time."""
    return date_format(timezone.localtime(when), "DATETIME_FORMAT")


def entry_text(entry: Entry) -> str:
    """What is done, such as "Pin to place 1, until 31 March 2026"."""
    done = {
        "pin": _("Pin to place %(place)d") % {"place": entry.place},
        "boost": _("Boost × %(strength)g") % {"strength": entry.strength},
        "bury": _("Bury ÷ %(strength)g") % {"strength": entry.strength},
        "hide": _("Hide"),
    }[entry.action]
    if entry.until is None:
        return done
    return _("%(done)s, until %(day)s") % {"done": done, "day": date_format(entry.until, "DATE_FORMAT")}


def sentences(content: Content) -> list[str]:
    """Everything that a rule says, a line each."""
    lines = []
    if content.kind == "synonyms":
        lines.append(
            _("A search for %(left)s also finds %(right)s, not the other way round")
            % {"left": _listed(content.queries), "right": _listed(content.also)}
            if content.one_way
            else _("Each finds the others: %(words)s") % {"words": _listed(content.also)}
        )
    elif content.kind == "category":
        lines.append(_("For the category %(name)s") % {"name": content.category_name})
    else:
        match = str(dict(MATCHES)[content.match])
        lines.append(_("For searches: %(searches)s (%(match)s)") % {
            "searches": _listed(content.queries), "match": match[:1].lower() + match[1:],
        })  # fmt: skip
    if content.starts:
        lines.append(_("Begins %(when)s") % {"when": moment(content.starts)})
    if content.ends:
        lines.append(_("Ends %(when)s") % {"when": moment(content.ends)})
    lines += [f"{entry.label}: {entry_text(entry)}" for entry in content.entries]
    if content.kind != "synonyms" and content.also:
        lines.append(_("Also searches for %(words)s") % {"words": _listed(content.also)})
    if content.redirect:
        lines.append(_("Sends straight to %(address)s") % {"address": content.redirect})
    names = dict(settings.LANGUAGES)
    for banner in content.banners:
        said = f"{banner.text} → {banner.link}" if banner.link else banner.text
        lines.append(_("Banner, %(language)s: %(text)s") % {
            "language": names.get(banner.language, banner.language), "text": said,
        })  # fmt: skip
    return lines


def summary(content: Content) -> str:
    """What it does, in a few words, such as "2 pins, 1 boost, banner"."""
    if content.kind == "synonyms":
        return _("One way") if content.one_way else _("Both ways")
    count = Counter(entry.action for entry in content.entries)
    parts = []
    if number := count["pin"]:
        parts.append(ngettext("%(number)d pin", "%(number)d pins", number) % {"number": number})
    if number := count["boost"]:
        parts.append(ngettext("%(number)d boost", "%(number)d boosts", number) % {"number": number})
    if number := count["bury"]:
        parts.append(_("%(number)d buried") % {"number": number})
    if number := count["hide"]:
        parts.append(_("%(number)d hidden") % {"number": number})
    if content.also:
        parts.append(_("more words"))
    if content.redirect:
        parts.append(_("goes to %(address)s") % {"address": content.redirect})
    if content.banners:
        parts.append(_("banner"))
    return ", ".join(parts) or _("nothing yet")


def _listed(texts: tuple[str, ...]) -> str:
    return ", ".join(f"“{text}”" for text in texts)
