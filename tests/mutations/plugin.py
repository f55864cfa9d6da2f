"""`pytest -p tests.mutations.plugin --mutations`: each test in the table without its guard, where it has to fail."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

# The table needs Django's models, which are not there yet when pytest reads its plugins.
FIXTURE = "mutation"


def pytest_addoption(parser: pytest.Parser) -> None:
    """The switch."""
    parser.addoption("--mutations", action="store_true", help="run tests without their guards; they have to fail")


def _place(metafunc: pytest.Metafunc) -> str:
    """As the table names tests."""
    return f"{metafunc.module.__name__.replace('.', '/')}.py::{metafunc.function.__name__}"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One run for each of a test's mutations."""
    if not metafunc.config.getoption("mutations"):
        return
    from .table import MUTATIONS

    place = _place(metafunc)
    found = [
        pytest.param(
            each,
            id=each.name,
            marks=pytest.mark.xfail(strict=True, raises=each.fails_with, reason=f"without {each.guard}"),
        )
        for each in MUTATIONS
        if place in each.tests
    ]
    if found:
        metafunc.fixturenames.append(FIXTURE)
        metafunc.parametrize(FIXTURE, found, indirect=True)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Only those: whoever repeats itself does so once, and one that is for some values only, for those."""
    if not config.getoption("mutations"):
        return
    kept = [item for item in items if _is_wanted(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept


def _is_wanted(item: pytest.Item) -> bool:
    values = getattr(getattr(item, "callspec", None), "params", {})
    mutation = values.get(FIXTURE)
    if mutation is None or values.get("round_", 0):
        return False
    return not mutation.only or f"[{mutation.only}" in item.name or f"-{mutation.only}" in item.name


@pytest.fixture(autouse=True)
def _without_its_guard(request: pytest.FixtureRequest) -> Iterator[None]:
    """The guard is out while the test runs. By itself, because pytest drops fixtures that no function asks for."""
    values = getattr(getattr(request.node, "callspec", None), "params", {})
    if FIXTURE not in values:
        yield
        return
    from . import guards

    request.getfixturevalue("transactional_db")
    patch = pytest.MonkeyPatch()
    values[FIXTURE].take_out(patch)
    yield
    patch.undo()
    guards.put_back()


@pytest.fixture
def mutation(request: pytest.FixtureRequest) -> object:
    """Which one it is."""
    return request.param
