#!/usr/bin/env python3
"""Children that end when we do, however we end: also by kill -9, which nobody can catch. Standard library only.

    python3 scripts/leash.py COMMAND ...

runs COMMAND until it ends, or until nobody holds the other end of standard input any more. `start` is how a launcher uses it: it
holds that end, and the kernel lets go of it when the launcher is gone.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from types import FrameType
from typing import Any

# How long a command has after it was asked to end.
STOP_SECONDS = 10
PARENT = os.getppid()


class OrphanError(Exception):
    """Whoever started this program is gone, so nobody waits for what it does."""


def is_orphan() -> bool:
    """Whether whoever started this program is gone. `nohup` says that it is to go on all the same."""
    return os.getppid() != PARENT and signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN


def start(command: Sequence[str], **options: Any) -> subprocess.Popen[bytes]:
    """Start a command that ends when this process does. It has a process group of its own."""
    held = [sys.executable, "-I", "-S", __file__, *command]
    return subprocess.Popen(held, stdin=subprocess.PIPE, start_new_session=True, **options)


def end(process: subprocess.Popen[bytes], *, by: signal.Signals = signal.SIGTERM) -> None:
    """Stop what `start` started: kindly, and by force where that does not help."""
    if process.poll() is None:
        process.send_signal(by)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    if process.stdin is not None:
        process.stdin.close()


def run(command: Sequence[str], **options: Any) -> int:
    """Run a command to its end, and return its status. Raises OrphanError where nobody waits for it any more."""
    process = start(command, **options)
    try:
        while (status := process.poll()) is None:
            if is_orphan():
                raise OrphanError
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.5)
        return status
    finally:
        end(process)


def main(command: Sequence[str]) -> int:
    """Run it, pass signals on, and end it when the other end of standard input is gone."""
    asked: list[int] = []
    child: subprocess.Popen[bytes] | None = None

    def pass_on(number: int, _frame: FrameType | None) -> None:
        if child is None:
            asked.append(number)
        else:
            child.send_signal(number)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, pass_on)
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    for early in asked:
        child.send_signal(early)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    status = child.wait()
    # What the command has started itself and left behind.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.killpg(0, signal.SIGTERM)
    return status if status >= 0 else 128 - status


def _end_with_parent() -> None:
    # Not through sys.stdin, whose lock would be in the way when this process ends.
    while os.read(0, 1):
        pass
    # The whole group: what the command has started itself ends, too.
    os.killpg(0, signal.SIGTERM)
    time.sleep(STOP_SECONDS)
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
