"""The style guide: every component by its name, made from the samples. Only where DEMO is on."""

from __future__ import annotations

import re
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from . import samples

ICONS = Path(__file__).resolve().parent / "base" / "static" / "themes" / "base" / "icons.svg"
PALETTE = [
    ("paper", "--paper"), ("sheet", "--sheet"), ("tint", "--tint"), ("ink", "--ink"), ("ink2", "--ink-2"),
    ("accent", "--accent"), ("spot", "--spot"), ("atint", "--blush"), ("band", "--band"), ("good", "--good"),
    ("warn", "--warn"), ("bad", "--bad"), ("focus", "--focus"),
]  # fmt: skip
# Header, footer and the personal fragment are on the page itself; fields are shown as a whole form; the filters' sheet
# would be a second one of its name on this page.
SHOWN = {
    "controls": ("stepper", "listing_bar", "facets", "chip", "pager"),
    "stories": ("tease", "margin_item", "hotspots", "buy_all"),
    "messages": ("empty", "banner"),
    "buying": ("steps", "line", "sums", "mini_basket", "order"),
}


def draw(name: str) -> SafeString:
    """One component, made from its sample."""
    return render_to_string(f"components/{name}.html", samples.SAMPLES[name])


def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component by its name."""
    context = {group: [(name, draw(name)) for name in names] for group, names in SHOWN.items()}
    parts = [(template, render_to_string(template, sample)) for template, sample in samples.PARTS.items()]
    return render(
        request,
        "styleguide.html",
        {
            **context,
            "parts": parts,
            "palette": PALETTE,
            "icons": re.findall(r'id="i-(\w+)"', ICONS.read_text(encoding="utf-8")),
            "form": samples.FORM,
            "cards": samples.CARDS,
            "teapot": samples.TEAPOT,
        },
    )
