"""Where everything is kept: one SQLite file, written to under one lock, so that a kill at any moment loses nothing answered."""

from __future__ import annotations

import json
import secrets
import sqlite3
import string
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Object = dict[str, Any]
# A piece of SQL with one place for a value, and the value.
Condition = tuple[str, Any]

SCHEMA = """
CREATE TABLE IF NOT EXISTS object (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, created INTEGER NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS object_kind ON object (kind, seq);
CREATE INDEX IF NOT EXISTS object_intent ON object (kind, json_extract(body, '$.payment_intent'));
CREATE INDEX IF NOT EXISTS object_customer ON object (kind, json_extract(body, '$.customer'));
CREATE INDEX IF NOT EXISTS object_charge ON object (kind, json_extract(body, '$.charge'));
CREATE TABLE IF NOT EXISTS answer (
    key TEXT PRIMARY KEY, path TEXT NOT NULL, digest TEXT NOT NULL, status INTEGER NOT NULL, body TEXT NOT NULL,
    request_id TEXT NOT NULL, created INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS job (id INTEGER PRIMARY KEY, due INTEGER NOT NULL, what TEXT NOT NULL, about TEXT NOT NULL);
-- Numbers are never given out again: what is still on its way when everything is forgotten must not count for another.
CREATE TABLE IF NOT EXISTS delivery (
    id INTEGER PRIMARY KEY AUTOINCREMENT, event TEXT NOT NULL, type TEXT NOT NULL, position REAL NOT NULL, due REAL NOT NULL,
    state TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, status INTEGER, said TEXT NOT NULL DEFAULT ''
);
CREATE INDEX IF NOT EXISTS delivery_state ON delivery (state, position);
CREATE TABLE IF NOT EXISTS fault (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, left INTEGER NOT NULL, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS request (
    id INTEGER PRIMARY KEY, method TEXT NOT NULL, path TEXT NOT NULL, status INTEGER, key TEXT, fault TEXT, at REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""
TABLES = ("object", "answer", "job", "delivery", "fault", "request", "setting")
LETTERS = string.ascii_letters + string.digits


class Store:
    """The database and the sandbox's clock. Everything happens inside `with store.work():`, one piece of work at a time."""

    def __init__(self, path: Path | str) -> None:
        self._lock = threading.RLock()
        self._depth = 0
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA journal_mode = WAL")
        # A killed process loses nothing; only a failing machine could, and then the last moment.
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.executescript(SCHEMA)
        # Set when there is something new to do by itself.
        self.news = threading.Event()
        self._has_news = False

    @contextmanager
    def work(self) -> Iterator[None]:
        """One transaction; nobody else reads or writes meanwhile. Entered again inside itself it is the same one."""
        with self._lock:
            if self._depth:
                yield
                return
            self._db.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            else:
                self._db.execute("COMMIT")
            finally:
                self._depth -= 1
                has_news, self._has_news = self._has_news, False
        if has_news:
            self.news.set()

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._db.close()

    def rows(self, query: str, *values: Any) -> list[sqlite3.Row]:
        """What a query finds."""
        with self._lock:
            return self._db.execute(query, values).fetchall()

    def run(self, query: str, *values: Any) -> int:
        """Carry out one statement; the number of the row that it added."""
        with self._lock:
            return int(self._db.execute(query, values).lastrowid or 0)

    # --- the clock

    def now(self) -> int:
        """The sandbox's time: the machine's, plus what it has been put forward."""
        return int(self.exact())

    def exact(self) -> float:
        """The same with its fraction."""
        return time.time() + self.ahead()

    def ahead(self) -> float:
        """By how many seconds the clock was put forward."""
        return float(self.setting("ahead") or 0)

    def put_forward(self, seconds: float) -> None:
        """Move the clock."""
        self.set("ahead", str(self.ahead() + seconds))

    def setting(self, name: str) -> str:
        """One remembered word; empty where there is none."""
        found = self.rows("SELECT value FROM setting WHERE name = ?", name)
        return str(found[0]["value"]) if found else ""

    def set(self, name: str, value: str) -> None:
        """Remember one word."""
        self.run(
            "INSERT INTO setting VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", name, value
        )

    # --- objects

    def new_id(self, prefix: str, length: int = 24) -> str:
        """A name that nobody has."""
        return f"{prefix}_{''.join(secrets.choice(LETTERS) for _ in range(length))}"

    def add(self, body: Object) -> Object:
        """Keep a new object; its members that begin with an underscore are never shown."""
        self.run(
            "INSERT INTO object (id, kind, created, body) VALUES (?, ?, ?, ?)",
            body["id"], body["object"], body.get("created", self.now()), json.dumps(body),
        )  # fmt: skip
        return body

    def save(self, body: Object) -> Object:
        """Keep what has changed about an object."""
        self.run("UPDATE object SET body = ? WHERE id = ?", json.dumps(body), body["id"])
        return body

    def get(self, kind: str, identifier: object) -> Object | None:
        """One object."""
        found = self.rows("SELECT body FROM object WHERE id = ? AND kind = ?", identifier, kind)
        return json.loads(found[0]["body"]) if found else None

    def known(self, kind: str, identifier: object) -> Object:
        """One object that must be there."""
        found = self.get(kind, identifier)
        if found is None:
            raise LookupError(f"no {kind} {identifier!r}")
        return found

    def find(self, kind: str, **wanted: Any) -> list[Object]:
        """All objects with these members, newest first."""
        return self.select(kind, members(**wanted))

    def select(
        self, kind: str, conditions: Sequence[Condition] = (), limit: int = -1, *, oldest_first: bool = False
    ) -> list[Object]:
        """Objects that fit, newest first unless told otherwise."""
        where = "".join(f" AND {sql}" for sql, _ in conditions)
        order = "ASC" if oldest_first else "DESC"
        values = [value for _, value in conditions]
        query = f"SELECT body FROM object WHERE kind = ?{where} ORDER BY seq {order} LIMIT ?"
        return [json.loads(row["body"]) for row in self.rows(query, kind, *values, limit)]

    def tell(self) -> None:
        """At the end of this work, wake whoever does what is due."""
        self._has_news = True

    def later(self, due: int, what: str, about: str) -> None:
        """Have something done when the clock has reached `due`."""
        self.run("INSERT INTO job (due, what, about) VALUES (?, ?, ?)", due, what, about)
        self.tell()

    def empty(self) -> None:
        """Forget everything but the webhook's address and secret."""
        kept = {name: self.setting(name) for name in ("webhook_url", "webhook_secret")}
        for table in TABLES:
            self.run(f"DELETE FROM {table}")
        for name, value in kept.items():
            self.set(name, value)


def members(**wanted: Any) -> list[Condition]:
    """Conditions on what objects hold."""
    return [(f"json_extract(body, '$.{name}') = ?", value) for name, value in wanted.items()]


def public(body: Object) -> Object:
    """What others see of an object: without its private members."""
    return {name: value for name, value in body.items() if not name.startswith("_")}
