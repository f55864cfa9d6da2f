"""From rounds to figures: medians, ratios, aims, and the tables that are printed and kept."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .pages import Target
from .rounds import Measured, Results

OURS, OSCAR = "Masthead", "Stock Oscar"
# The same shop with Elasticsearch in the place of the database's own search.
ELASTIC = "Masthead on Elasticsearch"
# CPU milliseconds for each request, whole HTML pages and all backends counted, at every size.
AIMS = {
    OURS: {"category": 25.0, "product": 9.0, "basket-add": 12.0},
    ELASTIC: {"category": 25.0, "search": 25.0},
}
# Milliseconds until one request alone is answered, the middle one of all, with every product.
WAITS = {ELASTIC: {"search": 60.0, "suggest": 25.0}}


@dataclass(frozen=True, slots=True)
class Figures:
    """What one shop needs for one kind of page: medians over the rounds, times in milliseconds."""

    cpu_ms: float
    cpu_ms_low: float
    cpu_ms_high: float
    cpu_ms_of: Mapping[str, float]
    cpu_ms_alone: float
    per_second: float
    p50_ms: float
    p99_ms: float
    alone_p50_ms: float
    alone_p99_ms: float
    wire_bytes: int
    gzip_bytes: int
    items: float | None
    requests: int
    failed: int
    others_cores: float


@dataclass(frozen=True, slots=True)
class Limit:
    """One promise with what was measured. `measured` is None where it could not be; `note` then says why."""

    name: str
    limit: float
    unit: str
    measured: float | None
    note: str = ""
    # A speed: more is better.
    at_least: bool = False

    @property
    def verdict(self) -> str:
        """In a word."""
        if self.measured is None:
            return "not measured"
        holds = self.measured >= self.limit if self.at_least else self.measured <= self.limit
        return "holds" if holds else "MISSED"


def percentile(values: Iterable[float], share: float) -> float:
    """The nearest rank: the smallest value that `share` per cent of them do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * share / 100) - 1)]


def figures_of(measured: Measured) -> Figures:
    """Sum up the rounds of one kind of page of one shop."""
    loads, alones = measured.loads, measured.alones
    totals = [sum(load.cpu_ms.values()) for load in loads]
    singles = [ms for alone in alones for ms in alone.ms]
    return Figures(
        cpu_ms=statistics.median(totals),
        cpu_ms_low=min(totals),
        cpu_ms_high=max(totals),
        cpu_ms_of={name: statistics.median(load.cpu_ms[name] for load in loads) for name in loads[0].cpu_ms},
        cpu_ms_alone=statistics.median(alone.cpu_ms for alone in alones),
        per_second=statistics.median(load.per_second for load in loads),
        p50_ms=statistics.median(load.p50_ms for load in loads),
        p99_ms=statistics.median(load.p99_ms for load in loads),
        alone_p50_ms=percentile(singles, 50),
        alone_p99_ms=percentile(singles, 99),
        wire_bytes=round(statistics.median(load.wire_bytes for load in loads)),
        gzip_bytes=measured.seen.gzip_bytes,
        items=measured.seen.items,
        requests=sum(load.requests for load in loads),
        failed=sum(load.failed for load in loads) + sum(alone.failed for alone in alones),
        others_cores=statistics.median(load.others_cores for load in loads),
    )


def ratio(theirs: float, ours: float) -> float | None:
    """How many times as much theirs is; None where ours is nothing."""
    return theirs / ours if ours else None


def times(value: float | None) -> str:
    """A ratio in words."""
    if value is None:
        return "–"
    return f"{value:.0f}×" if value >= 20 else f"{value:.1f}×" if value >= 2 else f"{value:.2f}×"


def all_figures(results: Results) -> dict[str, dict[str, Figures]]:
    """Kind to shop's name to its figures."""
    return {
        kind: {name: figures_of(measured) for name, measured in found.items() if measured.loads}
        for kind, found in results.items()
    }


def aims(figures: Mapping[str, Mapping[str, Figures]], targets: Sequence[Target]) -> list[Limit]:
    """What was aimed for in CPU and in waiting, for each size that was measured."""
    limits = []
    for kind, found in figures.items():
        for target in targets:
            if target.name not in found:
                continue
            held, name = found[target.name], f"{kind}, {target.name} products"
            if aim := AIMS.get(target.shop, {}).get(kind):
                limits.append(Limit(name, aim, "ms CPU", held.cpu_ms))
            if aim := WAITS.get(target.shop, {}).get(kind):
                limits.append(Limit(f"{name}, median", aim, "ms", held.alone_p50_ms))
    return limits


def kind_table(found: Mapping[str, Figures], targets: Sequence[Target]) -> list[str]:
    """One kind of page as a Markdown table: for each size ours, theirs, and how many times as much theirs needs."""
    lines = [
        "| shop | products | CPU ms | of it | range | CPU ms alone | requests/s | p50 / p99 ms | alone p50 / p99 ms "
        "| bytes | gzipped | items | failed | others' cores |",
        "| --- | ---: | ---: | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for size in sorted({target.size for target in targets}):
        held = {target.shop: found[target.name] for target in targets if target.size == size and target.name in found}
        lines += [_row(shop, size, one) for shop, one in held.items()]
        for shop in (OURS, ELASTIC):
            if shop in held and OSCAR in held:
                lines.append(_ratio_row(shop, size, held[shop], held[OSCAR]))
    return lines


def _row(shop: str, size: int, one: Figures) -> str:
    parts = ", ".join(f"{name} {value:.1f}" for name, value in one.cpu_ms_of.items() if value >= 0.05)
    items = "–" if one.items is None else f"{one.items:.0f}"
    return (
        f"| {shop} | {size:,} | {one.cpu_ms:.1f} | {parts} | {one.cpu_ms_low:.1f}–{one.cpu_ms_high:.1f} "
        f"| {one.cpu_ms_alone:.1f} | {one.per_second:.1f} | {one.p50_ms:.0f} / {one.p99_ms:.0f} "
        f"| {one.alone_p50_ms:.1f} / {one.alone_p99_ms:.1f} | {one.wire_bytes:,} | {one.gzip_bytes:,} | {items} "
        f"| {one.failed} | {one.others_cores:.2f} |"
    )


def _ratio_row(shop: str, size: int, ours: Figures, theirs: Figures) -> str:
    cpu, alone = ratio(theirs.cpu_ms, ours.cpu_ms), ratio(theirs.cpu_ms_alone, ours.cpu_ms_alone)
    speed, waits = ratio(theirs.per_second, ours.per_second), ratio(theirs.alone_p50_ms, ours.alone_p50_ms)
    wire, packed = ratio(theirs.wire_bytes, ours.wire_bytes), ratio(theirs.gzip_bytes, ours.gzip_bytes)
    return (
        f"| **Oscar : {shop}** | {size:,} | **{times(cpu)}** | | | {times(alone)} | {times(speed)} | | {times(waits)} "
        f"| {times(wire)} | {times(packed)} | | | |"
    )


def limits_table(limits: Sequence[Limit]) -> list[str]:
    """Promises and what was measured, as a Markdown table."""
    lines = ["| what | limit | measured | |", "| --- | ---: | ---: | --- |"]
    for one in limits:
        measured = "–" if one.measured is None else f"{one.measured:.1f} {one.unit}"
        note = f": {one.note}" if one.note else ""
        sign = "≥" if one.at_least else "≤"
        lines.append(f"| {one.name} | {sign} {one.limit:g} {one.unit} | {measured} | {one.verdict}{note} |")
    return lines


def summary_table(figures: Mapping[str, Mapping[str, Figures]], targets: Sequence[Target]) -> list[str]:
    """CPU for each kind and size, and the ratio: the table to quote."""
    sizes = sorted({target.size for target in targets})
    names = {(target.shop, target.size): target.name for target in targets}
    head = "".join(f" {OURS} {size:,} | {ELASTIC} | {OSCAR} {size:,} | Oscar : {OURS} |" for size in sizes)
    lines = [f"| CPU ms a request |{head}", f"| --- |{' ---: | ---: | ---: | ---: |' * len(sizes)}"]
    for kind, found in figures.items():
        cells = ""
        for size in sizes:
            ours, elastic, oscar = (found.get(names.get((shop, size), "")) for shop in (OURS, ELASTIC, OSCAR))
            shown = [f"{one.cpu_ms:.1f}" if one else "–" for one in (ours, elastic, oscar)]
            both = ratio(oscar.cpu_ms, ours.cpu_ms) if ours and oscar else None
            cells += f" {' | '.join(shown)} | {times(both)} |"
        lines.append(f"| {kind} |{cells}")
    return lines
