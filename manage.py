#!/usr/bin/env python3
"""Django's command line, with the project's rooms and `site/` on the path."""

import os
import sys
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent


def main() -> None:
    """Run one management command."""
    # `site` is a folder on the path and never a package: the standard library owns that name.
    sys.path.insert(0, str(BASE_DIR / "site"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "masthead.settings.dev")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
