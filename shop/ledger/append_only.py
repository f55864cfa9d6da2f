"""Triggers that make the database refuse to change or delete a row of the books, whoever asks.

They are made by a migration and looked after again after each `migrate`: SQLite changes a table by making a new one, and the
triggers of the old one go with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection as default_connection
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

TABLES = ("ledger_moneyentry", "ledger_stockmovement", "invoices_invoice", "giftcards_giftcardentry")

_FUNCTION = """
CREATE OR REPLACE FUNCTION ledger_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are only added, never changed or deleted: add one that puts it right', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$
"""


def put_on(connection: BaseDatabaseWrapper) -> None:
    """Make the triggers that are missing, on those tables that are there. Harmless to repeat."""
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor)) & set(TABLES)
        if connection.vendor == "sqlite":
            for table in tables:
                for action in ("UPDATE", "DELETE"):
                    cursor.execute(
                        f"CREATE TRIGGER IF NOT EXISTS {table}_no_{action.lower()} BEFORE {action} ON {table} "
                        f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are only added, never changed or deleted: "
                        f"add one that puts it right'); END"
                    )
            return
        held = _held(connection)
        if tables and not {f"{table}_{name}" for table in tables for name in ("rows", "truncate")} <= held:
            cursor.execute(_FUNCTION)
        for table in tables:
            if f"{table}_rows" not in held:
                cursor.execute(
                    f"CREATE TRIGGER {table}_rows BEFORE UPDATE OR DELETE ON {table} "
                    "FOR EACH ROW EXECUTE FUNCTION ledger_append_only()"
                )
            if f"{table}_truncate" not in held:
                cursor.execute(
                    f"CREATE TRIGGER {table}_truncate BEFORE TRUNCATE ON {table} "
                    "FOR EACH STATEMENT EXECUTE FUNCTION ledger_append_only()"
                )


def take_off(connection: BaseDatabaseWrapper) -> None:
    """Drop the triggers. For tests that empty the database, and for `lifted`."""
    with connection.cursor() as cursor:
        for trigger in sorted(_held(connection)):
            on = "" if connection.vendor == "sqlite" else f" ON {trigger.rpartition('_')[0]}"
            cursor.execute(f"DROP TRIGGER {trigger}{on}")


@contextmanager
def lifted() -> Iterator[None]:
    """Rows may be deleted inside, in one transaction. For taking the demo out again: a shop that sells has no cause."""
    with transaction.atomic():
        take_off(default_connection)
        yield
        put_on(default_connection)


def _held(connection: BaseDatabaseWrapper) -> set[str]:
    """The triggers that are there."""
    if connection.vendor == "sqlite":
        query = "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"
    else:
        query = (
            "SELECT tgname, relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
            "WHERE NOT tgisinternal AND pg_table_is_visible(pg_class.oid)"
        )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {name for name, table in cursor.fetchall() if table in TABLES}
