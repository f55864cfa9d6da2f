"""Ways to take a guard out for the length of one test. `patch` is pytest's, or one of a process of its own."""

from __future__ import annotations

import inspect
import sys
import time
from collections.abc import Callable
from contextlib import nullcontext
from types import CodeType, ModuleType, SimpleNamespace
from typing import Any

import pytest
from django.db import connection, models, transaction
from django.db.models import QuerySet

from shop.ledger import append_only

Patch = pytest.MonkeyPatch
# Long enough for everybody else to read what is about to be changed.
PAUSE = 0.2
HINT = "slowly_read"


def _asker() -> CodeType:
    """Who asks the database for something: the first function that is neither Django's own nor a test's."""
    frame = sys._getframe(2)
    while frame.f_back and any(folder in frame.f_code.co_filename for folder in ("/django/db/", "/tests/concurrency/")):
        frame = frame.f_back
    return frame.f_code


def without_lock(
    patch: Patch, *functions: Callable[..., Any], model: type[models.Model] | None = None, pause: float = PAUSE
) -> None:
    """In these functions rows (of `model`, else of any) are read without a lock, and not written before all have read them."""
    codes = {inspect.unwrap(function).__code__ for function in functions}
    real, fetch = QuerySet.select_for_update, QuerySet._fetch_all

    def look(self: Any, *arguments: Any, **options: Any) -> Any:
        if _asker() in codes and model in (None, self.model):
            found = self.all()
            found._hints = {**found._hints, HINT: pause}
            return found
        return real(self, *arguments, **options)

    def slowly(self: Any) -> None:
        is_new = self._result_cache is None
        fetch(self)
        if is_new and HINT in self._hints:
            time.sleep(self._hints[HINT])

    patch.setattr(QuerySet, "select_for_update", look)
    patch.setattr(QuerySet, "_fetch_all", slowly)


def without_transaction(patch: Patch, *modules: ModuleType) -> None:
    """What these modules do in one transaction is done statement by statement, each kept at once."""
    real = QuerySet.select_for_update

    def look(self: Any, *arguments: Any, **options: Any) -> Any:
        return real(self, *arguments, **options) if connection.in_atomic_block else self.all()

    loose = {**vars(transaction), "atomic": lambda *_, **__: nullcontext()}
    for module in modules:
        patch.setattr(module, "transaction", SimpleNamespace(**loose))
    patch.setattr(QuerySet, "select_for_update", look)


def without(patch: Patch, owner: Any, name: str, instead: Any = None) -> None:
    """A function does nothing, and returns `instead`."""
    patch.setattr(owner, name, lambda *_, **__: instead)


def slowly(patch: Patch, owner: Any, name: str, seconds: float = PAUSE) -> None:
    """A function takes its time before it returns."""
    real = getattr(owner, name)

    def later(*arguments: Any, **options: Any) -> Any:
        found = real(*arguments, **options)
        time.sleep(seconds)
        return found

    patch.setattr(owner, name, later)


def without_constraint(patch: Patch, model: type[models.Model], name: str) -> None:
    """The database holds nobody to this constraint of a model; the plugin puts it back."""
    constraint = next(each for each in model._meta.constraints if each.name == name)
    with connection.schema_editor() as editor:
        editor.remove_constraint(model, constraint)
    TAKEN_OUT.append((model, constraint))


TAKEN_OUT: list[tuple[type[models.Model], models.BaseConstraint]] = []


def put_back() -> None:
    """Put the constraints back. What breaks them is thrown away first."""
    if TAKEN_OUT:
        # Emptying a table may lead to the books; Django puts their triggers on again when it has emptied everything.
        append_only.take_off(connection)
    while TAKEN_OUT:
        model, constraint = TAKEN_OUT.pop()
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {connection.ops.quote_name(model._meta.db_table)} CASCADE")
        with connection.schema_editor() as editor:
            editor.add_constraint(model, constraint)
