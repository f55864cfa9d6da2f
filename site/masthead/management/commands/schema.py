"""`manage.py schema`: writes docs/schema.md from the models."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from masthead.schema import schema_page


class Command(BaseCommand):
    """Run it after a migration; the test suite says so when it was forgotten."""

    help = "Write docs/schema.md from the models."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="Write nothing; fail where the page is out of date.")

    def handle(self, *args: Any, **options: Any) -> None:
        path = settings.BASE_DIR / "docs" / "schema.md"
        page = schema_page()
        same = path.exists() and path.read_text(encoding="utf-8") == page
        if options["check"]:
            if not same:
                raise CommandError("docs/schema.md differs from the models. Write it anew: manage.py schema")
        elif not same:
            path.write_text(page, encoding="utf-8")
        self.stdout.write("docs/schema.md is up to date." if same else "docs/schema.md written.")
