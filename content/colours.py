"""Whether a colour can be read: WCAG's contrast against the theme's own paper."""

from __future__ import annotations

import re
from functools import lru_cache

from django.conf import settings
from django.utils.formats import number_format
from django.utils.translation import gettext as _

# WCAG 2.2 AA, for text.
NEEDED = 4.5
TOKEN = re.compile(r"--([\w-]+):\s*([^;]+);")
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
SURFACES = ("paper", "sheet", "tint")


def luminance(colour: str) -> float:
    """WCAG's relative luminance of a colour such as #a83015."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """From 1 (the same) to 21 (black on white)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@lru_cache(maxsize=8)
def tokens(theme: str) -> dict[str, tuple[str, str]]:
    """The theme's colours by name, as (light, dark); what it does not set is that of the first theme."""
    found: dict[str, tuple[str, str]] = {}
    for name in dict.fromkeys(("fern", theme)):
        path = settings.BASE_DIR / "themes" / name / "static" / "themes" / name / "tokens.css"
        if not path.is_file():
            continue
        for token, value in TOKEN.findall(path.read_text(encoding="utf-8")):
            if hexes := COLOUR.findall(value):
                found[token] = (hexes[0], hexes[-1])
    return found


def problem_with(colour: str, theme: str, scheme: str) -> str:
    """Why `colour` cannot be the spot colour of `theme` in `scheme` ("light" or "dark"), or ""."""
    side = 0 if scheme == "light" else 1
    known = tokens(theme)
    worst = min(SURFACES, key=lambda name: contrast(colour, known[name][side]))
    ratio = contrast(colour, known[worst][side])
    if ratio >= NEEDED:
        return ""
    return _(
        "%(colour)s has a contrast of %(ratio)s to 1 against the theme’s %(surface)s (%(other)s); text needs %(needed)s "
        "to 1. %(cure)s"
    ) % {
        "colour": colour,
        "ratio": number_format(round(ratio, 2), decimal_pos=2),
        "surface": {"paper": _("paper"), "sheet": _("panels"), "tint": _("tinted panels")}[worst],
        "other": known[worst][side],
        "needed": number_format(NEEDED, decimal_pos=1),
        "cure": _("Choose a darker one.") if scheme == "light" else _("Choose a lighter one."),
    }


def ink_on(colour: str) -> str:
    """White or near-black, whichever can be read on `colour`."""
    return max(("#ffffff", "#14100e"), key=lambda ink: contrast(colour, ink))
