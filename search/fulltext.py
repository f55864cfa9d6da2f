"""The text index: SQLite's FTS5 or PostgreSQL's tsvector behind one unmanaged model, ListingText.

Both get words that are already spelt (words.py), in four classes: A the title, B brand, numbers and tags,
C the description, D what attributes say.
No parser or dictionary of the database has a say, so both find the same products; only the order within one
tier of relevance may differ, as FTS5 ranks by BM25 and PostgreSQL by ts_rank.

The table is made after every `migrate` instead of by a migration, because tests run without migrations.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import FloatField, Func, Lookup, TextField

from . import bulk
from .models import ListingRow, ListingText

TABLE = ListingText._meta.db_table
ROWS = ListingRow._meta.db_table

SQLITE = (
    f"CREATE VIRTUAL TABLE IF NOT EXISTS {TABLE} USING fts5("
    "a, b, c, d, tokenize = 'unicode61 remove_diacritics 0', prefix = '2 3')",
)
POSTGRESQL = (
    f"CREATE TABLE IF NOT EXISTS {TABLE} (rowid bigint PRIMARY KEY, {TABLE} tsvector NOT NULL)",
    f"CREATE INDEX IF NOT EXISTS {TABLE}_words ON {TABLE} USING gin ({TABLE})",
)


@dataclass(frozen=True, slots=True)
class Text:
    """What one product is found by."""

    product_id: int
    title: Sequence[str]
    names: Sequence[str]
    body: Sequence[str]
    attributes: Sequence[str]

    def classes(self) -> dict[str, Sequence[str]]:
        """The words by class, in the order of the table's columns."""
        return {"A": self.title, "B": self.names, "C": self.body, "D": self.attributes}


def create(**kwargs: Any) -> None:
    """Make the table where it is missing. A receiver of post_migrate, and harmless to repeat."""
    statements = SQLITE if connection.vendor == "sqlite" else POSTGRESQL
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def remove_strays() -> None:
    """Take out products that have no row: the text index has no foreign key that would do it."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TABLE} WHERE rowid NOT IN (SELECT product_id FROM {ROWS})")  # noqa: S608


def remove(product_ids: Sequence[int]) -> None:
    """Take products out."""
    bulk.delete(ListingText, "row_id", product_ids)


def add(texts: Iterable[Text]) -> None:
    """Put products in that are not in yet."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.executemany(
                f"INSERT INTO {TABLE} (rowid, a, b, c, d) VALUES (%s, %s, %s, %s, %s)",  # noqa: S608
                [(text.product_id, *(" ".join(found) for found in text.classes().values())) for text in texts],
            )
            return
        rows = [(text.product_id, _tsvector(text)) for text in texts]
        cursor.execute(
            f"INSERT INTO {TABLE} (rowid, {TABLE}) "  # noqa: S608
            "SELECT id, document::tsvector FROM unnest(%s::bigint[], %s::text[]) AS rows (id, document)",
            [[row[0] for row in rows], [row[1] for row in rows]],
        )


def question(
    *,
    every: Sequence[str],
    any_of: Sequence[str] = (),
    whole: str = "",
    prefix: bool = False,
    others: Sequence[Sequence[str]] = (),
) -> str:
    """Write a question in the database's own language.

    Products match that have each word of `every`, or one word of `any_of` where `every` is empty, or the part number
    `whole`, or each word of one of `others`. With `prefix` the last word may be the beginning of one. All are words as words.py spells them: letters
    and digits only, so that nothing in them can be read as an operator.
    """
    sqlite = connection.vendor == "sqlite"
    term = _fts5_term if sqlite else _tsquery_term
    asked = every or any_of
    terms = [term(word, prefix=prefix and number == len(asked) - 1) for number, word in enumerate(asked)]
    both, either = (" AND ", " OR ") if sqlite else (" & ", " | ")
    expression = (both if every else either).join(terms)
    more = [term(whole)] if whole else []
    more += [f"({both.join(term(word) for word in phrasing)})" for phrasing in others]
    return either.join([f"({expression})", *more]) if more else expression


def _fts5_term(word: str, *, prefix: bool = False) -> str:
    return f'"{word}"*' if prefix else f'"{word}"'


def _tsquery_term(word: str, *, prefix: bool = False) -> str:
    return f"'{word}':*" if prefix else f"'{word}'"


def _tsvector(text: Text) -> str:
    """A tsvector as PostgreSQL writes it: 'word':position and class. It keeps positions up to 16383."""
    places: dict[str, list[str]] = {}
    position = 0
    for letter, found in text.classes().items():
        for word in found:
            position = min(position + 1, 16_383)
            held = places.setdefault(word, [])
            if len(held) < 8:
                held.append(f"{position}{letter}")
    return " ".join(f"'{word}':{','.join(held)}" for word, held in places.items())


@TextField.register_lookup
class Matches(Lookup):
    """`text__document__matches=question(…)`."""

    lookup_name = "matches"
    prepare_rhs = False

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """FTS5's MATCH."""
        left, left_params = self.process_lhs(compiler, connection)
        return f"{left} MATCH %s", [*left_params, self.rhs]

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """PostgreSQL's @@."""
        left, left_params = self.process_lhs(compiler, connection)
        return f"{left} @@ %s::tsquery", [*left_params, self.rhs]


class Rank(Func):
    """How well a product matches: smaller is better, as FTS5 has it."""

    output_field = FloatField()

    def __init__(self, document: Any, asked: str = "") -> None:
        super().__init__(document)
        self.asked = asked

    def as_sqlite(self, compiler: Any, connection: Any, **kwargs: Any) -> tuple[str, tuple[Any, ...]]:
        """BM25 over the four classes of words."""
        return f"bm25({TABLE}, 2.0, 2.0, 1.0, 0.3)", ()

    def as_postgresql(self, compiler: Any, connection: Any, **kwargs: Any) -> tuple[str, list[Any]]:
        """ts_rank, divided by the length's logarithm."""
        document, params = compiler.compile(self.source_expressions[0])
        return f"-ts_rank('{{0.15, 0.5, 1, 1}}', {document}, %s::tsquery, 1)", [*params, self.asked]
