"""Prove the books."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from shop.ledger.proof import Counted, findings


class Command(BaseCommand):
    """Exit status 1 where something does not agree."""

    help = "Prove that orders, payments, stock and the books agree, and name each row that does not. Changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        """For people or for programs."""
        parser.add_argument("--json", action="store_true", help="one JSON object a line: the findings, then the sums")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print each finding as it is found."""
        seen = Counted()
        for finding in findings(seen):
            self.stdout.write(json.dumps(asdict(finding)) if options["json"] else str(finding))
        if options["json"]:
            self.stdout.write(json.dumps(asdict(seen)))
        else:
            self.stdout.write(f"{seen.orders} orders, {seen.records} stock records, {seen.found} findings.")
        if seen.found:
            raise CommandError(f"{seen.found} rows do not agree with the books.")
