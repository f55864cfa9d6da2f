#!/usr/bin/env python3
"""Start and stop the Stripe sandbox. Standard library only.

python3 deploy/stripe_sandbox/launcher.py start [--port 9440] [--webhook http://localhost:8000/stripe/webhook/]
python3 deploy/stripe_sandbox/launcher.py check | stop
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import background

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
FIRST_PORT = 9440
START_SECONDS = 30
STOP_SECONDS = 10
KEY = "sk_test_sandbox"
SECRET = "whsec_sandbox"
MODULE = "stripe_sandbox"
READY = re.compile(r"on (http://127\.0\.0\.1:\d+)")


class SandboxError(Exception):
    """The sandbox does not run; the message says what would help."""


@contextmanager
def server(*, webhook: str = "", secret: str = SECRET, port: int = 0, data: Path | None = None) -> Iterator[str]:
    """The address of a sandbox of one's own. Without `data` nothing of it is left afterwards.

    It ends by itself when this process does. Raises SandboxError.
    """
    with tempfile.TemporaryDirectory(prefix="masthead-stripe-") as folder:
        file = data or Path(folder) / "sandbox.sqlite3"
        process = launch(file, port, webhook, secret, attached=subprocess.PIPE)
        try:
            yield wait_until_ready(process, file)
        finally:
            background.end(process, STOP_SECONDS)


def settings(address: str, secret: str = SECRET) -> dict[str, str]:
    """What the shop's processes have to read to be paid through the sandbox at an address."""
    return {"STRIPE_API_BASE": address, "STRIPE_SECRET_KEY": KEY, "STRIPE_WEBHOOK_SECRET": secret}


def launch(
    data: Path, port: int, webhook: str = "", secret: str = SECRET, *, attached: int | IO[bytes] | None = None
) -> subprocess.Popen[bytes]:
    """Start the process. With `attached`, its standard input, it ends by itself when nobody holds the other end."""
    data.parent.mkdir(parents=True, exist_ok=True)
    command = [
        *(sys.executable, "-m", MODULE, "--port", str(port), "--data", str(data)),
        *("--webhook", webhook, "--webhook-secret", secret),
        *(["--attached"] if attached is not None else []),
    ]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("STRIPE_", "PYTHONWARN"))}
    with log_of(data).open("wb") as log:
        return subprocess.Popen(
            command,
            cwd=HERE.parent,
            env=environment,
            stdin=attached if attached is not None else subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def log_of(data: Path) -> Path:
    """Where the process of this file says what it says."""
    return data.with_suffix(".log")


def wait_until_ready(process: subprocess.Popen[bytes], data: Path) -> str:
    """Its address, once it listens. Raises SandboxError where it ends or does not answer in time."""
    log = log_of(data)
    limit = time.monotonic() + START_SECONDS
    while time.monotonic() < limit:
        said = log.read_text(errors="replace")
        if found := READY.search(said):
            return found[1]
        if process.poll() is not None:
            raise SandboxError(f"The Stripe sandbox ended at once (exit {process.returncode}): {said.strip()[-1500:]}")
        time.sleep(0.02)
    background.end(process, STOP_SECONDS)
    raise SandboxError(f"The Stripe sandbox said nothing within {START_SECONDS} s: see {log}.")


def state(address: str) -> dict[str, Any]:
    """How the sandbox at an address stands; empty where nobody answers."""
    try:
        with urllib.request.urlopen(f"{address}/_control/state", timeout=5) as answer:
            return dict(json.load(answer))
    except (OSError, ValueError):
        return {}


def start(data: Path, port: int, webhook: str, secret: str) -> str:
    """Start a sandbox that goes on without us, unless it runs already. Returns its address. Raises SandboxError."""
    running = background.address(note(data))
    if running and state(running):
        return running
    process = launch(data, port, webhook, secret)
    address = wait_until_ready(process, data)
    background.write(note(data), process, address)
    return address


def note(data: Path) -> Path:
    """Where a started sandbox is written down."""
    return data.with_suffix(".json")


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["start", "check", "stop"])
    parser.add_argument("--data", type=Path, default=ROOT / "var" / "stripe-sandbox.sqlite3", help="what it keeps")
    parser.add_argument("--port", type=int, default=FIRST_PORT)
    parser.add_argument("--webhook", default="http://localhost:8000/stripe/webhook/", help="where it sends events")
    parser.add_argument("--webhook-secret", default=SECRET, help="what it signs them with")
    options = parser.parse_args()
    try:
        if options.what == "start":
            print(start(options.data, options.port, options.webhook, options.webhook_secret))
        elif options.what == "stop":
            stopped = background.stop(note(options.data), f"-m {MODULE}", STOP_SECONDS)
            print("Stopped." if stopped else "No sandbox was started there.")
        else:
            address = background.address(note(options.data))
            found = state(address) if address else {}
            print(f"{address}: {json.dumps(found)}" if found else "No sandbox answers.")
            return 0 if found else 1
    except SandboxError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
