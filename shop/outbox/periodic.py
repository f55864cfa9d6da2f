"""The one table of jobs that run by the clock. Rooms add theirs in AppConfig.ready()."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class PeriodicJob:
    """A function without arguments and how many seconds lie between two runs."""

    name: str
    every: float
    run: Callable[[], object]
    due_at: float = field(default=0.0)


JOBS: dict[str, PeriodicJob] = {}


def every(seconds: float, name: str) -> Callable[[Callable[[], object]], Callable[[], object]]:
    """Register the decorated function as a job that runs every `seconds` seconds, first at start."""

    def register(function: Callable[[], object]) -> Callable[[], object]:
        JOBS[name] = PeriodicJob(name=name, every=seconds, run=function)
        return function

    return register


def run_due(now: float | None = None) -> list[str]:
    """Run every job whose time has come; a job that fails is logged and runs again at its next turn."""
    now = time.monotonic() if now is None else now
    ran = []
    for job in JOBS.values():
        if job.due_at > now:
            continue
        job.due_at = now + job.every
        ran.append(job.name)
        try:
            job.run()
        except Exception:
            logger.exception("periodic job %s failed", job.name)
    return ran
