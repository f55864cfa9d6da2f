"""Every test of races and deaths has a guard that is taken out somewhere, so that none of them is empty."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from tests.mutations.table import CONTROLS, MUTATIONS

ROOT = Path(settings.BASE_DIR)
FOLDERS = ("tests/concurrency", "tests/faults")
# How a test is called that takes its guard out itself.
TAKES_OUT = ("test_control_", "test_without_")


def all_there() -> Iterator[str]:
    """Every test of these folders, as the table names them."""
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).glob("test_*.py")):
            for node in ast.parse(path.read_text(encoding="utf-8")).body:
                if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                    yield f"{folder}/{path.name}::{node.name}"


def named() -> tuple[set[str], set[str]]:
    """The tests that the tables are about, and the tests that are controls."""
    mutated = {test for mutation in MUTATIONS for test in mutation.tests}
    held = {f"{file}::{test}" for file, controls in CONTROLS.items() for tests in controls.values() for test in tests}
    return mutated | held, {f"{file}::{control}" for file, controls in CONTROLS.items() for control in controls}


def test_each_has_a_mutation_or_a_control() -> None:
    about, controls = named()
    # A file that is not in the tables yet has to bring a control of its own.
    known = {name.partition("::")[0] for name in about}
    own = {name.partition("::")[0] for name in all_there() if name.partition("::")[2].startswith(TAKES_OUT)}
    left = [
        name
        for name in all_there()
        if name not in about | controls
        and not name.partition("::")[2].startswith(TAKES_OUT)
        and (name.partition("::")[0] in known or name.partition("::")[0] not in own)
    ]
    assert left == [], "without a guard that is taken out somewhere: see tests/mutations/table.py"


def test_what_the_tables_name_is_there() -> None:
    about, controls = named()
    assert (about | controls) - set(all_there()) == set()


def test_no_two_mutations_have_one_name() -> None:
    names = [mutation.name for mutation in MUTATIONS]
    assert len(names) == len(set(names)) > 25
