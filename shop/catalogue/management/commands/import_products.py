"""`manage.py import_products FILE`."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from shop.catalogue.importing.files import UnknownFormatError
from shop.catalogue.importing.lines import UnreadableFileError
from shop.catalogue.importing.operations import ImportResult, import_products
from shop.catalogue.importing.records import Problem
from shop.progress import Progress

SHOWN = 20


class Command(BaseCommand):
    """Bad lines are reported and left out; the rest goes in. Running it twice changes nothing the second time."""

    help = "Import products from Shopify's CSV, our own CSV or JSON lines; the format is told by the file's content."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="The file to read; JSON lines may be gzipped.")
        parser.add_argument("--format", choices=["auto", "shopify", "jsonl", "csv"], default="auto")
        parser.add_argument("--dry-run", action="store_true", help="Report what would happen and write nothing.")
        parser.add_argument(
            "--report", type=Path, help="Write every problem to this CSV: line, value, reason, rejected."
        )
        parser.add_argument("--currency", help="The currency of prices that name none (the shop's own).")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        label = "Checking" if options["dry_run"] else "Importing"
        with Progress(f"{label} {path.name}") as progress:
            try:
                result = import_products(
                    path,
                    format=None if options["format"] == "auto" else options["format"],
                    dry_run=options["dry_run"],
                    currency=options["currency"],
                    start=progress.start,
                    progress=progress.advance,
                )
            except (OSError, UnknownFormatError, UnreadableFileError) as error:
                raise CommandError(str(error)) from error
        if options["report"]:
            self._report(result.problems, options["report"])
        else:
            self._show(result.problems)
        self._sum_up(result, dry_run=options["dry_run"])
        if result.rejected and not (result.created + result.updated + result.unchanged):
            raise CommandError(f"nothing of {path.name} could be taken: {result.problems[0].reason}")

    def _report(self, problems: list[Problem], target: Path) -> None:
        with target.open("w", newline="", encoding="utf-8") as handle:
            writer = csv.writer(handle)
            writer.writerow(["line", "value", "reason", "rejected"])
            writer.writerows([p.line, p.value, p.reason, "yes" if p.rejects else "no"] for p in problems)
        self.stdout.write(f"{len(problems)} problems are listed in {target}.")

    def _show(self, problems: list[Problem]) -> None:
        for problem in problems[:SHOWN]:
            self.stderr.write(f"line {problem.line}: {problem.reason} [{problem.value}]")
        if len(problems) > SHOWN:
            self.stderr.write(f"… and {len(problems) - SHOWN} more: --report FILE lists them all.")

    def _sum_up(self, result: ImportResult, *, dry_run: bool) -> None:
        would = "would be " if dry_run else ""
        self.stdout.write(
            f"{result.format}: {result.created} {would}created, {result.updated} {would}updated, "
            f"{result.unchanged} unchanged, {result.rejected} rejected, {result.pictures} pictures added."
        )
