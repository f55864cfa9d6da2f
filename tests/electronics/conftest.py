"""The electronics catalogue that `make relevance` has loaded and indexed; its tests only read it.

    python3 scripts/relevance.py --folder var/relevance

runs them after judging. Alone they are left out: loading 19,406 products takes minutes.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
# Says that the settings are those of the loaded shop, and nobody's own.
LOADED = "RELEVANCE_LOADED"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave them out where the catalogue is not loaded."""
    if not os.environ.get(LOADED):
        for item in items:
            if HERE in item.path.parents:
                item.add_marker(
                    pytest.mark.skip(reason="make relevance runs it, which loads the electronics catalogue")
                )


@pytest.fixture(scope="session")
def django_db_setup() -> None:
    """No database of the tests': they read the one that is there."""


@pytest.fixture(scope="session", autouse=True)
def _reading(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        yield
