"""What a mutation is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .guards import Patch


@dataclass(frozen=True)
class Mutation:
    """One guard taken out. `only` is a part of the names of the runs that are about it; empty: all."""

    name: str
    guard: str
    tests: tuple[str, ...]
    take_out: Callable[[Patch], Any]
    fails_with: tuple[type[BaseException], ...] = (AssertionError,)
    only: str = ""

    def __repr__(self) -> str:
        return self.name


def within(file: str, *names: str) -> tuple[str, ...]:
    """Tests of one file."""
    return tuple(f"{file}::{name}" for name in names)
