"""A circuit breaker: who has failed is left alone for a while, so that nobody waits for what will not come.

Its state lies in the cache, so that processes which share one (CACHE_URL) learn of a failure from each other.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from django.core.cache import cache

FIRST_PAUSE = 5.0  # seconds
LONGEST_PAUSE = 60.0
# How long one request may take to find out whether the other side is back. Longer than its limit, so there is one at a time.
PROBE = 5


@dataclass(frozen=True, slots=True)
class Opened:
    """Why and since when nobody is asked, until when, and after how many failures in a row."""

    at: float
    until: float
    failures: int
    why: str


@dataclass(frozen=True, slots=True)
class Breaker:
    """One for each thing that is asked of the other side."""

    name: str

    @property
    def _key(self) -> str:
        return f"breaker:{self.name}"

    def allows(self) -> bool:
        """Whether to ask now. Once a pause is over, one request is let through to see; the others wait for what it finds."""
        opened = self.opened()
        if opened is None:
            return True
        if time.time() < opened.until:
            return False
        return bool(cache.add(f"{self._key}:probe", 1, PROBE))

    def failed(self, started: float, why: str) -> None:
        """A request that began at `started` (time.time()) got no answer. The pause doubles with each that follows."""
        opened, now = self.opened(), time.time()
        if opened and started < opened.at:
            # It began before the failure that we know of, and says nothing new.
            return
        failures = opened.failures + 1 if opened else 1
        pause = min(FIRST_PAUSE * 2 ** (failures - 1), LONGEST_PAUSE)
        cache.set(self._key, Opened(at=now, until=now + pause, failures=failures, why=why[:300]), None)
        cache.delete(f"{self._key}:probe")

    def succeeded(self, started: float) -> None:
        """A request that began at `started` was answered."""
        opened = self.opened()
        if opened and started >= opened.at:
            self.reset()

    def reset(self) -> None:
        """Let everybody ask again."""
        cache.delete_many([self._key, f"{self._key}:probe"])

    def opened(self) -> Opened | None:
        """Nothing while all is well."""
        found: Opened | None = cache.get(self._key)
        return found

    def state(self) -> str:
        """In a few words, for whoever looks after the shop."""
        opened = self.opened()
        if opened is None:
            return "closed"
        rest = opened.until - time.time()
        when = f"next try in {rest:.0f} s" if rest > 0 else "the next request tries"
        return f"open, {when}: {opened.why}"
