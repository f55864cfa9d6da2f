"""Measure several shops in one run, alternating between them."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from .loading import Alone, Load, alone, load, send
from .pages import KINDS, Seen, Target, look_at
from .processes import settle

CONNECTIONS = 4


@dataclass(frozen=True, slots=True)
class Pace:
    """How much is asked."""

    rounds: int = 3
    seconds: int = 6
    alone: int = 30
    warm_up: int = 2
    # Java compiles what it does often once it has done it for a while.
    java_warm_up: int = 10


@dataclass(slots=True)
class Measured:
    """All rounds of one kind of page of one shop."""

    seen: Seen
    loads: list[Load] = field(default_factory=list)
    alones: list[Alone] = field(default_factory=list)


Results = dict[str, dict[str, Measured]]


def measure(targets: Sequence[Target], pace: Pace, *, say: Callable[[str], None]) -> Results:
    """Kind to shop's name to what was measured. Raises PageError where a page is not what it should be."""
    seen = {target.name: look_at(target) for target in targets}
    results: Results = {
        kind: {target.name: Measured(seen[target.name][kind]) for target in targets if kind in target.kinds}
        for kind in KINDS
        if any(kind in target.kinds for target in targets)
    }
    with tempfile.TemporaryDirectory(prefix="masthead-bench-") as name:
        folder = Path(name)
        for target in targets:
            for kind in target.kinds.values():
                # A slow shop on a busy machine may answer nothing in so short a time.
                seconds = pace.java_warm_up if "elasticsearch" in target.trees else pace.warm_up
                send(target, kind, seconds=seconds, connections=CONNECTIONS, folder=folder)
                settle(target.trees)
        for turn in range(pace.rounds):
            for kind_name, measured in results.items():
                for target in in_turn(targets, turn):
                    if target.name not in measured:
                        continue
                    kind = target.kinds[kind_name]
                    loaded = load(target, kind, seconds=pace.seconds, connections=CONNECTIONS, folder=folder)
                    settle(target.trees)
                    measured[target.name].loads.append(loaded)
                    measured[target.name].alones.append(alone(target, kind, times=pace.alone))
                    say(
                        f"round {turn + 1} of {pace.rounds}  {kind_name:11} {target.name:20} "
                        f"{loaded.per_second:8.1f} requests/s {sum(loaded.cpu_ms.values()):8.2f} ms CPU each"
                    )
    return results


def in_turn(targets: Sequence[Target], turn: int) -> list[Target]:
    """The targets, beginning with another one in each round."""
    start = turn % len(targets)
    return [*targets[start:], *targets[:start]]
