"""`manage.py load_demo`: fill the shop with Fern & Kiln."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from demo.loading.load import DemoError, is_loaded, load, reset


class Command(BaseCommand):
    """Safe to run again: a demo that is there is left alone."""

    help = "Load the demo shop: products, pictures, stories, customers and a year of orders. Only where DEBUG is on."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--reset", action="store_true", help="first take out what an earlier load_demo made")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError(
                "load_demo makes staff accounts with a public password, so it runs only where DEBUG is on. "
                "Set DJANGO_SETTINGS_MODULE=masthead.settings.dev, or start the shop with `make run`."
            )
        if options["reset"]:
            reset(say=self.stdout.write)
        try:
            if is_loaded():
                self.stdout.write("The demo shop is there already. To begin again: manage.py load_demo --reset")
                return
        except DemoError as error:
            raise CommandError(str(error)) from error
        load(say=self.stdout.write)
