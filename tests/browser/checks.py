"""What every page is held to, whatever it shows."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Page

# WCAG 2.2 AA, and axe's good practices.
ALL_RULES: dict[str, Any] = {
    "type": "tag",
    "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
# What another width or another set of colours can break on a page whose HTML was looked at already.
RULES_OF_LOOKS: dict[str, Any] = {
    "type": "rule",
    "values": [
        "color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable", "heading-order",
        "empty-heading", "button-name", "link-name", "select-name", "label", "aria-hidden-focus",
    ],
}  # fmt: skip
GRAVE = {"serious", "critical"}


@cache
def axe_source() -> str:
    """axe-core's script, from the package that carries it."""
    return next(Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")).read_text(encoding="utf-8")


def wait_until_whole(page: Page) -> None:
    """Until stylesheets and scripts are there: a page's words can be read before, and without its styles it is another one."""
    page.wait_for_load_state()


def what_axe_finds(page: Page, *, leave_out: str | None = None, rules: dict[str, Any] = ALL_RULES) -> list[str]:
    """What axe calls serious or critical; `leave_out` is a selector of what is not ours."""
    wait_until_whole(page)
    # evaluate() is the browser's own debugger, so the page's policy stays as strict as it is for visitors.
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe_source())
    scope = {"exclude": [[leave_out]]} if leave_out else {}
    results = page.evaluate(
        "([scope, rules]) => axe.run(Object.keys(scope).length ? scope : document,"
        " {runOnly: rules, resultTypes: ['violations'], elementRef: false})",
        [scope, rules],
    )
    return [
        f"{rule['impact']}: {rule['id']}: {rule['help']}: "
        + ", ".join(str(node["target"]) for node in rule["nodes"][:5])
        for rule in results["violations"]
        if rule["impact"] in GRAVE
    ]


def what_does_not_fit(page: Page) -> list[str]:
    """Says how wide the page is, where it can be scrolled sideways."""
    wait_until_whole(page)
    wide, window = page.evaluate("[document.scrollingElement.scrollWidth, window.innerWidth]")
    return [f"{wide} px wide in a window of {window} px"] if wide > window else []


def what_is_cut_off(page: Page) -> list[str]:
    """Words that a box hides, which no scrolling brings back: names of buttons, fields and table cells."""
    return list(
        page.evaluate(
            """() => [...document.querySelectorAll('button, .btn, select, label, legend, h1, h2, h3, summary, th, td')]
                .filter(element => element.checkVisibility({visibilityProperty: true}) && element.clientWidth > 1
                    && !element.closest('.visually-hidden, [hidden]')
                    && element.scrollWidth > element.clientWidth + 1
                    && ['hidden', 'clip'].includes(getComputedStyle(element).overflowX))
                .map(element => `cut off: ${element.localName} ${element.textContent.trim().slice(0, 40)}`)
            .concat([...document.querySelectorAll('select:not([multiple])')]
                .filter(select => select.checkVisibility({visibilityProperty: true}))
                .map(select => {
                    // A select does not say how wide its words are.
                    const style = getComputedStyle(select);
                    const pen = document.createElement('canvas').getContext('2d');
                    pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
                    const words = select.selectedOptions[0]?.textContent.trim() ?? '';
                    const room = select.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
                    return pen.measureText(words).width > room + 1 ? `cut off: "${words}" in a select` : '';
                }).filter(Boolean))"""
        )
    )


def what_is_missing(page: Page) -> list[str]:
    """One first heading, one main part."""
    counts = {part: page.locator(part).count() for part in ("h1", "main")}
    return [f"{count} of {part}" for part, count in counts.items() if count != 1]


def assert_accessible(page: Page, *, leave_out: str | None = None) -> None:
    """Fail when axe finds something serious or critical; `leave_out` is a selector of what is not ours."""
    found = what_axe_finds(page, leave_out=leave_out)
    assert found == [], f"{page.url}: " + "\n".join(found)


def assert_fits(page: Page) -> None:
    """Fail when the page can be scrolled sideways."""
    found = what_does_not_fit(page)
    assert found == [], f"{page.url}: " + "\n".join(found)


def assert_sound(page: Page) -> None:
    """What holds for every page of the storefront: one heading, one main part, nothing cut off, nothing in the way."""
    found = [*what_is_missing(page), *what_does_not_fit(page), *what_axe_finds(page)]
    assert found == [], f"{page.url}: " + "\n".join(found)
