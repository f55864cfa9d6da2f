"""Every package that our code imports is one that we ask for, not one that happens to come with another."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
ROOMS = ("content", "demo", "search", "shop", "site", "themes")
SCRIPTS = ("background", "bootstrap", "leash", "node", "postgres", "run")
OURS = {*ROOMS, *SCRIPTS, "masthead", "tests", "bench", "stock_oscar", "stripe_sandbox"}


def normal(name: str) -> str:
    """A distribution's name, as pip compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def asked_for(*files: str) -> set[str]:
    lines = "\n".join((ROOT / file).read_text(encoding="utf-8") for file in files).splitlines()
    return {normal(match[0]) for line in lines if (match := re.match(r"[A-Za-z][\w.-]*", line))}


def imported(*folders: str) -> set[str]:
    """The first names of what the modules of these folders import from elsewhere."""
    names = set()
    for path in (path for folder in folders for path in (ROOT / folder).rglob("*.py")):
        for node in run_by(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names.add(node.module or "")
    return {name.partition(".")[0] for name in names} - OURS - set(sys.stdlib_module_names)


def run_by(tree: ast.AST) -> Iterator[ast.AST]:
    """Every part of a module but what only a type checker reads."""
    for node in ast.iter_child_nodes(tree):
        if not (isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"):
            yield node
            yield from run_by(node)


@pytest.mark.parametrize(
    ("folders", "files"),
    [
        (ROOMS, ("requirements.in", "requirements-vectors.txt")),
        (("tests", "scripts"), ("requirements.in", "requirements-dev.in", "requirements-vectors.txt")),
    ],
    ids=["shop", "tests"],
)
def test_what_is_imported_is_asked_for(folders: tuple[str, ...], files: tuple[str, ...]) -> None:
    found = imported(*folders)
    assert {"django", "oscar"} <= found
    homes = packages_distributions()
    missing = {name for name in found if not {normal(home) for home in homes.get(name, [name])} & asked_for(*files)}
    assert sorted(missing) == []


def test_every_package_that_is_asked_for_is_pinned() -> None:
    for name in ("requirements", "requirements-dev"):
        text = (ROOT / f"{name}.txt").read_text(encoding="utf-8")
        pinned = {normal(match) for match in re.findall(r"^([A-Za-z][\w.-]*)(?:\[[\w,]+\])?==", text, re.MULTILINE)}
        assert asked_for(f"{name}.in") - pinned == set()
