"""How far a command is: a bar on a terminal, a plain line every few seconds elsewhere."""

from __future__ import annotations

import sys
import time
from typing import TextIO

from tqdm import tqdm

SECONDS_BETWEEN_LINES = 5.0


class Progress:
    """Use as a context manager; call `advance(n)` for each n done."""

    def __init__(self, label: str, *, total: int | None = None, stream: TextIO | None = None) -> None:
        self.label, self.total, self.done = label, total, 0
        self._stream = stream or sys.stderr
        self._bar: tqdm | None = None
        self._next_line = time.monotonic() + SECONDS_BETWEEN_LINES

    def __enter__(self) -> Progress:
        if self._stream.isatty():
            self._bar = tqdm(total=self.total, desc=self.label, file=self._stream, unit="", dynamic_ncols=True)
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar:
            self._bar.close()

    def start(self, total: int) -> None:
        """Say how many there are, once it is known."""
        self.total = total
        if self._bar:
            self._bar.reset(total=total)

    def advance(self, number: int = 1) -> None:
        """Count `number` more."""
        self.done += number
        if self._bar:
            self._bar.update(number)
        elif time.monotonic() >= self._next_line:
            self._next_line = time.monotonic() + SECONDS_BETWEEN_LINES
            of = f" of {self.total}" if self.total else ""
            print(f"{self.label}: {self.done}{of}", file=self._stream, flush=True)
