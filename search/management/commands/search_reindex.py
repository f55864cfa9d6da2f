"""`search_reindex`: make the tables again from catalogue and pages, and the search indices from the tables."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from search import bulk, operations
from search.elastic import client, keeping
from search.elastic.index import Overtaken, Rejected
from search.elastic.kinds import KINDS, PAGES, PRODUCTS, Kind
from search.selectors import drifted_products
from search.stories import operations as stories
from shop.catalogue.models import Product

LINE_EVERY = 3.0
WIDTH = 30
# When the worker builds the index should this process be killed before it has.
SAFETY_NET = timedelta(hours=1)


class Command(BaseCommand):
    """Rebuild while visitors go on reading; safe to stop and to run again."""

    help = (
        "Make the tables that lists, categories and search read from the catalogue again, and the index of Elasticsearch "
        "where the shop has one. The shop stays open meanwhile; running it twice does no harm."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What is made, and how often a plain line is printed."""
        parser.add_argument("--quiet", action="store_true", help="print the last lines only")
        only = parser.add_mutually_exclusive_group()
        only.add_argument("--index-only", action="store_true", help="leave the tables as they are")
        only.add_argument("--repair", action="store_true", help="mend only what search_status finds to differ")

    def handle(
        self, *args: Any, quiet: bool = False, index_only: bool = False, repair: bool = False, **options: Any
    ) -> None:
        """Do it with a bar on a terminal and a plain line every few seconds elsewhere."""
        self.quiet = quiet
        if repair:
            self._repair()
            return
        if index_only and not client.is_configured():
            raise CommandError("There is no index to build: ELASTICSEARCH_URL is not set.")
        if not index_only:
            started = time.monotonic()
            with bulk.garbage_seldom_collected():
                done = self._show(operations.rebuild(index_after=SAFETY_NET), Product.objects.count())
            seconds = time.monotonic() - started
            self.stdout.write(f"Done: {done} products and variants read in {seconds:.1f} s.")
            self.stdout.write(f"Pages: {stories.refresh_all()} stories and pages changed.")
        if client.is_configured():
            for kind in KINDS:
                self._build(kind)

    def _build(self, kind: Kind) -> None:
        progress = Progress(self, kind.rows.count(), kind.name)
        try:
            built = keeping.build(progress.show, kind)
        except Overtaken:
            self.stdout.write("Another process has begun to build the index; it goes on there.")
            return
        except (client.Unavailable, Rejected) as error:
            keeping.ask_for_build(kind)
            raise CommandError(
                f"The index was not built, and the one before is as it was: {error}\n"
                "The worker tries again; until then the database answers where there is no index."
            ) from error
        progress.end()
        rate = built.documents / built.seconds if built.seconds else 0
        name = "Index" if kind is PRODUCTS else f"Index of {kind.name}"
        self.stdout.write(
            f"{name}: {built.documents} documents in {built.seconds:.1f} s ({rate:.0f} a second): {built.name}"
        )
        if built.rejected:
            self.stderr.write(f"Elasticsearch did not take {built.rejected} documents; the log says why.")

    def _repair(self) -> None:
        ids = drifted_products()
        operations.refresh(ids)
        self.stdout.write(f"Tables: {len(ids)} products mended, {stories.refresh_all()} pages.")
        if not client.is_configured():
            return
        try:
            mended, mended_pages = keeping.mend(), keeping.mend(PAGES)
        except (client.Unavailable, Rejected) as error:
            raise CommandError(f"The index was not mended: {error}") from error
        self.stdout.write(
            "Index: the worker builds a new one."
            if keeping.is_build_asked_for() or keeping.is_build_asked_for(PAGES)
            else f"Index: {mended} products mended, {mended_pages} pages."
        )

    def _show(self, steps: Iterable[int], total: int) -> int:
        progress, done = Progress(self, total), 0
        for done in steps:
            progress.show(done)
        progress.end()
        return done


class Progress:
    """A bar on a terminal, a plain line every few seconds elsewhere."""

    def __init__(self, command: Command, total: int, what: str = "products") -> None:
        self.command = command
        self.what = what
        self.total = total
        self.said = time.monotonic()
        self.terminal = not command.quiet and hasattr(command.stdout, "isatty") and command.stdout.isatty()

    def show(self, done: int) -> None:
        """Say how far it is, where it is time to."""
        now = time.monotonic()
        share = min(done / self.total, 1.0) if self.total else 1.0
        if self.terminal:
            bar = "#" * int(share * WIDTH)
            self.command.stdout.write(f"\r[{bar:<{WIDTH}}] {done} of {self.total} {self.what}", ending="")
            self.command.stdout.flush()
        elif not self.command.quiet and now - self.said >= LINE_EVERY:
            self.said = now
            self.command.stdout.write(f"{done} of {self.total} {self.what}, {share:.0%}")

    def end(self) -> None:
        """Leave the bar's line."""
        if self.terminal:
            self.command.stdout.write("")
