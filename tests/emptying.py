"""How PostgreSQL is put back to what it was, after a test that committed.

Django's way empties every table, of which there are hundreds, and has content types, permissions and all that hangs on them made
anew: seconds, which is more than most such tests take themselves. Here a copy of the rows that every shop has is kept beside the
tables, and only those tables are touched that hold something else after the test.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.core.management import call_command
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from shop.ledger import append_only

COPIES = "kept_for_tests"
_kept: dict[str, str] = {}


def begin() -> None:
    """Empty a database that an earlier run has left, as Django does. One that is new is left alone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [COPIES])
        if cursor.fetchone():
            cursor.execute(f"DROP SCHEMA {COPIES} CASCADE")
            append_only.take_off(connection)
            call_command("flush", interactive=False, verbosity=0)


def remember() -> None:
    """Keep a copy of all rows that there are."""
    _kept.clear()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {COPIES}")
        filled = _filled(cursor)
        for table in filled:
            cursor.execute(f'CREATE TABLE {COPIES}."{table}" AS TABLE "{table}"')
        _kept.update(_looks(cursor, filled))


def put_back() -> list[str]:
    """Make all rows be what they were, whatever a test has committed. Returns the tables that held something else."""
    with connection.cursor() as cursor:
        filled = _filled(cursor)
        looks = _looks(cursor, [table for table in filled if table in _kept])
        # One that is empty now was not looked at, and so is another than it was.
        changed = sorted({*filled, *_kept} - {table for table, look in looks.items() if look == _kept[table]})
        if changed:
            # The books refuse to be emptied, so their triggers come off before. What refers to what is looked at in the end only.
            books = set(changed) & set(append_only.TABLES)
            with append_only.lifted() if books else transaction.atomic():
                for table in changed:
                    cursor.execute(f'DELETE FROM "{table}"')
                for table in changed:
                    if table in _kept:
                        cursor.execute(f'INSERT INTO "{table}" TABLE {COPIES}."{table}"')
    # Whoever took them off has not put them on again.
    append_only.put_on(connection)
    return changed


def sweep() -> None:
    """Take out the rows that tests have rolled back, before one transaction writes very many.

    Otherwise autovacuum does so in the middle of it: it does not see the transaction's own rows, notes that their tables are
    empty, and PostgreSQL joins thousands of rows as if there were one. `shop.planner.analyze` at the start of the transaction
    keeps all others from counting until its end.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            ours = connection.introspection.django_table_names(only_existing=True, include_views=False)
            cursor.execute(f"VACUUM {', '.join(map(connection.ops.quote_name, ours))}")


def _filled(cursor: CursorWrapper) -> list[str]:
    """The tables that have rows."""
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename")
    tables = [table for (table,) in cursor.fetchall()]
    cursor.execute(" UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT FROM \"{table}\")" for table in tables))
    return [table for (table,) in cursor.fetchall()]


def _looks(cursor: CursorWrapper, tables: Iterable[str]) -> dict[str, str]:
    """What tells the rows of a table from others."""
    questions = [
        f"SELECT '{table}', md5(coalesce(string_agg(_row::text, chr(10) ORDER BY _row::text), '')) FROM \"{table}\" AS _row"
        for table in tables
    ]
    if not questions:
        return {}
    cursor.execute(" UNION ALL ".join(questions))
    return dict(cursor.fetchall())
