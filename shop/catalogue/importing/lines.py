"""Lines of a CSV with their numbers, kept apart where one is broken."""

from __future__ import annotations

import csv
import difflib
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from .records import NO_PRICE, Problem
from .values import clean_text

csv.field_size_limit(1_000_000)


# More than any shop has products; and a few packed kilobytes can become as many lines as somebody likes.
MOST_LINES = 1_000_000


class UnreadableFileError(ValueError):
    """The file cannot be taken apart to its end, or it has no end that is worth waiting for."""


def require_lines(number: int) -> None:
    """Raises UnreadableFileError for a line beyond MOST_LINES: nothing of such a file is imported."""
    if number > MOST_LINES:
        raise UnreadableFileError(f"the file has more than {MOST_LINES:,} lines: split it")


@dataclass(slots=True)
class Line:
    """One row: the number of its first line in the file, and its cells by column."""

    number: int
    cells: dict[str, str]
    extra: int = 0


# What spreadsheets put between cells: Excel a semicolon where numbers have a comma, and a tab in "Unicode text".
SEPARATORS = (",", ";", "\t")
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


def _open(path: Path) -> io.TextIOWrapper:
    """UTF-16 where the file says so, else UTF-8: bytes that are none are kept, for their own line's complaint."""
    handle = path.open("rb")
    if handle.read(2) in UTF16_MARKS:
        handle.seek(0)
        return io.TextIOWrapper(handle, encoding="utf-16", errors="replace", newline="")
    handle.seek(0)
    return io.TextIOWrapper(handle, encoding="utf-8-sig", errors="surrogateescape", newline="")


def _separator(path: Path) -> str:
    """What splits the first line into the most cells; a comma where nothing does."""

    def cells(separator: str) -> int:
        with _open(path) as handle:
            return len(next(_rows(csv.reader(handle, delimiter=separator)), []))

    return max(SEPARATORS, key=cells)


def read_columns(path: Path) -> list[str]:
    """Return the names in a CSV's first line. Raises UnreadableFileError."""
    separator = _separator(path)
    with _open(path) as handle:
        return [column.strip() for column in next(_rows(csv.reader(handle, delimiter=separator)), [])]


def _rows(reader: Any) -> Iterator[list[str]]:
    """The rows, up to one that Python's reader gives up on: one quote too many makes one cell of the whole rest."""
    try:
        yield from reader
    except csv.Error as error:
        raise UnreadableFileError(
            f"the file cannot be read beyond line {reader.line_num} ({error}): check the quotes before it"
        ) from error


def read_lines(path: Path) -> Iterator[Line]:
    """Yield a CSV's rows after the first, but for empty ones. Raises UnreadableFileError."""
    separator = _separator(path)
    with _open(path) as handle:
        reader = csv.reader(handle, delimiter=separator)
        rows = _rows(reader)
        columns = [column.strip() for column in next(rows, [])]
        start = reader.line_num + 1
        for row in rows:
            require_lines(start)
            if any(cell.strip() for cell in row):
                cells = dict(zip(columns, row, strict=False))
                yield Line(start, cells, extra=max(0, len(row) - len(columns)))
            start = reader.line_num + 1


def group_lines(lines: Iterator[Line], *, key: str) -> Iterator[list[Line] | Problem]:
    """Yield the rows that follow each other with one value of `key`; a row with too many cells spoils its group."""
    group: list[Line] = []
    seen: set[str] = set()
    for line in lines:
        value = line.cells.get(key, "").strip()
        if group and value != group[0].cells[key].strip():
            yield from _finish(group, key, seen)
            group = []
        if not value:
            yield Problem(line.number, "", f"{key} is empty: every line says which product it belongs to")
            continue
        group.append(line)
    if group:
        yield from _finish(group, key, seen)


def _finish(group: list[Line], key: str, seen: set[str]) -> Iterator[list[Line] | Problem]:
    value = group[0].cells[key].strip()
    crowded = next((line for line in group if line.extra), None)
    if crowded:
        yield Problem(
            crowded.number, value, f"the line has {crowded.extra} more cells than there are columns: check its quotes"
        )
    elif value in seen:
        yield Problem(group[0].number, value, f"{key} {value!r} came before: keep the lines of one product together")
    else:
        seen.add(value)
        yield group


def unknown_columns(columns: list[str], *, known: set[str], prefixes: tuple[str, ...] = ()) -> Iterator[Problem]:
    """Yield a remark for each column that nothing reads; it is left out, and the lines go in."""
    for column in columns:
        if column in known or column.startswith(prefixes or ("\x00",)):
            continue
        near = difflib.get_close_matches(column, sorted(known), n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        yield Problem(1, column, f"unknown column {column!r} is left out{hint}", rejects=False)


def cell_reader(error: Callable[[int, str, str], Exception]) -> Callable[..., Any]:
    """Return a function that reads a row's cell, cleaned and parsed, and raises `error(line, value, reason)` when it is bad."""

    def cell(line: Line, column: str, limit: int, *, parse: Callable[[str], Any] | None = None) -> Any:
        text = line.cells.get(column, "") or ""
        try:
            text = clean_text(text, name=column, limit=limit)
            return parse(text) if parse and text else text
        except ValueError as problem:
            raise error(line.number, text.encode("utf-8", "replace").decode()[:200], str(problem)) from None

    return cell


def compare_at_given(line: Line, column: str, value: Decimal | str) -> Decimal | None:
    """A price before: None where the file has no such column, NO_PRICE where its cell is empty or 0."""
    if column not in line.cells:
        return None
    return value if isinstance(value, Decimal) else NO_PRICE
