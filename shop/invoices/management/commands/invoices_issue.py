"""Issue what is missing: of orders that were paid before the shop wrote invoices, or whose work was given up."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from shop.invoices.operations import issue_missing
from shop.invoices.proving import paid_orders


class Command(BaseCommand):
    """What it does is what the worker does, for every order that was paid. Exit status 1 where one could not be."""

    help = "Issue invoices and credit notes that are missing, dated today. Without --commit it says how many orders it would look at."

    def add_arguments(self, parser: CommandParser) -> None:
        """Nothing is issued by mistake: a number that is given out stays."""
        parser.add_argument("--commit", action="store_true", help="issue them")
        parser.add_argument("--as-of-then", action="store_true", help="date each by what it is about, not today")
        parser.add_argument("--quiet-customers", action="store_true", help="write no mail about credit notes")

    def handle(self, *args: Any, **options: Any) -> None:
        """Each order in a transaction of its own; one that does not add up is named, and the others go on."""
        orders = paid_orders().order_by("pk")
        if not options["commit"]:
            missing = orders.filter(invoices=None).count()
            self.stdout.write(f"{missing} of {orders.count()} paid orders have no invoice. Issue them with --commit.")
            return
        issued, failed = 0, 0
        for pk in orders.values_list("pk", flat=True).iterator():
            try:
                new = issue_missing(pk, as_of_then=options["as_of_then"], tell_customer=not options["quiet_customers"])
            except Exception as error:
                failed += 1
                self.stderr.write(str(error))
            else:
                issued += len(new)
        self.stdout.write(f"{issued} documents issued.")
        if failed:
            raise CommandError(f"{failed} orders could not be invoiced; the lines above say why.")
