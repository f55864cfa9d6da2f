"""The part of `shop.prepared` that needs PostgreSQL's driver, which a shop on SQLite does not load."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg.types.numeric import Int8


class PreparingCursor(psycopg.Cursor[Any]):
    """A cursor whose parameters are bound by the server, so that the plan of a statement is kept with the connection.

    How often a statement must run before it is, is the connection's `prepare_threshold` (settings/database.py).
    """

    def execute(self, query: Any, params: Any = None, **kwargs: Any) -> Any:
        """Run it. Whole numbers all go as bigint: by their size psycopg would choose from three types, each a plan."""
        sent = [Int8(value) if type(value) is int else value for value in params] if params else params
        return super().execute(query, sent, **kwargs)
