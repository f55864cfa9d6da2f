"""Queries that Django compiles once and the database runs many times.

Putting a query together from Python objects takes Django a millisecond or three, which is more than the database needs
to answer it. For the few queries behind every list of products that is most of the time a page takes, so their SQL is
kept. The query is still written with the ORM, and Django's converters still turn rows into Python values.

On PostgreSQL the server keeps its plan as well: working out how to answer the joins of a card costs it several times what
answering costs. Lists are filled up to a few lengths for that, so that a page of 23 products and one of 24 share a plan.
"""

from __future__ import annotations

import re
from collections import namedtuple
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.db.models.query import ModelIterable, get_related_populators

# A placeholder, and not the second half of an escaped per cent sign.
PLACEHOLDER = re.compile(r"(?<!%)(?:%%)*%s")
# Numbers that stand for lists while a query is compiled; no row has them.
FIRST_MARK = -9_000_000_000_000_001


@dataclass(frozen=True, slots=True)
class _Gap:
    """A place among a query's parameters that is filled in at each run."""

    name: str


class Prepared:
    """A query whose lists of numbers and texts are filled in at each run: of values_list(), or of whole objects.

    Objects are as the ORM makes them, with what select_related() names; nothing is prefetched.

    `build` gets a list for each name in `lists` and a text for each in `texts`, and must use them as they are: in
    `__in` and exact lookups. It is called once for each kind of database.
    """

    def __init__(
        self, build: Callable[..., QuerySet[Any, Any]], *, lists: Sequence[str] = (), texts: Sequence[str] = ()
    ) -> None:
        self.build = build
        self.given: dict[str, Any] = {name: FIRST_MARK - place for place, name in enumerate(lists)}
        self.given |= {name: f"\x00{name}\x00" for name in texts}
        self.lists = frozenset(lists)
        self._compiled: dict[str, tuple[list[str], list[Any], dict[int, Any], Callable[[Any], Any]]] = {}

    def run(self, **values: Any) -> list[Any]:
        """The rows as named tuples, or the objects; an empty list finds nothing."""
        parts, params, converters, make = self._compiled.get(connection.vendor) or self._compile()
        sql, filled = [parts[0]], list[Any]()
        for param, part in zip(params, parts[1:], strict=True):
            if not isinstance(param, _Gap):
                sql.append("%s")
                filled.append(param)
            elif param.name in self.lists:
                held = _filled_up(list(values[param.name]))
                sql.append(", ".join(["%s"] * len(held)) or "NULL")
                filled.extend(held)
            else:
                sql.append("%s")
                filled.append(values[param.name])
            sql.append(part)
        with _cursor() as cursor:
            cursor.execute("".join(sql), filled)
            rows = cursor.fetchall()
        return [make(row) for row in _converted(rows, converters)]

    def _compile(self) -> tuple[list[str], list[Any], dict[int, Any], Callable[[Any], Any]]:
        queryset = self.build(**{name: [mark] if name in self.lists else mark for name, mark in self.given.items()})
        query = queryset.query
        compiler = query.get_compiler(connection=connection)
        sql, found_params = compiler.as_sql()
        # A list of texts makes texts of its marks.
        names = {str(mark): name for name, mark in self.given.items()}
        params = [_Gap(names[str(param)]) if str(param) in names else param for param in found_params]
        missing = set(self.given) - {param.name for param in params if isinstance(param, _Gap)}
        if missing:
            raise ValueError(f"the query does not use {', '.join(sorted(missing))} as given: compare with = or IN only")
        parts: list[str] = []
        last = 0
        for found in PLACEHOLDER.finditer(sql):
            parts.append(sql[last : found.end() - 2])
            last = found.end()
        parts.append(sql[last:])
        chosen = [expression for expression, *_ in compiler.select]
        compiled = (parts, params, compiler.get_converters(chosen), _maker(queryset, compiler))
        self._compiled[connection.vendor] = compiled
        return compiled


def _maker(queryset: Any, compiler: Any) -> Callable[[Any], Any]:
    """What makes a named tuple of a row, or an object with its related ones, as a queryset would."""
    if not issubclass(queryset._iterable_class, ModelIterable):
        row_type = namedtuple("Row", list(queryset.query.selected or ()))  # type: ignore[misc]
        return row_type._make
    model, places = compiler.klass_info["model"], compiler.klass_info["select_fields"]
    first, end, alias = places[0], places[-1] + 1, connection.alias
    names = [column[0].target.attname for column in compiler.select[first:end]]
    # The types are those of a later Django.
    populators = get_related_populators(compiler.klass_info, compiler.select, alias)  # type: ignore[call-arg]

    def make(row: Sequence[Any]) -> Any:
        found = model.from_db(alias, names, row[first:end])
        for populator in populators:
            populator.populate(row, found)
        return found

    return make


def _filled_up(held: list[Any]) -> list[Any]:
    """The list with its last value repeated up to the next power of two: IN finds the same, and few texts of SQL arise."""
    if not held:
        return held
    return held + held[-1:] * ((1 << (len(held) - 1).bit_length()) - len(held))


def _cursor() -> Any:
    """A cursor of Django's, counted and logged like any other, which has PostgreSQL keep the plans of what it runs."""
    if connection.vendor != "postgresql":
        return connection.cursor()
    from .prepared_postgres import PreparingCursor

    connection.ensure_connection()
    cursor: Any = PreparingCursor(connection.connection)
    return connection.make_debug_cursor(cursor) if connection.queries_logged else connection.make_cursor(cursor)


def _converted(rows: Iterable[Sequence[Any]], converters: dict[int, Any]) -> Iterable[Sequence[Any]]:
    if not converters:
        return rows
    steps = list(converters.items())
    done = []
    for row in rows:
        values = list(row)
        for place, (functions, expression) in steps:
            for function in functions:
                values[place] = function(values[place], expression, connection)
        done.append(values)
    return done
