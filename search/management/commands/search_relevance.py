"""`search_relevance`: what the ranking is worth by people's ratings, engine by engine."""

from __future__ import annotations

import json
import time
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from search.relevance import engines, files
from search.relevance import floor as floor_of
from search.relevance.scoring import Judged, Score, of_this_shop, score

LINE_EVERY = 3.0
WIDTH = 30
NAMED = 5


class Command(BaseCommand):
    """Score each engine's results against a file of judgements."""

    help = (
        "Judge the search results by people's ratings: NDCG@10 with gain 2^rating-1, where a product that nobody rated "
        "counts 0; the same over the rated products alone (condensed); the share of unrated products in the first ten; "
        "and a 95 % bootstrap interval over queries. A list counts as a shopper sees it, with the similar products that fill "
        "its first page, and without merchandisers' rules. Queries without a rating above 0 are left out. Without --engine "
        "every engine that is there is measured; with --json only one, the shop's own where none is named."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, the engine, and what to print."""
        parser.add_argument(
            "--judgments",
            required=True,
            type=Path,
            metavar="FILE",
            help="CSV with the header query,product_id,rating; product_id is the product's UPC, rating 0 to 3",
        )
        parser.add_argument("--engine", choices=list(engines.ENGINES), help="measure this one only")
        parser.add_argument("--typos", action="store_true", help="ask each query with one edit in its longest word too")
        parser.add_argument("--queries", action="store_true", help="print each query's scores as well, worst first")
        parser.add_argument("--json", action="store_true", help="print one flat JSON object")
        parser.add_argument(
            "--floor",
            type=Path,
            metavar="FILE",
            help="fail where a measured engine is under its figures in this JSON file",
        )

    def handle(
        self,
        *args: Any,
        judgments: Path,
        engine: str | None = None,
        typos: bool = False,
        queries: bool = False,
        json: bool = False,
        floor: Path | None = None,
        **options: Any,
    ) -> None:
        """Read, ask, print. Anything that goes wrong is a CommandError, and so a non-zero exit."""
        try:
            judged = of_this_shop(files.read(judgments))
            floors = floor_of.read(floor) if floor else {}
        except (files.JudgementError, floor_of.FloorError) as error:
            raise CommandError(str(error)) from error
        if not judged.queries:
            raise CommandError(f"{judgments}: no query has a product rated above 0, so there is nothing to measure.")
        there = engines.present()
        names = (engine,) if engine else there[:1] if json else there
        scores = {name: self._measure(name, judged, typos=typos, quiet=json) for name in names}
        if json:
            self.stdout.write(_json(names[0], judged, scores[names[0]]))
        else:
            self._print(judged, scores, typos=typos, queries=queries)
        if faults := floor_of.below(floors, scores):
            raise CommandError("\n".join(faults))

    def _measure(self, name: str, judged: Judged, *, typos: bool, quiet: bool) -> Score:
        try:
            with engines.ENGINES[name]() as ask:
                return score(judged, ask, typos=typos, said=None if quiet else self._progress(name, judged))
        except engines.EngineMissingError as error:
            raise CommandError(str(error)) from error

    def _progress(self, name: str, judged: Judged) -> Callable[[int], None]:
        """A bar on a terminal, a plain line every few seconds elsewhere."""
        terminal = self.stdout.isatty() if hasattr(self.stdout, "isatty") else False
        total, said = len(judged.queries), time.monotonic()

        def show(done: int) -> None:
            nonlocal said
            if terminal:
                bar = "#" * int(done / total * WIDTH)
                self.stdout.write(f"\r{name:14}[{bar:<{WIDTH}}] {done} of {total} queries", ending="")
                self.stdout.write("\n" if done == total else "", ending="")
                self.stdout.flush()
            elif time.monotonic() - said >= LINE_EVERY:
                said = time.monotonic()
                self.stdout.write(f"{name}: {done} of {total} queries")

        return show

    def _print(self, judged: Judged, scores: dict[str, Score], *, typos: bool, queries: bool) -> None:
        left_out = len(judged.ratings) - len(judged.queries)
        self.stdout.write(
            f"Queries: {len(judged.queries)}, and {left_out} without a rating above 0 that are left out. "
            f"Ratings: {sum(map(len, judged.ratings.values()))} of {judged.products} products."
        )
        if judged.missing:
            shown = ", ".join(judged.missing[:NAMED])
            self.stdout.write(
                f"Judged and not in the catalogue, so that no engine can find them: {len(judged.missing)} ({shown}"
                + (", …)" if len(judged.missing) > NAMED else ")")
            )
        if queries:
            for name, found in scores.items():
                self._print_queries(name, found)
        head = f"{'engine':14}{'NDCG@10':>9}{'95 % interval':>17}{'condensed':>11}{'unrated':>9}"
        self.stdout.write(head + (f"{'typos':>8}{'kept':>8}" if typos else ""))
        for name, found in scores.items():
            low, high = found.interval
            line = (
                f"{name:14}{found.ndcg:9.3f}{f'{low:.3f} to {high:.3f}':>17}{found.condensed_ndcg:11.3f}"
                f"{found.unrated_share:9.1%}"
            )
            if typos and found.typo_ndcg is not None and found.typo_kept is not None:
                line += f"{found.typo_ndcg:8.3f}{found.typo_kept:8.1%}"
            self.stdout.write(line)

    def _print_queries(self, name: str, found: Score) -> None:
        self.stdout.write(f"{name}: NDCG@10, condensed, unrated, query")
        for one in sorted(found.by_query, key=lambda one: (one.ndcg, one.query)):
            slip = "" if one.typo is None else f"  ({one.mistyped}: {one.typo:.3f})"
            self.stdout.write(f"  {one.ndcg:.3f}  {one.condensed:.3f}  {one.unrated:4.0%}  {one.query}{slip}")


def _json(name: str, judged: Judged, found: Score) -> str:
    values: dict[str, Any] = {
        "engine": name,
        "ndcg": round(found.ndcg, 4),
        "condensed_ndcg": round(found.condensed_ndcg, 4),
        "unrated_share": round(found.unrated_share, 4),
        "interval": [round(end, 4) for end in found.interval],
        "queries": len(found.by_query),
        "missing": len(judged.missing),
    }
    if found.typo_ndcg is not None and found.typo_kept is not None:
        values |= {"typo_ndcg": round(found.typo_ndcg, 4), "typo_kept": round(found.typo_kept, 4)}
    return json.dumps(values)
