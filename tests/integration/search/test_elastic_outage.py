"""Nothing is lost: the node killed or stopped while the shop goes on, and worker processes killed in the middle of it."""

from __future__ import annotations

import itertools
import json
import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client

from search import operations
from search.elastic import client as elastic
from search.elastic import keeping
from search.models import ListingRow
from search.selectors import find_products
from search.types import ListingQuery
from shop.catalogue.models import Product
from shop.outbox.models import OutboxEntry
from shop.outbox.operations import drain_all, enqueue
from shop.partner.models import StockRecord
from tests.elastic import node, remove_indices
from tests.factories import make_market, make_product

from .elastic_servers import Door

pytestmark = pytest.mark.elasticsearch
ROOT = Path(django_settings.BASE_DIR)
# What a visitor may have to wait for a list, with what two busy cores add to it.
WITHIN = 1.5
# Processes of one run may share a node.
PREFIX = f"outage-{os.getpid()}"


class Node:
    """A node that can be killed, stopped and started again on the same address with the same data."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.port = node.free_port()
        self.address = ""
        self.start()

    def start(self) -> None:
        self.process = node.launch(self.data, self.port, attached=subprocess.PIPE, heap=node.SMALL_HEAP)
        self.address = node.wait_until_ready(self.process, self.data, self.port)

    def kill(self) -> None:
        if self.process.stdin:
            self.process.stdin.close()
        self.process.kill()
        self.process.wait()

    def send(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    @property
    def lives(self) -> bool:
        return self.process.poll() is None


@pytest.fixture(scope="module")
def own_node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node | Door]:
    """A node of this module's own, as others would miss one that is killed; a door to the given one where none can be made."""
    if (given := os.environ.get("ELASTICSEARCH_URL", "")) and not node.is_possible():
        door = Door(given)
        yield door
        door.kill()
        return
    node.build()
    made = Node(tmp_path_factory.mktemp("node"))
    yield made
    made.kill()


@pytest.fixture
def killable(own_node: Node | Door, settings: Any) -> Iterator[Node | Door]:
    """The shop uses it, with indices that are gone after the test."""
    settings.ELASTICSEARCH_URL = own_node.address
    settings.SEARCH_INDEX_PREFIX = PREFIX
    yield own_node
    own_node.send(signal.SIGCONT)
    if not own_node.lives:
        own_node.start()
    remove_indices(own_node.address, PREFIX)


def change(*products: Product) -> None:
    """Say that these changed, and do what waits."""
    enqueue(operations.TOPIC, {"products": [product.pk for product in products]})
    drain_all()


_sizes = itertools.count(2)


def found() -> tuple[str, float]:
    """Which engine answers a search, and how long it took."""
    started = time.monotonic()
    # A page that nobody asked for yet: what was answered a moment ago needs no engine.
    query = ListingQuery(text="mug", page_size=next(_sizes))
    engine = find_products(query, market=make_market()).engine
    return engine, time.monotonic() - started


def forget_the_pause() -> None:
    """As if the breakers' pauses were over."""
    elastic.SEARCHING.reset()
    keeping.WRITING.reset()


@pytest.mark.django_db
def test_changes_made_while_the_node_was_dead_arrive_when_it_is_back(killable: Node | Door) -> None:
    mugs = [make_product(f"Mug {number}") for number in range(4)]
    drain_all()
    name = keeping.build().name
    OutboxEntry.objects.all().delete()
    killable.kill()
    StockRecord.objects.filter(product=mugs[0]).update(price="77.00")
    change(mugs[0])
    gone = mugs[1].pk
    mugs[1].delete()
    enqueue(operations.TOPIC, {"products": [gone]})
    late = make_product("Late mug")
    drain_all()
    waiting = OutboxEntry.objects.filter(topic=operations.INDEX_TOPIC)
    assert waiting.count() >= 2
    assert all(entry.last_error.startswith("Away") and not entry.parked_at for entry in waiting)
    assert found()[0] == "database"
    # The worker looks again and again, and nothing comes of it.
    keeping.watch()
    assert drain_all() == 0
    killable.start()
    keeping.watch()
    drain_all()
    assert not OutboxEntry.objects.exists()
    assert keeping.products().standing().live == name, "the same index, as its data were kept"
    assert list(keeping.differences()) == []
    assert {pk for pk, _version in keeping.products().scan()} == {mugs[0].pk, mugs[2].pk, mugs[3].pk, late.pk}
    elastic.SEARCHING.reset()
    assert found()[0] == "elasticsearch"


@pytest.mark.django_db
def test_a_node_that_stands_still_costs_a_visitor_less_than_a_second_and_the_worker_little(
    killable: Node | Door,
) -> None:
    mug = make_product("Mug")
    drain_all()
    keeping.build()
    found()
    assert found()[0] == "elasticsearch"
    killable.send(signal.SIGSTOP)
    engine, seconds = found()
    assert (engine, seconds < WITHIN) == ("database", True)
    engine, seconds = found()
    assert (engine, seconds < 0.5) == ("database", True)
    StockRecord.objects.filter(product=mug).update(price="77.00")
    started = time.monotonic()
    change(mug)
    assert time.monotonic() - started < elastic.PROBE_SECONDS + 2
    assert OutboxEntry.objects.filter(topic=operations.INDEX_TOPIC, last_error__startswith="Away").count() == 1
    killable.send(signal.SIGCONT)
    forget_the_pause()
    keeping.watch()
    drain_all()
    assert list(keeping.differences()) == []
    assert found()[0] == "elasticsearch"


PAGES = ("/search/?q=mug", "/shop/", "/shop/table/", "/search/suggest/?q=mu", "/api/search?q=mug")


@pytest.mark.django_db
@pytest.mark.parametrize("harm", ["killed", "stopped"])
def test_every_page_is_there_while_elasticsearch_is_not(killable: Node | Door, client: Client, harm: str) -> None:
    make_product("Mug", categories=["Table"])
    drain_all()
    keeping.build()
    for page in PAGES:
        assert client.get(page).status_code == 200, page
    assert found()[0] == "elasticsearch"
    if harm == "killed":
        killable.kill()
    else:
        killable.send(signal.SIGSTOP)
    for page in PAGES:
        started = time.monotonic()
        answer = client.get(page)
        assert (answer.status_code, time.monotonic() - started < WITHIN) == (200, True), page
        assert b"Mug" in answer.content or b"Table" in answer.content, page
    if harm == "killed":
        killable.start()
    else:
        killable.send(signal.SIGCONT)
    # By itself: the pause is five seconds at first, and whoever comes after it asks again. On a busy machine a node that has
    # just started is too slow a few times, and each doubles the pause.
    deadline = time.monotonic() + 90
    while found()[0] != "elasticsearch":
        assert time.monotonic() < deadline, "it did not come back"
        time.sleep(0.5)


@pytest.mark.django_db
def test_a_node_that_dies_during_a_build_leaves_nothing_behind(
    killable: Node | Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_product("Mug")
    drain_all()
    live = keeping.build().name
    finish = keeping.Family.finish

    def die(self: keeping.Family, name: str) -> None:
        killable.kill()
        finish(self, name)

    with monkeypatch.context() as patch:
        patch.setattr(keeping.Family, "finish", die)
        enqueue(operations.BUILD_TOPIC, {})
        drain_all()
    assert OutboxEntry.objects.get(topic=operations.BUILD_TOPIC).last_error.startswith("Away")
    killable.start()
    left = keeping.products().standing()
    assert (left.live, bool(left.next)) == (live, True)
    keeping.watch()
    drain_all()
    after = keeping.products().standing()
    assert after.live not in {live, left.next}
    assert (after.next, after.others) == ("", ())
    assert not OutboxEntry.objects.exists()


class Shop:
    """A shop in a database file, for processes of their own."""

    def __init__(self, folder: Path, address: str) -> None:
        self.folder = folder
        self.environment = {
            **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
            "DJANGO_SETTINGS_MODULE": "masthead.settings.dev", "MASTHEAD_VAR": str(folder), "PYTHONWARNINGS": "",
            "ELASTICSEARCH_URL": address, "SEARCH_INDEX_PREFIX": PREFIX,
        }  # fmt: skip
        if connection.connection is None:
            connection.ensure_connection()
        with sqlite3.connect(folder / "masthead.sqlite3") as file:
            connection.connection.backup(file)

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *command], cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )

    def killed_in(self, method: str) -> None:
        """Run a worker that is killed at the end of its first call of a method of Family, before it can say it is done."""
        script = f"""
            import os, signal, sys
            sys.path[:0] = [{str(ROOT)!r}, {str(ROOT / "site")!r}]
            import django
            django.setup()
            from search.elastic.index import Family
            plain = Family.{method}
            def killed(self, *args, **kwargs):
                plain(self, *args, **kwargs)
                os.kill(os.getpid(), signal.SIGKILL)
            Family.{method} = killed
            from shop.outbox.operations import drain_all
            drain_all()
        """
        done = self.run("-c", textwrap.dedent(script))
        assert done.returncode == -signal.SIGKILL, done.stderr

    def let_leases_run_out(self) -> None:
        """As if the two minutes were over."""
        with sqlite3.connect(self.folder / "masthead.sqlite3") as file:
            file.execute("UPDATE outbox_outboxentry SET leased_until = '2020-01-01' WHERE leased_until IS NOT NULL")

    def waiting(self) -> list[tuple[str, bool]]:
        """Topics that wait, and whether somebody holds them."""
        with sqlite3.connect(self.folder / "masthead.sqlite3") as file:
            rows = file.execute("SELECT topic, leased_until IS NOT NULL FROM outbox_outboxentry ORDER BY topic")
            return [(topic, bool(held)) for topic, held in rows]

    def status(self) -> dict[str, Any]:
        return json.loads(self.run("manage.py", "search_status", "--json").stdout)


@pytest.fixture
def shop(tmp_path: Path, transactional_db: None, elasticsearch: str, settings: Any) -> Iterator[Shop]:
    """Three products whose changes wait, in a file; nothing of them is in the index, which is there."""
    assert connection.vendor == "sqlite", "this copies the test's SQLite into a file: run the suite `elasticsearch`"
    OutboxEntry.objects.all().delete()
    settings.SEARCH_INDEX_PREFIX = PREFIX
    drain_all()
    keeping.build()
    for number in range(3):
        make_product(f"Mug {number}")
    # The tables are done, so that what waits is the index's.
    operations.refresh(Product.objects.values_list("pk", flat=True))
    OutboxEntry.objects.exclude(topic=operations.INDEX_TOPIC).delete()
    yield Shop(tmp_path, elasticsearch)
    remove_indices(elasticsearch, PREFIX)


def test_a_worker_that_is_killed_in_a_batch_loses_nothing(shop: Shop) -> None:
    shop.killed_in("write")
    assert shop.waiting() == [(operations.INDEX_TOPIC, True)]
    shop.let_leases_run_out()
    assert shop.run("manage.py", "worker", "--once").returncode == 0
    assert shop.waiting() == []
    status = shop.status()
    assert (status["documents"], status["index_waiting"]) == (3, 0)
    assert status["documents_missing"] + status["documents_extra"] + status["documents_stale"] == 0


def test_a_worker_that_is_killed_before_it_wrote_anything_loses_nothing(shop: Shop) -> None:
    shop.killed_in("standing")
    assert shop.waiting() == [(operations.INDEX_TOPIC, True)]
    shop.let_leases_run_out()
    assert shop.run("manage.py", "worker", "--once").returncode == 0
    status = shop.status()
    assert (status["documents"], status["documents_missing"]) == (3, 0)


def test_a_worker_that_is_killed_in_a_build_leaves_the_live_index_and_the_next_one_clears_up(shop: Shop) -> None:
    live = keeping.products().standing().live
    enqueue(operations.BUILD_TOPIC, {})
    OutboxEntry.objects.filter(topic=operations.INDEX_TOPIC).delete()
    with sqlite3.connect(shop.folder / "masthead.sqlite3") as file:
        connection.connection.backup(file)
    shop.killed_in("begin")
    left = keeping.products().standing()
    assert (left.live, bool(left.next)) == (live, True)
    assert shop.waiting() == [(operations.BUILD_TOPIC, True)]
    shop.let_leases_run_out()
    assert shop.run("manage.py", "worker", "--once").returncode == 0
    after = keeping.products().standing()
    assert after.live not in {live, left.next}
    assert (after.next, after.others) == ("", ())
    status = shop.status()
    assert status["documents"] == 3 == ListingRow.objects.count()
    assert status["documents_missing"] == 0
