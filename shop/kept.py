"""Small things that every page needs and that seldom change: kept in the cache until somebody changes them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.core.cache import cache
from django.db import transaction

Made = TypeVar("Made")


class Kept:
    """Values under one name, all forgotten together.

    A number in the keys tells old values from new ones, so that whoever was still reading what is being changed cannot
    bring it back. Where each process has a cache of its own, another one's change shows after `seconds`.
    """

    def __init__(self, name: str, *, seconds: int) -> None:
        self.name = name
        self.seconds = seconds

    def get(self, key: str, make: Callable[[], Made]) -> Made:
        """What is kept under `key`, or else what `make` returns, which is kept from now on."""
        full = f"{self.name}:{self.version()}:{key}"
        kept: Made | None = cache.get(full)
        if kept is None:
            kept = make()
            cache.set(full, kept, self.seconds)
        return kept

    def version(self) -> int:
        """A number that changes with `forget`: part of the key of whatever else is made from these values."""
        return cache.get_or_set(f"{self.name}:version", 1, None) or 1

    def forget(self, **kwargs: Any) -> None:
        """Have everything made anew, now and once what is being changed is committed. Takes any signal's arguments."""
        self._bump()
        transaction.on_commit(self._bump)

    def _bump(self) -> None:
        key = f"{self.name}:version"
        try:
            cache.incr(key)
        except ValueError:
            # Nobody has asked yet, or the cache was emptied: whatever is kept under 1 must not come back.
            cache.set(key, 2, None)
