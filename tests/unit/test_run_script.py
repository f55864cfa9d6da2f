"""What `make run` and `make test` decide before they start anything."""

import socket
import sqlite3
import sys
import threading
from pathlib import Path

import pytest
from django.conf import settings
from masthead.settings.environment import Environment

SCRIPTS = Path(settings.BASE_DIR) / "scripts"


@pytest.fixture(autouse=True)
def _scripts_on_the_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.syspath_prepend(str(SCRIPTS))
    monkeypatch.setenv("MASTHEAD_VAR", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("ELASTICSEARCH_URL", raising=False)
    monkeypatch.delenv("STRIPE_SECRET_KEY", raising=False)


def test_a_taken_port_is_passed_over() -> None:
    import run

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert port < run.free_port(port) < port + run.PORTS_TO_TRY


def test_no_free_port_names_the_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    import run

    monkeypatch.setattr(run, "PORTS_TO_TRY", 0)
    with pytest.raises(run.RunError, match="make run PORT=9000"):
        run.free_port(8000)


def test_a_database_that_is_up_to_date_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import run

    called: list[str] = []
    monkeypatch.setattr(run, "run_python", lambda *arguments, what: called.append(what))
    monkeypatch.setattr(run, "has_products", lambda: True)
    run.prepare_database()
    assert called == ["migrating", "manage.py setup_shop"]
    (tmp_path / "masthead.sqlite3").touch()
    run.prepare_database()
    assert len(called) == 2
    (tmp_path / "database-stamp").write_text("an older set of migrations")
    run.prepare_database()
    assert len(called) == 4


def test_an_empty_database_gets_the_demo(monkeypatch: pytest.MonkeyPatch) -> None:
    import run

    called: list[str] = []
    monkeypatch.setattr(run, "run_python", lambda *arguments, what: called.append(what))
    monkeypatch.setattr(run, "has_products", lambda: False)
    run.prepare_database()
    assert called[-1] == "manage.py load_demo"


def test_products_are_seen_without_starting_django(tmp_path: Path) -> None:
    import run

    database = sqlite3.connect(tmp_path / "masthead.sqlite3")
    database.execute("CREATE TABLE catalogue_product (id INTEGER)")
    assert not run.has_products()
    database.execute("INSERT INTO catalogue_product VALUES (1)")
    database.commit()
    database.close()
    assert run.has_products()


def test_starting_over_keeps_what_is_not_the_shops(tmp_path: Path) -> None:
    import run

    for name in (
        "masthead.sqlite3",
        "masthead.sqlite3-wal",
        "database-stamp",
        "notes.txt",
        "media/a.jpg",
        "mail/1.log",
        "elasticsearch/node.log",
        "stripe-sandbox.sqlite3-wal",
    ):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
    run.reset()
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_starting_over_refuses_a_servers_database(monkeypatch: pytest.MonkeyPatch) -> None:
    import run

    monkeypatch.setenv("DATABASE_URL", "postgres://localhost/shop")
    with pytest.raises(run.RunError, match="yours to drop"):
        run.reset()


def test_packages_are_installed_once_for_the_same_pins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import bootstrap

    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").touch()
    monkeypatch.setattr(bootstrap, "VENV", tmp_path)
    ran: list[list[str]] = []

    class Fine:
        returncode = 0

    monkeypatch.setattr(bootstrap.subprocess, "run", lambda command, **_: ran.append(command) or Fine())
    assert bootstrap.ensure(dev=True)
    # What tests need includes what running needs.
    assert not bootstrap.ensure(dev=True)
    assert not bootstrap.ensure()
    assert len(ran) == 1
    (tmp_path / "dev").write_text("older pins")
    assert bootstrap.ensure(dev=True)


def test_an_old_python_is_refused_with_the_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    import bootstrap

    monkeypatch.setattr(sys, "version_info", (3, 10, 4))
    with pytest.raises(bootstrap.BootstrapError, match=r"Python 3\.10.*PYTHON=python3\.11"):
        bootstrap.ensure()


def test_a_private_postgres_is_not_started_where_one_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    import postgres

    monkeypatch.setenv("DATABASE_URL", "postgres://somebody@db/shop")
    with postgres.server() as address:
        assert address == "postgres://somebody@db/shop"


def test_no_postgres_and_no_root_is_one_clear_line(monkeypatch: pytest.MonkeyPatch) -> None:
    import postgres

    monkeypatch.setattr(postgres, "_newest_programs", lambda: None)
    monkeypatch.setattr(postgres.os, "geteuid", lambda: 1000)
    with pytest.raises(postgres.PostgresError, match="DATABASE_URL=postgres://") as caught:
        postgres.find_programs()
    assert "\n" not in str(caught.value)


def test_links_in_mails_lead_to_the_port_that_was_free(monkeypatch: pytest.MonkeyPatch) -> None:
    import run

    given: list[dict[str, str]] = []
    monkeypatch.setattr(run.subprocess, "Popen", lambda *_, env, **__: given.append(env))
    run.start(8131)
    assert [environment["SHOP_ADDRESS"] for environment in given] == ["http://localhost:8131"] * 2
    assert Environment.read(given[1]).shop_address == "http://localhost:8131"
    assert "http://localhost:8131/demo/mail/" in run.welcome(8131, 1.0)


def test_the_shop_is_paid_through_a_sandbox_of_our_own() -> None:
    import run

    payments = run.Payments("http://localhost:8131")
    try:
        environment = Environment.read(payments.settings)
        assert environment.stripe_secret_key.startswith("sk_test_")
        state = run.launcher.state(environment.stripe_api_base)
        assert state["webhook"] == "http://localhost:8131/stripe/webhook/"
        assert environment.stripe_api_base in run.welcome(8131, 1.0, payments=payments.says)
    finally:
        payments.end()
    assert run.launcher.state(environment.stripe_api_base) == {}


def test_the_shops_processes_are_told_of_the_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    import run

    given: list[dict[str, str]] = []
    monkeypatch.setattr(run.subprocess, "Popen", lambda *_, env, **__: given.append(env))
    run.start(8131, "", run.launcher.settings("http://127.0.0.1:9440"))
    assert [environment["STRIPE_API_BASE"] for environment in given] == ["http://127.0.0.1:9440"] * 2


def test_a_key_of_stripes_leaves_the_sandbox_out(monkeypatch: pytest.MonkeyPatch) -> None:
    import run

    monkeypatch.setenv("STRIPE_SECRET_KEY", "sk_live_0123456789")
    monkeypatch.setattr(run.launcher, "launch", lambda *_, **__: pytest.fail("the sandbox was started"))
    payments = run.Payments("http://localhost:8131")
    assert (payments.settings, payments.says) == ({}, "Stripe")
    payments.end()


def test_a_sandbox_that_does_not_start_is_said_and_no_obstacle(monkeypatch: pytest.MonkeyPatch) -> None:
    import run

    said: list[str] = []

    def launch(*_: object, **__: object) -> None:
        raise run.launcher.SandboxError("no port")

    monkeypatch.setattr(run.launcher, "launch", launch)
    monkeypatch.setattr(run.bootstrap, "say", said.append)
    payments = run.Payments("http://localhost:8131")
    assert (payments.settings, payments.says) == ({}, "bank transfer only")
    assert len(said) == 1
    assert "no port" in said[0]
    payments.end()


def test_a_named_elasticsearch_answers_searches(monkeypatch: pytest.MonkeyPatch) -> None:
    import run

    monkeypatch.setenv("ELASTICSEARCH_URL", "https://shop:secret@search:9200")
    search = run.Search("elasticsearch")
    assert (search.address, search.is_ours) == ("https://shop:secret@search:9200", False)
    assert "search:9200" in search.says
    assert "secret" not in search.says
    assert run.Search("database").address == ""


@pytest.mark.parametrize("is_possible", [True, False])
def test_a_node_of_our_own_is_used_where_there_can_be_one(monkeypatch: pytest.MonkeyPatch, is_possible: bool) -> None:
    import run

    monkeypatch.setattr(run.node, "is_possible", lambda: is_possible)
    search = run.Search("elasticsearch")
    assert search.is_ours is is_possible
    assert search.address.startswith("http://127.0.0.1:") is is_possible
    assert search.says in run.welcome(8131, 1.0, search.says)
    assert ("JDK 21" in search.says) is not is_possible
    assert not run.Search("database").is_ours


def test_the_shop_does_not_wait_for_its_node_and_takes_it_along(monkeypatch: pytest.MonkeyPatch) -> None:
    import run

    building = threading.Event()
    said: list[str] = []

    def build() -> None:
        building.wait(10)

    monkeypatch.setattr(run.node, "is_possible", lambda: True)
    monkeypatch.setattr(run.node, "is_built", lambda: True)
    monkeypatch.setattr(run.node, "build", build)
    monkeypatch.setattr(run.node, "launch", lambda *_, **__: pytest.fail("the shop has ended already"))
    monkeypatch.setattr(run.bootstrap, "say", said.append)
    search = run.Search("elasticsearch")
    search.begin()
    search.end()
    building.set()
    for thread in threading.enumerate():
        if thread.name == "elasticsearch":
            thread.join(10)
    assert said == []


def test_a_node_that_does_not_start_is_said_and_no_obstacle(monkeypatch: pytest.MonkeyPatch) -> None:
    import run

    said: list[str] = []

    def build() -> None:
        raise run.node.NodeError("Maven could not put the node together: no network")

    monkeypatch.setattr(run.node, "is_possible", lambda: True)
    monkeypatch.setattr(run.node, "is_built", lambda: True)
    monkeypatch.setattr(run.node, "build", build)
    monkeypatch.setattr(run.bootstrap, "say", said.append)
    search = run.Search("elasticsearch")
    search._run()
    search.end()
    assert len(said) == 1
    assert "the database answers searches" in said[0]
    assert "no network" in said[0]


def test_what_a_node_needs_and_has_not_is_one_clear_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import run

    node = run.node
    monkeypatch.setattr(node, "is_built", lambda: False)
    monkeypatch.setattr(node.shutil, "which", lambda name: None)
    with pytest.raises(node.NodeError, match=r"Maven is missing.*ELASTICSEARCH_URL") as caught:
        node.build()
    assert "\n" not in str(caught.value)
    monkeypatch.setattr(node, "java_version", lambda home: 17)
    with pytest.raises(node.NodeError, match=r"No JDK 21 or newer.*ELASTICSEARCH_URL") as caught:
        node.find_java()
    assert "\n" not in str(caught.value)
    assert not node.is_possible()


def test_a_jdk_is_known_by_its_release_file(tmp_path: Path) -> None:
    import run

    assert run.node.java_version(tmp_path) == 0
    (tmp_path / "release").write_text('IMPLEMENTOR="Eclipse Adoptium"\nJAVA_VERSION="25.0.1"\n')
    assert run.node.java_version(tmp_path) == 25
