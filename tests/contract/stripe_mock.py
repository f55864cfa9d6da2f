"""Stripe's own stripe-mock, which holds requests to Stripe's description of its API: built with Go, started for the tests."""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings

MODULE, VERSION = "github.com/stripe/stripe-mock", "v0.203.0"
HOME = Path(settings.BASE_DIR) / "var" / "stripe-mock" / VERSION
DESCRIPTION = "embedded/openapi/spec3.json"
CURE = (
    "The contract with Stripe is checked by stripe-mock, which is built with Go 1.22 or newer: install Go (https://go.dev/dl) "
    "and put `go` on the PATH, or name it in GO. The Go proxy has to be in reach the first time."
)
START_SECONDS = 30
LISTENS = re.compile(r"Listening for HTTP at address: (\S+:\d+)")


class MockError(Exception):
    """stripe-mock cannot be had; the message says what would help."""


def go(*arguments: str) -> str:
    """What one of Go's commands prints. Raises MockError."""
    program = os.environ.get("GO") or shutil.which("go")
    if not program:
        raise MockError(f"Go is missing. {CURE}")
    done = subprocess.run(
        [program, *arguments],
        cwd=HOME,
        env={**os.environ, "GOBIN": str(HOME)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise MockError(f"go {' '.join(arguments)} failed: {done.stderr.strip()[-1000:]}\n{CURE}")
    return done.stdout


def build() -> Path:
    """The program, built where it is not there yet, with the description beside it. Raises MockError."""
    HOME.mkdir(parents=True, exist_ok=True)
    program, description = HOME / "stripe-mock", HOME / "spec3.json"
    with (HOME / "lock").open("w") as one_at_a_time:
        fcntl.flock(one_at_a_time, fcntl.LOCK_EX)
        if not description.exists():
            folder = Path(json.loads(go("mod", "download", "-json", f"{MODULE}@{VERSION}"))["Dir"])
            shutil.copyfile(folder / DESCRIPTION, description.with_suffix(".part"))
            description.with_suffix(".part").rename(description)
        if not program.exists():
            go("install", f"{MODULE}@{VERSION}")
    return program


def description() -> dict[str, Any]:
    """Stripe's OpenAPI description, as stripe-mock carries it. Raises MockError."""
    build()
    return dict(json.loads((HOME / "spec3.json").read_text(encoding="utf-8")))


@contextmanager
def server() -> Iterator[str]:
    """The address of a running stripe-mock. Raises MockError."""
    program, log = build(), HOME / f"{os.getpid()}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(program), "-http-addr", "127.0.0.1:0"],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        yield f"http://{_listening(process, log)}"
    finally:
        process.terminate()
        process.wait(10)
        log.unlink(missing_ok=True)


def _listening(process: subprocess.Popen[bytes], log: Path) -> str:
    limit = time.monotonic() + START_SECONDS
    while time.monotonic() < limit and process.poll() is None:
        if found := LISTENS.search(log.read_text()):
            return found[1]
        time.sleep(0.05)
    raise MockError(f"stripe-mock does not listen: {log.read_text()[-1000:]}")
