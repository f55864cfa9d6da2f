"""The time limits that are checked here and not in `make test`: import, demo, second start. All on SQLite."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import bootstrap
import postgres

from .figures import Limit
from .picks import CATALOGUE
from .sites import SiteError, clean_environment, run

ROOT = bootstrap.ROOT
PYTHON = str(bootstrap.python())
DATABASE = "masthead.sqlite3"
IMPORT_SECONDS, IMPORT_MEGABYTES = 120.0, 400.0
DEMO_SECONDS = 90.0
START_SECONDS = 8.0
OPEN = b"is open (started in"
LONGEST_START = 120.0


def check(*, data: Path, folder: Path, say: Callable[[str], None]) -> list[Limit]:
    """Measure each limit in a folder of its own."""
    base = folder / "base"
    base.mkdir(parents=True, exist_ok=True)
    say("time limits: making an SQLite database")
    run([PYTHON, "scripts/migrate.py"], cwd=ROOT, environment=environment(base))
    run([PYTHON, "manage.py", "setup_shop"], cwd=ROOT, environment=environment(base))
    limits = check_import(copy_of(base, folder / "import"), data=data, say=say)
    demo = copy_of(base, folder / "demo")
    return [*limits, check_demo(demo, say=say), check_start(demo, say=say)]


def environment(folder: Path) -> dict[str, str]:
    """What the shop's commands read on a developer's machine, with the database in `folder`."""
    return clean_environment(DJANGO_SETTINGS_MODULE="masthead.settings.dev", MASTHEAD_VAR=str(folder))


def copy_of(base: Path, target: Path) -> Path:
    """A folder with a copy of the empty shop."""
    target.mkdir(parents=True, exist_ok=True)
    for file in base.glob(f"{DATABASE}*"):
        shutil.copy(file, target)
    return target


def watched(command: Sequence[str], environment: Mapping[str, str], log: Path) -> tuple[float, float]:
    """Run a command; seconds, and the most memory it held in megabytes. Raises SiteError when it fails."""
    began = time.monotonic()
    with log.open("wb") as said:
        process = subprocess.Popen(command, cwd=ROOT, env=dict(environment), stdout=said, stderr=subprocess.STDOUT)
        _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SiteError(f"{command[2]} failed:\n{log.read_text(errors='replace')[-2000:]}")
    return time.monotonic() - began, usage.ru_maxrss / 1024


def check_import(folder: Path, *, data: Path, say: Callable[[str], None]) -> list[Limit]:
    """The whole electronics file into an empty shop."""
    say("time limits: importing every product on SQLite")
    command = [PYTHON, "manage.py", "import_products", str(data / CATALOGUE), "--report", str(folder / "report.csv")]
    seconds, megabytes = watched(command, environment(folder), folder / "import.log")
    return [
        Limit("import_products, 19,406 products on SQLite", IMPORT_SECONDS, "s", seconds),
        Limit("memory of that import", IMPORT_MEGABYTES, "MB", megabytes),
    ]


def check_demo(folder: Path, *, say: Callable[[str], None]) -> Limit:
    """The demo shop into an empty one."""
    name = "load_demo"
    if not (ROOT / "demo" / "management" / "commands" / "load_demo.py").is_file():
        return Limit(name, DEMO_SECONDS, "s", None, "this version has no such command")
    say("time limits: loading the demo shop")
    seconds, _memory = watched([PYTHON, "manage.py", name], environment(folder), folder / "demo.log")
    return Limit(name, DEMO_SECONDS, "s", seconds)


def check_start(folder: Path, *, say: Callable[[str], None]) -> Limit:
    """`make run` once to make everything ready, then again with a clock."""
    say("time limits: starting the shop a second time")
    command = [PYTHON, "scripts/run.py"]
    run([*command, "--prepare"], cwd=ROOT, environment=environment(folder))
    seconds = seconds_to_open([*command, "--port", str(postgres.free_port())], folder)
    return Limit("second `make run`, until the front page answers", START_SECONDS, "s", seconds)


def seconds_to_open(command: Sequence[str], folder: Path) -> float:
    """Start the shop, wait for its word that it is open, stop it."""
    began = time.monotonic()
    log = folder / "run.log"
    with log.open("wb") as said:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment(folder), stdout=said, stderr=subprocess.STDOUT,
            start_new_session=True,
        )  # fmt: skip
    try:
        while OPEN not in log.read_bytes():
            if process.poll() is not None or time.monotonic() - began > LONGEST_START:
                raise SiteError(f"the shop did not start:\n{log.read_text(errors='replace')[-2000:]}")
            time.sleep(0.02)
        return time.monotonic() - began
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)
