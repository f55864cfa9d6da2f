"""Servers that go on without whoever started them: a note beside their data says which process they are, and where they answer.

Standard library only.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Any


def write(note: Path, process: subprocess.Popen[bytes], address: str) -> None:
    """Write down a server that was started."""
    note.write_text(json.dumps({"pid": process.pid, "address": address}))


def address(note: Path) -> str:
    """Where the server that was written down answers, if it lives still; empty where none was."""
    return str(_read(note).get("address", ""))


def stop(note: Path, mark: str, seconds: float) -> bool:
    """Stop the server that was written down, by force after `seconds`. Returns whether one ran.

    Its command line holds `mark`: numbers of processes are given out again.
    """
    running = _read(note)
    if not running:
        return False
    pid, was_running = int(running["pid"]), False
    with suppress(ProcessLookupError):
        limit = time.monotonic() + seconds
        while _lives(pid, mark):
            os.kill(pid, signal.SIGTERM if time.monotonic() < limit else signal.SIGKILL)
            was_running = True
            time.sleep(0.2)
    note.unlink(missing_ok=True)
    return was_running


def end(process: subprocess.Popen[bytes], seconds: float) -> None:
    """Stop a server that this process has started, by force after `seconds`."""
    if process.stdin is not None:
        process.stdin.close()
    process.terminate()
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _read(note: Path) -> dict[str, Any]:
    with suppress(OSError, ValueError):
        return dict(json.loads(note.read_text()))
    return {}


def _lives(pid: int, mark: str) -> bool:
    asked = subprocess.run(["ps", "-ww", "-p", str(pid), "-o", "command="], capture_output=True, text=True, check=False)
    return mark in asked.stdout
