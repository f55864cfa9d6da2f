"""Compare our payments with Stripe's."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from shop.payment import gateway
from shop.payment.reconcile import WINDOW, Difference, differences

MENDED = "mended"


class Command(BaseCommand):
    """Both ways; exit status 1 where something differs and is not mended."""

    help = "Compare payments, refunds and disputes with Stripe, both ways, and say what differs. Changes nothing without --commit."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whether to mend, and how far back."""
        parser.add_argument("--commit", action="store_true", help="mend what can be mended")
        parser.add_argument(
            "--days", type=int, default=WINDOW.days, help=f"how far back Stripe's lists are read ({WINDOW.days})"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print each difference, and mend it where that is asked for."""
        if not gateway.is_configured():
            raise CommandError("STRIPE_SECRET_KEY is not set: there is nothing to compare with.")
        if options["days"] < 1:
            raise CommandError(f"--days {options['days']}: it has to be 1 or more.")
        found = left = 0
        try:
            for difference in differences(window=timedelta(days=options["days"])):
                found += 1
                note = self._mend(difference, commit=options["commit"])
                left += note != MENDED
                self.stdout.write(f"{difference.what} ({note})")
        except gateway.GatewayError as error:
            raise CommandError(f"Stripe stopped answering after {_differences(found)}: {error}") from error
        self.stdout.write(f"{_differences(found)}, {found - left} mended.")
        if left:
            raise CommandError(f"{_differences(left)} {'is' if left == 1 else 'are'} left.")

    def _mend(self, difference: Difference, *, commit: bool) -> str:
        """Mend one, where that is asked for; what became of it, in words. One that fails keeps none of the others from it."""
        if difference.mend is None:
            return "somebody has to look at it"
        if not commit:
            return "--commit mends it"
        try:
            difference.mend()
        except gateway.GatewayError:
            raise
        except Exception as error:
            return f"could not be mended: {error}"
        return MENDED


def _differences(number: int) -> str:
    return "1 difference" if number == 1 else f"{number} differences"
