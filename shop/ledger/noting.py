"""Who does something that the books write down, why, and when, said once for all rows that come of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone


@dataclass(frozen=True, slots=True)
class Note:
    """Stands beside a row. `by` is a member of staff: what a customer does, the order tells itself."""

    by_id: int | None = None
    why: str = ""
    at: datetime | None = None

    def fields(self) -> dict[str, Any]:
        """For a StockMovement."""
        return {"by_id": self.by_id, "why": self.why[:255], "at": self.at or timezone.now()}


_NOTHING = Note()
_NOTE: ContextVar[Note] = ContextVar("note", default=_NOTHING)


@contextmanager
def noting(*, by: Any = None, why: str = "", at: datetime | None = None) -> Iterator[None]:
    """Rows that are written inside bear this; what is not given is as it was around it.

    `at` is for what happened long ago and is written down now, such as the demo's year of orders.
    """
    outer = _NOTE.get()
    by_id = by.pk if getattr(by, "is_staff", False) else outer.by_id
    token = _NOTE.set(Note(by_id, why or outer.why, at or outer.at))
    try:
        yield
    finally:
        _NOTE.reset(token)


def current() -> Note:
    """What is to be written beside a row now."""
    return _NOTE.get()
