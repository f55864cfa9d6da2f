"""`manage.py export_products FILE`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from shop.catalogue.importing.operations import export_products
from shop.catalogue.models import Product
from shop.progress import Progress


class Command(BaseCommand):
    """What it writes, `import_products` reads back without changing anything."""

    help = "Write every product to a CSV that import_products reads."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file", type=Path, help="The CSV to write; it is replaced only when the export is complete."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        part = path.with_name(f"{path.name}.part")
        total = Product.objects.exclude(structure=Product.CHILD).count()
        try:
            with part.open("w", newline="", encoding="utf-8") as handle, Progress("Exporting", total=total) as progress:
                count = export_products(handle, progress=progress.advance)
            part.replace(path)
        except OSError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{count} products written to {path}.")
