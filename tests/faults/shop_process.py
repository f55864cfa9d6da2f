"""A process of the shop with the guard out that MUTATION names: `python -m tests.faults.shop_process web|worker`, and for gunicorn.

Without MUTATION it is what `masthead.wsgi` and `manage.py worker` are.
"""

from __future__ import annotations

import os
import sys

import pytest
from masthead.wsgi import application

__all__ = ["application"]

if os.environ.get("MUTATION"):
    from tests.mutations.table import MUTATIONS

    for _each in MUTATIONS:
        if _each.name == os.environ["MUTATION"]:
            _each.take_out(pytest.MonkeyPatch())

if __name__ == "__main__":
    from django.core.management import execute_from_command_line

    execute_from_command_line(["manage.py", *sys.argv[1:]])
