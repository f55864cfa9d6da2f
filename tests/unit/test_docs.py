"""What the documents name is there: pages, files, functions, commands, verbs."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands

from shop.outbox import operations as outbox
from shop.outbox.periodic import JOBS

ROOT = Path(settings.BASE_DIR)
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted(path for path in DOCS.rglob("*.md") if "_build" not in path.parts)]
ROOMS = ("content", "demo", "search", "shop", "masthead", "themes")
FOLDERS = (*ROOMS, "bench", "site", "tests", "docs", "scripts", "deploy")
LINK = re.compile(r"(?<!\\)\]\(([^)\s]+)\)|^\[[^\]]+\]:\s+(\S+)", re.MULTILINE)
CODE = re.compile(r"`([^`\n]+)`")
BLOCK = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
FILE = re.compile(rf"((?:{'|'.join(FOLDERS)})/[\w./-]*)(?:: (\w+))?")
DOTTED = re.compile(rf"((?:{'|'.join(ROOMS)})(?:\.\w+)+)")
# Written by a command that is run by hand, and looked at by people.
MADE_LATER = {"docs/_build/html"}


def name_of(path: Path) -> str:
    """For pytest's ids."""
    return str(path.relative_to(ROOT))


def words_in_code(page: Path) -> Iterator[str]:
    """Everything between backticks, outside of blocks."""
    yield from CODE.findall(BLOCK.sub("", page.read_text(encoding="utf-8")))


def there(path: str) -> bool:
    """Whether a path from the root is a file or folder; `masthead/` is below `site/`, templates below the theme."""
    return any((base / path).exists() for base in (ROOT, ROOT / "site", ROOT / "themes" / "base" / "templates"))


def holds(path: str, name: str | None) -> bool:
    """Whether the file defines `name`, where a name is given."""
    return not name or bool(re.search(rf"\b(def|class) {name}\b", (ROOT / path).read_text(encoding="utf-8")))


def resolves(dotted: str) -> bool:
    """Whether a dotted name leads to a module or to something in one."""
    parts = dotted.split(".")
    for end in range(len(parts), 0, -1):
        try:
            found = find_spec(".".join(parts[:end]))
        except ModuleNotFoundError:
            continue
        if found is None:
            continue
        if end == len(parts):
            return True
        thing = importlib.import_module(".".join(parts[:end]))
        for part in parts[end:]:
            if not hasattr(thing, part):
                return False
            thing = getattr(thing, part)
        return True
    return False


@pytest.mark.parametrize("document", PAGES, ids=name_of)
def test_links_lead_somewhere(document: Path) -> None:
    targets = [first or second for first, second in LINK.findall(BLOCK.sub("", document.read_text(encoding="utf-8")))]
    inside = [target.partition("#")[0] for target in targets if not re.match(r"[a-z]+:", target)]
    assert [target for target in inside if target and not (document.parent / target).exists()] == []


@pytest.mark.parametrize("document", PAGES, ids=name_of)
def test_files_and_what_is_named_in_them_are_there(document: Path) -> None:
    wrong = []
    for code in words_in_code(document):
        match = FILE.fullmatch(code)
        if match is None or match[1] in MADE_LATER:
            continue
        if not there(match[1]) or not holds(match[1], match[2]):
            wrong.append(code)
    assert wrong == []


@pytest.mark.parametrize("document", PAGES, ids=name_of)
def test_names_with_dots_lead_to_something(document: Path) -> None:
    found = (DOTTED.match(code) for code in words_in_code(document))
    names = {match[1] for match in found if match} - set(outbox._handlers) - set(JOBS)
    # A URL's name or an address looks the same: `search:all`, `themes.` files.
    names = {name for name in names if not name.endswith((".py", ".md", ".html", ".css", ".js", ".com"))}
    assert sorted(name for name in names if not resolves(name)) == []


def test_commands_exist() -> None:
    commands = set(get_commands())
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    named = set(re.findall(r"manage\.py ([a-z_]+)", text))
    assert {"worker", "load_demo", "schema"} <= named
    assert sorted(named - commands) == []


def test_the_map_names_every_topic_and_every_job() -> None:
    text = (DOCS / "architecture.md").read_text(encoding="utf-8")
    topics = {name for name in outbox._handlers if not name.startswith("test.")}
    rows = [line for line in text.splitlines() if line.startswith("|")]
    for topic in topics:
        kind = " (slow)" if topic in outbox._slow else " (single)" if topic in outbox._single else ""
        assert any(f"`{topic}`{kind}" in row for row in rows), f"{topic}{kind} stands in no row"
    named = {match[1] for row in rows if (match := re.match(r"\| `([\w.-]+)` \| each ", row))}
    assert named == set(JOBS)


def test_the_plan_of_tests_names_every_folder() -> None:
    text = (DOCS / "test-plan.md").read_text(encoding="utf-8")
    folders = [
        path.parent for path in (*ROOT.glob("tests/*/__init__.py"), *ROOT.glob("tests/integration/*/__init__.py"))
    ]
    missing = [name_of(path) for path in folders if f"`{name_of(path)}`" not in text and path.name != "integration"]
    assert missing == []


def test_the_operators_page_names_every_command() -> None:
    text = (DOCS / "deployment.md").read_text(encoding="utf-8")
    # Not the packages that `make` puts into .venv, which have commands of their own.
    found = ROOT.glob("[a-z]*/**/management/commands/[a-z]*.py")
    ours = {path.stem for path in found if "site-packages" not in path.parts}
    assert {name for name in ours if f"`manage.py {name}" not in text} == set()


def test_verbs_exist() -> None:
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    verbs = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"`make ([a-z-]+)", text)) | set(re.findall(r"^make ([a-z-]+)", text, re.MULTILINE))
    assert {"run", "test"} <= named
    assert sorted(named - verbs) == []


def test_every_page_is_in_the_index() -> None:
    index = (DOCS / "index.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^([\w/-]+)$", index, re.MULTILINE))
    pages = {str(path.relative_to(DOCS).with_suffix("")) for path in PAGES if path.is_relative_to(DOCS)}
    outside = {page for page in pages if page.startswith("decisions/") and page != "decisions/README"}
    assert sorted(pages - listed - outside - {"index"}) == []


def test_decisions_are_numbered_one_by_one() -> None:
    files = sorted((DOCS / "decisions").glob("[0-9]*.md"))
    titles = [file.read_text(encoding="utf-8").splitlines()[0] for file in files]
    assert [int(file.name[:4]) for file in files] == list(range(1, len(files) + 1))
    assert [int(re.match(r"# (\d+)\. ", title)[1]) for title in titles] == list(range(1, len(files) + 1))


def test_pictures_are_small() -> None:
    pictures = sorted((DOCS / "images").glob("*"))
    assert [picture.name for picture in pictures if picture.stat().st_size > 150_000] == []
