"""Put many rows into a table at once: a tenth of what bulk_create needs, and no limit of parameters."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, models


def insert(model: type[models.Model], fields: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Insert `rows`, each with the values of `fields` (attribute names such as row_id) in that order.

    SQLite takes one row a time from a prepared statement; PostgreSQL gets one array a column in one statement.
    """
    if not rows:
        return
    held = [_field(model, name) for name in fields]
    table = connection.ops.quote_name(model._meta.db_table)
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in held)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            arrays = ", ".join(f"%s::{_type(field)}[]" for field in held)
            cursor.execute(
                f"INSERT INTO {table} ({columns}) SELECT * FROM unnest({arrays})",  # noqa: S608
                [list(column) for column in zip(*rows, strict=True)],
            )
        else:
            marks = ", ".join(["%s"] * len(held))
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)  # noqa: S608


def delete(model: type[models.Model], name: str, ids: Sequence[int]) -> None:
    """Delete the rows whose field `name` is one of `ids`, at once: nothing is fetched and no signal is sent."""
    column = connection.ops.quote_name(_field(model, name).column)
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        for start in range(0, len(ids), 500):
            part = list(ids[start : start + 500])
            marks = ", ".join(["%s"] * len(part))
            cursor.execute(f"DELETE FROM {table} WHERE {column} IN ({marks})", part)  # noqa: S608


def _field(model: type[models.Model], name: str) -> Any:
    return model._meta.get_field(name.removesuffix("_id"))


def _type(field: Any) -> str:
    return str(field.target_field.db_type(connection) if field.is_relation else field.db_type(connection))


@contextmanager
def garbage_seldom_collected() -> Iterator[None]:
    """For going through thousands of products: looking for garbage all the time would take a third of it."""
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(20_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
