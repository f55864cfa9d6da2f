"""`manage.py orders_expire`: cancels the orders that waited too long for their money."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from shop.order.operations import expire_unpaid


class Command(BaseCommand):
    """What the worker does by itself every ten minutes."""

    help = "Cancel orders that await payment for too long and give their stock back."

    def add_arguments(self, parser: CommandParser) -> None:
        """Another time than each way to pay has by itself."""
        parser.add_argument(
            "--days", type=int, help="how many days any order may wait (left out: as long as its way to pay says)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Cancel them, and name each."""
        days = options["days"]
        if days is not None and days < 0:
            raise CommandError(f"--days {days}: it has to be 0 or more.")
        expired = expire_unpaid(older_than=None if days is None else timedelta(days=days))
        for number in expired:
            self.stdout.write(f"cancelled {number}")
        self.stdout.write(f"{len(expired)} orders cancelled.")
