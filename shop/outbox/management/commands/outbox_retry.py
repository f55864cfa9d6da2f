"""`manage.py outbox_retry`: brings back work that was given up."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from shop.outbox.operations import retry_parked


class Command(BaseCommand):
    """Once the cause is mended: parked work is tried again at once, and as often as new work."""

    help = "Let the worker try parked work again, all of it or that of some topics."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("topics", nargs="*", metavar="TOPIC", help="Only these, such as mail.send.")

    def handle(self, *args: Any, **options: Any) -> None:
        count = retry_parked(options["topics"])
        self.stdout.write(f"{count} parked rows will be tried again.\n")
