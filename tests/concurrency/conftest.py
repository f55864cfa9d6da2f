"""Real threads on a real PostgreSQL, each with a connection of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.contrib.sites.models import Site
from django.db import connection, connections

from tests.conftest import add_base_rows

# The most that begin together; fewer where the server has not so many connections for two processes of tests.
MOST = 200
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
    """Start all functions at the same moment; give back what each returned, or the exception that it raised.

    MOST of them begin together, or as many as the server has connections for; the others follow as soon as one ends.
    """

    def run(functions: list[Callable[[], Any]]) -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute("SHOW max_connections")
            [(connections_there,)] = cursor.fetchall()
        together = min(len(functions), MOST, int(connections_there) // 2 - 10)
        barrier = Barrier(together)
        first = set(range(together))

        def one(number: int, function: Callable[[], Any]) -> Any:
            try:
                if number in first:
                    barrier.wait(timeout=30)
                return function()
            except Exception as error:
                return error
            finally:
                connections.close_all()

        with ThreadPoolExecutor(together) as pool:
            return list(pool.map(one, range(len(functions)), functions))

    return run
