"""Fixtures for every test. Tests run without migrations; what migrations and `setup_shop` would add is added here."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.test import TransactionTestCase
from django.utils import translation

from search.fulltext import remove_strays
from shop.ledger import append_only
from tests import emptying
from tests.elastic import remove_indices, shared_node
from tests.stripe_sandbox import Sandbox, launcher

BLOCKER = pytest.StashKey[Any]()


def add_base_rows() -> None:
    """Add the rows that every shop has: roles, countries, tax rates, partner, deliveries, root page, default site.

    Safe to repeat.
    """
    from content.operations import ensure_site
    from shop.accounts.roles import sync_roles
    from shop.partner.operations import ensure_partner, ensure_tax_rates
    from shop.shipping.operations import ensure_countries, ensure_shipping_methods

    sync_roles()
    ensure_countries()
    ensure_tax_rates()
    ensure_partner()
    ensure_shipping_methods()
    ensure_site()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave tests of PostgreSQL to the suite that brings one: `python3 scripts/test.py postgres`, or a DATABASE_URL.

    That suite sets REQUIRE_POSTGRES, so that it cannot leave them out by mistake; and what asks no database is left to the other.
    """
    by_suite = bool(os.environ.get("REQUIRE_POSTGRES"))
    left_out = {item for item in items if item.get_closest_marker("postgres")}
    if connection.vendor == "postgresql":
        left_out = {item for item in items if by_suite and not _asks_the_database(item)}
    elif left_out and by_suite:
        raise pytest.UsageError(f"The database is {connection.vendor}: set DATABASE_URL to a PostgreSQL.")
    if left_out:
        config.hook.pytest_deselected(items=list(left_out))
        items[:] = [item for item in items if item not in left_out]


def _asks_the_database(item: pytest.Item) -> bool:
    """Whether it says so, or belongs to a class, which may ask without saying."""
    asked = {"db", "transactional_db", "django_db_setup"} & set(getattr(item, "fixturenames", ()))
    marked = item.get_closest_marker("django_db") or item.get_closest_marker("postgres")
    return bool(asked or marked or getattr(item, "cls", None))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    """After a test that committed, Django empties every table: put back what the next test in this process expects.

    The books refuse to be emptied, so their triggers come off before; Django has them put on again (post_migrate).
    On PostgreSQL, where most of these tests are, there is a quicker way (emptying.py).
    """
    marker = item.get_closest_marker("django_db")
    committed = connection.vendor == "sqlite" and (
        (marker and marker.kwargs.get("transaction")) or "transactional_db" in getattr(item, "fixturenames", ())
    )
    if committed:
        with item.session.config.stash[BLOCKER].unblock():
            append_only.take_off(connection)
    yield
    if committed:
        with item.session.config.stash[BLOCKER].unblock():
            # Django empties the tables that it has made itself; this one is the database's own kind (search/fulltext.py).
            remove_strays()
            add_base_rows()


@pytest.fixture(scope="session")
def django_db_setup(request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any) -> None:
    """Every test finds the rows that every shop has."""
    request.config.stash[BLOCKER] = django_db_blocker
    with django_db_blocker.unblock():
        if connection.vendor == "sqlite":
            add_base_rows()
            return
        emptying.begin()
        add_base_rows()
        emptying.remember()
        TransactionTestCase._fixture_teardown = lambda self: emptying.put_back()


@pytest.fixture(scope="session", autouse=True)
def _translations() -> None:
    """Compile the translations where they changed, as starting the shop does: the .mo files are not in the repository."""
    for folder in settings.LOCALE_PATHS:
        for source in Path(folder).glob("*/LC_MESSAGES/*.po"):
            target = source.with_suffix(".mo")
            if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
                with source.open("rb") as words:
                    catalog = read_po(words)
                with target.open("wb") as compiled:
                    write_mo(compiled, catalog)


@pytest.fixture(scope="session")
def elasticsearch_url(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[str]:
    """The address of a running Elasticsearch; the processes of one run share it."""
    folder = tmp_path_factory.getbasetemp()
    with shared_node(folder if worker_id == "master" else folder.parent) as address:
        yield address


@pytest.fixture
def elasticsearch(elasticsearch_url: str, worker_id: str, settings: Any) -> Iterator[str]:
    """Elasticsearch is configured, with indices of this process's own, which are gone after the test."""
    settings.ELASTICSEARCH_URL = elasticsearch_url
    settings.SEARCH_INDEX_PREFIX = f"test-{os.getpid()}-{worker_id}"
    yield elasticsearch_url
    remove_indices(elasticsearch_url, settings.SEARCH_INDEX_PREFIX)


@pytest.fixture(scope="session")
def _sandbox() -> Iterator[Sandbox]:
    with launcher.server() as address:
        yield Sandbox(address)


@pytest.fixture
def sandbox(_sandbox: Sandbox) -> Sandbox:
    """The Stripe sandbox, as if just started: one process for each of pytest's, emptied before each test."""
    _sandbox.reset()
    return _sandbox


@pytest.fixture(autouse=True)
def _fresh_caches() -> Iterator[None]:
    """No test sees what another one cached."""
    yield
    for cache in caches.all():
        cache.clear()


@pytest.fixture(autouse=True)
def _first_language() -> Iterator[None]:
    """No test goes on in the language of the page that another one asked for."""
    translation.activate(settings.LANGUAGE_CODE)
    yield
    translation.deactivate()
