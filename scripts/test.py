#!/usr/bin/env python3
"""Run the checks and test suites, one after another, and say at the end how each went. Standard library only.

    python3 scripts/test.py [SUITE ...] [-- arguments for pytest]

Without a name, all of them run. What a suite needs (PostgreSQL, Chromium, nginx) is taken from the environment, found on
the machine, or installed with apt where this runs as root; where none of that is possible the suite fails with one line.
A JDK of 21 or newer and Go of 1.22 or newer have to be there, as Debian has none before version 13.

    DATABASE_URL       a PostgreSQL to use; without it a private one is started below var/ and stopped again
    ELASTICSEARCH_URL  an Elasticsearch 9 to use; without it a private node is put together and started (deploy/elasticsearch)
    GO                 the Go that builds stripe-mock (default: go on the path)
    CHROMIUM           the browser to use (default: chromium or google-chrome on the path)
    WORKERS            how many processes pytest uses (default 2)
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "deploy" / "elasticsearch"))
import bootstrap
import node
import postgres

ROOT = bootstrap.ROOT
BIN = bootstrap.VENV / "bin"
IN_MEMORY = "sqlite://:memory:"
# What needs a database of its own kind has a suite of its own.
WITHOUT = ("-m", "not migrations and not elasticsearch")
# What happens at the same moment, and what dies in the middle.
AGAINST_ALL = ("tests/concurrency", "tests/faults")


class SuiteError(Exception):
    """A suite cannot run here; the message says why and what would help."""


def run(*command: str, **environment: str) -> bool:
    """Run one command in the project's folder with our own environment's programs; return whether it succeeded."""
    settings = {"PATH": f"{BIN}:{os.environ['PATH']}", "PYTHONPATH": f"{ROOT / 'site'}:{ROOT}", **environment}
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **settings}, check=False).returncode == 0


def pytest(*arguments: str, workers: int | None = None, share: str = "loadscope", **environment: str) -> bool:
    """Run pytest with our command line's further arguments."""
    count = str(workers if workers is not None else os.environ.get("WORKERS", "2"))
    spread = [] if count in {"0", "1"} else ["-n", count, "--dist", share]
    return run("pytest", "-q", *spread, *arguments, *PASSED_ON, **environment)


def lint() -> bool:
    """Style, templates, the arrows between the rooms."""
    checks = [
        ["ruff", "check", "."],
        ["ruff", "format", "--check", "--quiet", "."],
        *[["djlint", "--quiet", "--lint", folder] for folder in template_folders()],
        ["lint-imports", "--no-cache"],
    ]
    # All of them, so that one run shows everything that is wrong.
    results = [run(*check) for check in checks]
    return all(results)


def template_folders() -> list[str]:
    """The folders of our templates."""
    return [str(folder.relative_to(ROOT)) for folder in sorted(ROOT.glob("[a-z]*/**/templates")) if folder.is_dir()]


def types() -> bool:
    """mypy, with django-stubs."""
    return run("mypy", DATABASE_URL=IN_MEMORY, SECRET_KEY="for-types-only")


def tests() -> bool:
    """Unit, integration and architecture tests on SQLite."""
    return pytest("tests/unit", "tests/integration", "tests/architecture", *WITHOUT, DATABASE_URL=IN_MEMORY)


def migrations() -> bool:
    """The tests marked so, on a database that the migrations made."""
    return pytest(
        "tests/integration", "-m", "migrations", "--migrations", "--create-db", workers=0, DATABASE_URL=IN_MEMORY
    )


def database() -> bool:
    """Integration tests, races and killed processes on PostgreSQL, and a stock Oscar under the same attacks."""
    # What takes longest comes first, so that what is short fills up both processes in the end.
    folders = (*AGAINST_ALL, "tests/integration", "tests/stock_oscar", "--no-loadscope-reorder")
    with postgres.server() as address:
        return pytest(*folders, *WITHOUT, "--create-db", DATABASE_URL=address, REQUIRE_POSTGRES="1")


def mutations() -> bool:
    """Each test of races and deaths without the guard that it is about: it has to fail (tests/mutations)."""
    switch = ("-p", "tests.mutations.plugin", "--mutations")
    with postgres.server() as address:
        return pytest(
            *AGAINST_ALL, *switch, "--create-db", share="worksteal", DATABASE_URL=address, REQUIRE_POSTGRES="1"
        )


def elasticsearch() -> bool:
    """The tests marked so, against a real Elasticsearch."""
    if not os.environ.get("ELASTICSEARCH_URL") and not shutil.which("mvn"):
        need_root("Maven", "Install it, or set ELASTICSEARCH_URL to a running Elasticsearch 9.")
        bootstrap.apt_install("maven")
    bootstrap.ensure_vectors()
    with node.server() as address:
        return pytest("tests/integration", "-m", "elasticsearch", DATABASE_URL=IN_MEMORY, ELASTICSEARCH_URL=address)


def contract() -> bool:
    """Stripe's stripe-mock judges every request that we make, and Stripe's description what our sandbox answers."""
    return pytest("tests/contract", workers=0, DATABASE_URL=IN_MEMORY)


def browser() -> bool:
    """Journeys in Chromium against a server of our own."""
    return pytest("tests/browser", share="worksteal", CHROMIUM=chromium(), DATABASE_URL=IN_MEMORY)


def deploy() -> bool:
    """A server as deploy/ describes it: nginx, gunicorn, PostgreSQL, DEBUG off."""
    if not list((ROOT / "tests").glob("deploy/test_*.py")):
        return True
    if not shutil.which("nginx") and not Path("/usr/sbin/nginx").exists():
        need_root("nginx", "Install nginx, or leave the suite out.")
        bootstrap.apt_install("nginx-light")
    if not shutil.which("systemd-analyze"):
        # Only to read the units; nothing of it has to run.
        need_root("systemd", "Install systemd, or leave the suite out.")
        bootstrap.apt_install("systemd")
    with postgres.server() as address:
        return pytest("tests/deploy", workers=0, DATABASE_URL=address)


def check_deploy() -> bool:
    """Django's deployment checks under the production settings, on a made-up host."""
    return run(
        "python", "manage.py", "check", "--deploy", "--fail-level", "WARNING",
        DJANGO_SETTINGS_MODULE="masthead.settings.production", ALLOWED_HOSTS="shop.example.com",
        SECRET_KEY="only-for-this-check-" + "0123456789abcdefghij" * 3,
        # Nobody is asked: the checks read settings only.
        DATABASE_URL="postgres://masthead@127.0.0.1:1/masthead", CACHE_URL="redis://127.0.0.1:1/0",
        EMAIL_URL="smtp://127.0.0.1:1/?from=shop@masthead.test", SHOP_BANK="holder=Masthead;account=12345678",
    )  # fmt: skip


def docs() -> bool:
    """The documents, built without a warning."""
    return run("sphinx-build", "-q", "-W", "--keep-going", "-b", "html", "docs", "docs/_build/html")


def chromium() -> str:
    """The browser's path, installing Debian's where none is found."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    need_root("Chromium", "Install it, or name another one in CHROMIUM.")
    bootstrap.apt_install("chromium", "fonts-dejavu-core")
    return shutil.which("chromium") or ""


def need_root(what: str, cure: str) -> None:
    """Raise SuiteError unless apt can be used."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise SuiteError(f"{what} is not installed, and only root can install it with apt. {cure}")


SUITES: dict[str, Callable[[], bool]] = {
    "lint": lint,
    "types": types,
    "docs": docs,
    "check-deploy": check_deploy,
    "tests": tests,
    "migrations": migrations,
    "postgres": database,
    "mutations": mutations,
    "elasticsearch": elasticsearch,
    "contract": contract,
    "browser": browser,
    "deploy": deploy,
}
PASSED_ON: list[str] = []


def main() -> int:
    """Run what was asked for; 0 when all of it is green."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suites", nargs="*", metavar="SUITE", help=", ".join(SUITES))
    mine, _, rest = " ".join(sys.argv[1:]).partition(" -- ")
    arguments = parser.parse_args(mine.split())
    PASSED_ON.extend(rest.split())
    if unknown := set(arguments.suites) - set(SUITES):
        parser.error(f"no suite called {', '.join(sorted(unknown))}; there are {', '.join(SUITES)}")
    try:
        bootstrap.ensure(dev=True)
    except bootstrap.BootstrapError as error:
        print(error, file=sys.stderr)
        return 1
    results: list[tuple[str, bool, float]] = []
    for name in arguments.suites or SUITES:
        bootstrap.say(f"\n=== {name}: {(SUITES[name].__doc__ or '').strip()}")
        started = time.monotonic()
        try:
            fine = SUITES[name]()
        except (SuiteError, bootstrap.BootstrapError, node.NodeError, postgres.PostgresError) as error:
            bootstrap.say(f"{name}: {error}")
            fine = False
        results.append((name, fine, time.monotonic() - started))
    bootstrap.say("")
    for name, fine, seconds in results:
        bootstrap.say(f"{'ok    ' if fine else 'FAILED'} {name:14}{seconds:7.1f} s")
    return 0 if all(fine for _, fine, _ in results) else 1


if __name__ == "__main__":
    sys.exit(main())
