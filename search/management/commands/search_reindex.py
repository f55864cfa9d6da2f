"""`search_reindex`: make the listing tables again from the catalogue."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from search import operations
from shop.catalogue.models import Product

LINE_EVERY = 3.0
WIDTH = 30


class Command(BaseCommand):
    """Rebuild while visitors go on reading; safe to stop and to run again."""

    help = (
        "Make the tables that lists, categories and search read from the catalogue again. "
        "The shop stays open meanwhile; running it twice does no harm."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Only how often a plain line is printed."""
        parser.add_argument("--quiet", action="store_true", help="print the last line only")

    def handle(self, *args: Any, quiet: bool = False, **options: Any) -> None:
        """Rebuild with a bar on a terminal and a plain line every few seconds elsewhere."""
        started = said = time.monotonic()
        total = Product.objects.count()
        terminal = self.stdout.isatty() if hasattr(self.stdout, "isatty") else False
        done = 0
        for done in operations.rebuild():
            now = time.monotonic()
            share = min(done / total, 1.0) if total else 1.0
            if quiet:
                continue
            if terminal:
                bar = "#" * int(share * WIDTH)
                self.stdout.write(f"\r[{bar:<{WIDTH}}] {done} of {total} products", ending="")
                self.stdout.flush()
            elif now - said >= LINE_EVERY:
                said = now
                self.stdout.write(f"{done} of {total} products, {share:.0%}")
        if terminal and not quiet:
            self.stdout.write("")
        seconds = time.monotonic() - started
        self.stdout.write(f"Done: {done} products and variants read in {seconds:.1f} s.")
