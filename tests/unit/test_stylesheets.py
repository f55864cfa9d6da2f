"""The stylesheets and scripts of the base theme: complete, in order, and within their budget."""

import gzip
import re
from pathlib import Path

import pytest

from themes.finders import StylesheetFinder
from themes.stylesheets import SOURCES, STYLESHEETS, join, source_path, tighten

THEMES = SOURCES.parents[4]
SCRIPTS = SOURCES.parent / "js"
# What the design allows for everything that a page loads, compressed.
CSS_BUDGET = 12_000
JS_BUDGET = 12_000

SITE = "themes/base/site.css"
OFFICE = "themes/base/backoffice.css"


def compressed(text: str) -> int:
    """Return the length of `text` as a server would send it."""
    return len(gzip.compress(text.encode(), 9))


def token_files() -> list[Path]:
    """Return the token file of every theme."""
    return sorted(THEMES.glob("*/static/themes/*/tokens.css"))


def test_every_listed_file_exists() -> None:
    missing = [name for names in STYLESHEETS.values() for name in names if not source_path(name).is_file()]
    assert missing == []


def test_every_css_file_is_listed() -> None:
    listed = {source_path(name) for names in STYLESHEETS.values() for name in names}
    assert sorted(set(SOURCES.rglob("*.css")) - listed) == []


@pytest.mark.parametrize("stylesheet", STYLESHEETS)
def test_no_file_is_listed_twice(stylesheet: str) -> None:
    names = STYLESHEETS[stylesheet]
    assert sorted(set(names)) == sorted(names)


@pytest.mark.parametrize("stylesheet", [SITE, OFFICE])
@pytest.mark.parametrize("tokens", token_files(), ids=lambda path: path.parent.name)
def test_a_page_stays_within_the_css_budget(tokens: Path, stylesheet: str) -> None:
    sizes = compressed(join(stylesheet)), compressed(tokens.read_text(encoding="utf-8"))
    assert sum(sizes) <= CSS_BUDGET, f"{stylesheet} is {sizes[0]} bytes and {tokens} {sizes[1]}"


def loaded(name: str, *, also: str = "") -> set[str]:
    """The modules that a page gets: `name`, what it imports at once, and `also` with what that imports."""
    found: set[str] = set()
    waiting = [name, *([also] if also else [])]
    while waiting:
        module = waiting.pop()
        if module not in found:
            found.add(module)
            waiting += re.findall(r'^import [^;]*?"\./([\w-]+\.js)"', (SCRIPTS / module).read_text(), re.MULTILINE)
    return found


NAMED = re.compile(r"""<script type="module" src="{% static 'themes/base/js/([\w-]+\.js)' %}">""")
# What single templates ask for beside the frame's entry.
LATER = sorted({name for path in THEMES.rglob("*.html") for name in NAMED.findall(path.read_text())} - {"site.js"})


@pytest.mark.parametrize("also", ["", *LATER])
def test_scripts_of_a_page_stay_within_the_budget(also: str) -> None:
    sizes = {
        name: compressed((SCRIPTS / name).read_text()) for name in loaded("site.js", also=also) | {"scheme-first.js"}
    }
    assert sum(sizes.values()) <= JS_BUDGET, sizes


def test_every_script_is_loaded_somewhere() -> None:
    reached = set().union(*(loaded("site.js", also=name) for name in LATER))
    assert {path.name for path in SCRIPTS.glob("*.js")} - reached == {"scheme-first.js", "office.js"}


def test_layers_are_declared_first_and_in_order() -> None:
    assert join(SITE).startswith("@layer reset,base,layout,components,utilities,print;")


@pytest.mark.parametrize("path", sorted(SOURCES.rglob("*.css")), ids=lambda path: path.stem)
def test_each_file_lies_in_its_own_layer(path: Path) -> None:
    named = {"reset", "base", "layout", "utilities", "print"}
    if path.stem == "layers":
        return
    expected = path.stem if path.stem in named else "components"
    css = tighten(path.read_text(encoding="utf-8"))
    assert re.findall(r"@layer (\w+)\{", css) == [expected]
    assert css.startswith(f"@layer {expected}{{"), "a rule stands before the layer"
    assert css.count("{") == css.count("}")


@pytest.mark.parametrize("path", sorted(SOURCES.rglob("*.css")), ids=lambda path: path.stem)
def test_each_file_says_what_it_is_for(path: Path) -> None:
    assert path.read_text(encoding="utf-8").startswith("/* ")


def test_every_theme_sets_the_same_tokens() -> None:
    token = re.compile(r"^  (--[\w-]+):", re.MULTILINE)
    names = [set(token.findall(path.read_text(encoding="utf-8"))) for path in token_files()]
    assert len(names) >= 2
    assert all(each == names[0] for each in names)


def test_components_use_only_tokens_that_exist() -> None:
    css = join(SITE) + join(OFFICE)
    set_in_tokens = set(re.findall(r"(--[\w-]+):", token_files()[0].read_text(encoding="utf-8")))
    set_in_css = set(re.findall(r"[{;](--[\w-]+):", css))
    # A var() with a fallback may be unset: an element can set it for what stands inside.
    assert set(re.findall(r"var\((--[\w-]+)\)", css)) - set_in_tokens - set_in_css == set()


@pytest.mark.parametrize(
    ("written", "tightened"),
    [
        ("a  {\n  color: red;\n}\n", "a{color:red}"),
        (".a :not(.b), .a > :last-child { top: 0 }", ".a :not(.b),.a > :last-child{top:0}"),
        (".a { width: calc(1px + 2px); }", ".a{width:calc(1px + 2px)}"),
        ('.a::before { content: " /* ; */ { "; }', '.a::before{content:" /* ; */ { "}'),
        ("/* it's a note */ .a { top: 0; }", ".a{top:0}"),
    ],
)
def test_tighten_changes_no_meaning(written: str, tightened: str) -> None:
    assert tighten(written) == tightened


def test_finder_returns_a_real_file_and_follows_changes(tmp_path: Path) -> None:
    finder = StylesheetFinder(location=tmp_path)
    found = finder.find(SITE)
    assert isinstance(found, str)
    assert Path(found).read_text(encoding="utf-8") == join(SITE)

    Path(found).write_text("old", encoding="utf-8")
    finder.find(SITE)
    assert Path(found).read_text(encoding="utf-8") == join(SITE)


def test_finder_leaves_an_unchanged_file_alone(tmp_path: Path) -> None:
    finder = StylesheetFinder(location=tmp_path)
    written = tmp_path / SITE
    finder.find(SITE)
    before = written.stat().st_mtime_ns
    finder.find(SITE)
    assert written.stat().st_mtime_ns == before
    assert [path.name for path in written.parent.iterdir()] == ["site.css"]


def test_finder_knows_nothing_else(tmp_path: Path) -> None:
    finder = StylesheetFinder(location=tmp_path)
    assert finder.find("themes/base/css/base.css") == []
    assert finder.find(SITE, find_all=True) == [str(tmp_path / SITE)]


def test_finder_lists_every_stylesheet_for_collectstatic(tmp_path: Path) -> None:
    finder = StylesheetFinder(location=tmp_path)
    listed = dict(finder.list(None))
    assert set(listed) == set(STYLESHEETS)
    assert all((tmp_path / path).is_file() for path in listed)
    assert set(listed.values()) == {finder.storage}
    assert dict(finder.list(["*.css"])) == {}


def test_finder_check_is_quiet() -> None:
    assert StylesheetFinder(location=Path("unused")).check() == []
