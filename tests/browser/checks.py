"""What every page is held to, whatever it shows."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Page

# WCAG 2.2 AA, and axe's good practices.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
GRAVE = {"serious", "critical"}


@cache
def axe_source() -> str:
    """axe-core's script, from the package that carries it."""
    return next(Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")).read_text(encoding="utf-8")


def assert_accessible(page: Page, *, leave_out: str | None = None) -> None:
    """Fail when axe finds something serious or critical; `leave_out` is a selector of what is not ours."""
    # evaluate() is the browser's own debugger, so the page's policy stays as strict as it is for visitors.
    page.evaluate(axe_source())
    scope = {"exclude": [[leave_out]]} if leave_out else {}
    results = page.evaluate(
        "([scope, rules]) => axe.run(Object.keys(scope).length ? scope : document,"
        " {runOnly: {type: 'tag', values: rules}, resultTypes: ['violations']})",
        [scope, RULES],
    )
    found = [
        f"{rule['impact']}: {rule['id']}: {rule['help']}: "
        + ", ".join(str(node["target"]) for node in rule["nodes"][:5])
        for rule in results["violations"]
        if rule["impact"] in GRAVE
    ]
    assert found == [], f"{page.url}: " + "\n".join(found)


def assert_fits(page: Page) -> None:
    """Fail when the page can be scrolled sideways."""
    wide, window = page.evaluate("[document.scrollingElement.scrollWidth, window.innerWidth]")
    assert wide <= window, f"{page.url} is {wide} px wide in a window of {window} px"


def assert_sound(page: Page) -> None:
    """What holds for every page of the storefront: one heading, one main part, nothing cut off, nothing in the way."""
    assert page.locator("h1").count() == 1, f"{page.url} has {page.locator('h1').count()} first headings"
    assert page.locator("main").count() == 1
    assert_fits(page)
    assert_accessible(page)
