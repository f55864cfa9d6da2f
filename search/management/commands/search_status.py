"""`search_status`: whether the listing tables say what the catalogue says."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from search.selectors import listing_status


class Command(BaseCommand):
    """Rows, waiting work and drift; exits with 1 where products are missing or too many, or work is parked."""

    help = (
        "Say how many products are listed, how much work waits for the worker, and which products are missing from the "
        "lists or should not be in them. Exits with 1 where something is wrong; search_reindex puts it right."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How to print."""
        parser.add_argument("--json", action="store_true", help="print one flat JSON object")

    def handle(self, *args: Any, json: bool = False, **options: Any) -> None:
        """Print the status."""
        status = listing_status()
        if json:
            self.stdout.write(_json(asdict(status)))
        else:
            self.stdout.write(
                f"Engine: {status.engine}\n"
                f"Listed: {status.rows} products, {status.facets} facet values, {status.texts} texts; "
                f"last change {status.changed_at or 'never'}\n"
                f"Waiting: {status.waiting} changes, the oldest for {status.lag_seconds} s; parked: {status.parked}\n"
                f"Drift: {status.missing} missing, {status.extra} too many"
                + (f" (such as {', '.join(map(str, status.examples))})" if status.examples else "")
            )
        if not status.is_well:
            if not json:
                self.stderr.write(
                    "Not in step. Missing or extra products: run search_reindex. Parked work: see the outbox's last_error."
                )
            sys.exit(1)


def _json(values: dict[str, Any]) -> str:
    return json.dumps(values)
