"""How much CPU the processes of a server have used. Reads /proc, so it runs on Linux only."""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

TICKS = os.sysconf("SC_CLK_TCK")
LISTENING = "0A"


def listeners(port: int) -> set[int]:
    """The ids of all processes that hold a socket listening on `port`; of other users' processes only root sees them."""
    sockets = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        if not Path(table).exists():
            continue
        for line in Path(table).read_text().splitlines()[1:]:
            field = line.split()
            if field[3] == LISTENING and int(field[1].rsplit(":", 1)[1], 16) == port:
                sockets.add(f"socket:[{field[9]}]")
    return {pid for pid in _process_ids() if sockets & _open_files(pid)}


def _process_ids() -> list[int]:
    return [int(entry.name) for entry in os.scandir("/proc") if entry.name.isdigit()]


def _open_files(pid: int) -> set[str]:
    found = set()
    try:
        for entry in os.scandir(f"/proc/{pid}/fd"):
            found.add(os.readlink(entry.path))
    except OSError:
        # Ended meanwhile, or somebody else's.
        pass
    return found


def process_table() -> dict[int, tuple[int, int]]:
    """Each process's parent, and the clock ticks that it and the children it waited for have used."""
    table = {}
    for pid in _process_ids():
        try:
            stat = Path(f"/proc/{pid}/stat").read_text()
        except OSError:
            continue
        # The name stands in brackets and may hold spaces and brackets itself.
        field = stat[stat.rindex(")") + 2 :].split()
        table[pid] = int(field[1]), sum(int(value) for value in field[11:15])
    return table


def tree_ticks(root: int, table: Mapping[int, tuple[int, int]]) -> int:
    """The ticks of `root` and everything below it."""
    inside, grew = {root}, True
    while grew:
        more = {pid for pid, (parent, _) in table.items() if parent in inside} - inside
        inside |= more
        grew = bool(more)
    return sum(table[pid][1] for pid in inside if pid in table)


def machine_seconds() -> float:
    """Busy CPU seconds of the whole machine; idling and waiting for a disk are left out."""
    field = [int(value) for value in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
    return (sum(field) - field[3] - field[4]) / TICKS


def own_seconds() -> float:
    """What this program and the ones that it ran and waited for have used."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


class Meter:
    """CPU seconds of some process trees, and of everybody else, between enter and exit.

    `trees` names the root process of each: web server, worker, database.
    """

    def __init__(self, trees: Mapping[str, int]) -> None:
        self.roots = trees
        self.seconds: dict[str, float] = {}
        self.wall = 0.0
        self.others = 0.0

    def _read(self) -> tuple[float, float, float, dict[str, float]]:
        table = process_table()
        used = {name: tree_ticks(root, table) / TICKS for name, root in self.roots.items()}
        return time.monotonic(), machine_seconds(), own_seconds(), used

    def __enter__(self) -> Meter:
        self._before = self._read()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        at, busy, own, used = self._read()
        at_first, busy_first, own_first, used_first = self._before
        self.wall = at - at_first
        self.seconds = {name: max(0.0, value - used_first[name]) for name, value in used.items()}
        others = busy - busy_first - (own - own_first) - sum(self.seconds.values())
        # Cores that had other things to do: wrk is ours by now, since it was waited for.
        self.others = max(0.0, others) / self.wall if self.wall else 0.0

    @property
    def total(self) -> float:
        """Seconds of all trees."""
        return sum(self.seconds.values())


def settle(trees: Mapping[str, int], *, at_most: float = 15.0) -> None:
    """Wait until the trees are quiet: wrk leaves unanswered requests behind, at which a server goes on working."""
    until = time.monotonic() + at_most
    while time.monotonic() < until:
        with Meter(trees) as meter:
            time.sleep(0.2)
        if meter.total <= 0.03:
            return
