"""Real threads on a real PostgreSQL, each with a connection of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.contrib.sites.models import Site
from django.db import connections

from tests.conftest import add_base_rows

AtOnce = Callable[[list[Callable[[], Any]]], list[Any]]


@pytest.fixture
def postgres(transactional_db: None) -> Iterator[None]:
    """A committed database with the rows that every shop has."""
    Site.objects.clear_cache()
    Site.objects.get_or_create(pk=1, defaults={"domain": "example.com", "name": "example.com"})
    add_base_rows()
    yield
    Site.objects.clear_cache()


@pytest.fixture
def at_once(postgres: None) -> AtOnce:
    """Start all functions at the same moment; give back what each returned, or the exception that it raised."""

    def run(functions: list[Callable[[], Any]]) -> list[Any]:
        barrier = Barrier(len(functions))

        def one(function: Callable[[], Any]) -> Any:
            try:
                barrier.wait(timeout=30)
                return function()
            except Exception as error:
                return error
            finally:
                connections.close_all()

        with ThreadPoolExecutor(len(functions)) as pool:
            return list(pool.map(one, functions))

    return run
