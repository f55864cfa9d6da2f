"""How a search's requests to Elasticsearch grow with the catalogue: the whole one beside one of 500,000 products."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .figures import Limit
from .ours import PYTHON, ROOT
from .sites import Site, run

PRODUCTS = 500_000
ROUNDS = 15
# How many times as long the large index may take.
AIMS = {"list": 2.0}
SAYS = {
    "list": "the first 100 in order, with what the ranking needs of them",
    "totals": "how many there are, their prices, which attributes they have",
    "facets": "values of filters and bars of prices, for words that nobody asked for a moment ago",
}


@dataclass(frozen=True, slots=True)
class Growth:
    """What was measured: by part of a page and by query the milliseconds on the small and on the large index."""

    small: int
    large: int
    seconds: float
    parts: Mapping[str, Mapping[str, Sequence[float]]]

    def factor(self, part: str) -> float:
        """How many times as long the large index takes: the geometric mean over the queries, so that each counts alike."""
        logs = [math.log(large / small) for small, large in self.parts[part].values()]
        return math.exp(sum(logs) / len(logs))

    def limits(self) -> list[Limit]:
        """The factors that are aimed for, with what was measured."""
        name = f"{{}} of a search, {self.large:,} products beside {self.small:,}"
        return [Limit(name.format(part), aim, "times", self.factor(part)) for part, aim in AIMS.items()]

    def table(self) -> list[str]:
        """One line a part, as Markdown."""
        lines = [
            f"| one request to Elasticsearch, ms | {self.small:,} products | {self.large:,} | factor | of single queries | what it is |",
            "| --- | ---: | ---: | ---: | --- | --- |",
        ]
        for part, held in self.parts.items():
            small, large = (sum(pair[side] for pair in held.values()) / len(held) for side in (0, 1))
            factors = sorted(pair[1] / pair[0] for pair in held.values())
            lines.append(
                f"| {part} | {small:.1f} | {large:.1f} | **{self.factor(part):.1f}** "
                f"| {factors[0]:.1f} to {factors[-1]:.1f} | {SAYS[part]} |"
            )
        return lines


def compare(site: Site, queries: Sequence[str], *, products: int = PRODUCTS) -> Growth:
    """Fill an index beside that of `site` and measure both. Raises SiteError."""
    task = {
        "wanted": products,
        "prefix": f"{site.environment['SEARCH_INDEX_PREFIX']}-grown",
        "queries": list(queries),
        "rounds": ROUNDS,
    }
    said = run([PYTHON, "-m", "bench.scaled_side"], cwd=ROOT, environment=site.environment, given=json.dumps(task))
    found = json.loads(said.strip().splitlines()[-1])
    return Growth(site.size, found["documents"], found["seconds"], found["parts"])
