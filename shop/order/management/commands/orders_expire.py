"""`manage.py orders_expire`: cancels the orders that waited too long for their money."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from shop.order.operations import expire_unpaid


class Command(BaseCommand):
    """Gives the stock of unpaid orders back. The worker runs it by itself every ten minutes."""

    help = "Cancel orders that await payment for too long and give their stock back."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--days",
            type=int,
            default=settings.SHOP_PAYMENT_DAYS,
            help=f"How many days an order may wait ({settings.SHOP_PAYMENT_DAYS}).",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        expired = expire_unpaid(older_than=timedelta(days=options["days"]))
        for number in expired:
            self.stdout.write(f"cancelled {number}")
        self.stdout.write(f"{len(expired)} orders cancelled.")
