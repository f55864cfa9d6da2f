"""The stylesheets that pages load, and the component files that each is made of, in order.

A page loads one token file (`themes/<name>/tokens.css`) and one of the stylesheets below. There is no
build step: `themes.finders.StylesheetFinder` joins the files whenever static files are looked for.
"""

import re
from collections.abc import Mapping
from pathlib import Path

SOURCES = Path(__file__).resolve().parent / "base" / "static" / "themes" / "base" / "css"

FOUNDATION = ["layers", "reset", "base", "layout"]

# Order matters only where two files style the same element with the same weight: the later one wins.
CONTROLS = [
    "link",
    "skip-link",
    "button",
    "price",
    "stock",
    "rating",
    "flag",
    "disclosure",
    "chip",
    "pager",
    "field",
    "form",
    "stepper",
    "choice",
    "options",
    "notice",
    "toast",
    "empty",
    "progress",
    "accordion",
    "table",
]
FRAME = [
    "demo-strip",
    "header",
    "masthead",
    "search",
    "sheet",
    "menu",
    "footer",
    "breadcrumb",
]
SHOPPING = [
    "product-grid",
    "blank",
    "banner",
    "card",
    "listing",
    "facets",
    "gallery",
    "buy-box",
    "review",
    "hit",
]
READING = [
    "story",
    "margin-item",
    "mention",
    "pull-quote",
    "figure",
    "buy-all",
    "buy-panel",
    "film",
    "spots",
    "spot-places",
    "lookbook",
    "cover",
    "contents",
    "shelf-index",
    "shelf-list",
    "tease",
    "newsletter",
]
BUYING = [
    "line",
    "summary",
    "steps",
    "express",
    "order",
    "address",
    "side-nav",
    "checkout-bar",
]
OFFICE = [
    "shell",
    "panel",
    "field",
    "filter",
    "grid",
    "figures",
    "chart",
    "record",
    "actions",
    "ranking",
    "rules",
]
LAST = ["utilities", "print"]


def _components(*groups: list[str]) -> list[str]:
    return [f"components/{name}" for group in groups for name in group]


STYLESHEETS: Mapping[str, list[str]] = {
    # The shop and everything that is read in it.
    "themes/base/site.css": [
        *FOUNDATION,
        *_components(CONTROLS, FRAME, SHOPPING, READING, BUYING),
        *LAST,
    ],
    # The dashboard: the same controls, denser, without the magazine.
    "themes/base/backoffice.css": [
        *FOUNDATION,
        *_components(CONTROLS, ["demo-strip", "breadcrumb"]),
        *(f"office/{name}" for name in OFFICE),
        *LAST,
    ],
    # Every component by its name; loaded after site.css by that one page.
    "themes/base/styleguide.css": ["styleguide"],
}

_STRING_OR_COMMENT = re.compile(r"""("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|/\*.*?\*/""", re.DOTALL)
_STRING = re.compile(r"""("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')""")


def source_path(name: str) -> Path:
    """Return the file of one entry of `STYLESHEETS`, for example `components/card`."""
    return SOURCES / f"{name}.css"


def _tighten_code(css: str) -> str:
    """Take white space out of CSS that holds no string and no comment."""
    css = re.sub(r"\s+", " ", css)
    css = re.sub(r" ?([{};,]) ?", r"\1", css)
    css = re.sub(r"(?<=[\w-]): ", ":", css)
    return css.replace(";}", "}")


def tighten(css: str) -> str:
    """Return `css` without comments and needless white space; strings stay as they are.

    Not a minifier from a package: those that were tried read `.a :not(.b)` inside `@layer` as a declaration
    and join it to `.a:not(.b)`, which means something else. After compression the difference is under 1 %.
    """
    bare = _STRING_OR_COMMENT.sub(lambda found: found[1] or " ", css)
    parts = _STRING.split(bare)
    return "".join(part if index % 2 else _tighten_code(part) for index, part in enumerate(parts)).strip()


def join(stylesheet: str) -> str:
    """Return the text of one entry of `STYLESHEETS`, all its files joined and tightened.

    Raises:
        KeyError: there is no such stylesheet.
        FileNotFoundError: a listed file is missing.
    """
    return tighten("\n".join(source_path(name).read_text(encoding="utf-8") for name in STYLESHEETS[stylesheet]))
