"""Contrast of what every theme writes on what, in both schemes, against WCAG 2.2 AA."""

import re

import pytest

from themes.stylesheets import SOURCES

THEMES = SOURCES.parents[4]
TOKENS = {path.parent.name: path for path in sorted(THEMES.glob("*/static/themes/*/tokens.css"))}

TEXT = 4.5  # success criterion 1.4.3
EDGE = 3.0  # success criterion 1.4.11, and 2.4.11 for the focus ring

GROUNDS = ("paper", "sheet", "tint", "blush")
PAIRS = [
    *((text, ground, TEXT) for text in ("ink", "ink-2", "spot", "good", "warn", "bad") for ground in GROUNDS),
    ("on", "accent", TEXT),
    ("paper", "ink", TEXT),
    ("on-band", "band", TEXT),
    ("band-2", "band", TEXT),
    ("band-spot", "band", TEXT),
    ("band", "on-band", TEXT),
    ("picture-ink", "picture-sheet", TEXT),
    *((line, ground, EDGE) for line in ("edge", "focus") for ground in GROUNDS),
    ("band-spot", "band", EDGE),
]

Colours = dict[str, tuple[str, str]]


def colours(theme: str) -> Colours:
    """Return the light and the dark value of every colour token of a theme, as #rrggbb."""
    found: Colours = {}
    for name, value in re.findall(r"--([\w-]+): ([^;]+);", TOKENS[theme].read_text(encoding="utf-8")):
        values = re.findall(r"#[0-9a-f]{6}", value)
        if values:
            found[name] = (values[0], values[-1])
    return found


def luminance(colour: str) -> float:
    """Return the relative luminance of #rrggbb as WCAG defines it, from 0 to 1."""
    channels = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(first: str, second: str) -> float:
    """Return the contrast ratio of two colours, from 1 to 21."""
    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_ratio_knows_the_ends_of_its_scale() -> None:
    assert ratio("#000000", "#ffffff") == pytest.approx(21)
    assert ratio("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


def test_both_themes_are_looked_at() -> None:
    assert set(TOKENS) >= {"fern", "workshop"}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("theme", TOKENS)
def test_contrast(theme: str, scheme: str) -> None:
    side = ("light", "dark").index(scheme)
    tokens = colours(theme)
    failures = [
        f"{ink} on {ground}: {ratio(tokens[ink][side], tokens[ground][side]):.2f}, needs {needed}"
        for ink, ground, needed in PAIRS
        if ratio(tokens[ink][side], tokens[ground][side]) < needed
    ]
    assert failures == []
