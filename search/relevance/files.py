"""Judgements in files: CSV with the header query,product_id,rating, where product_id is the product's UPC.

Commas, semicolons or tabs stand between the values, whichever the header has.
"""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .metrics import HIGHEST, LOWEST

HEADER = ("query", "product_id", "rating")
# What spreadsheets put between values: Excel a semicolon where numbers have a comma, as in German.
COMMA, SEMICOLON, TAB = ",", ";", "\t"
CALLED = {COMMA: "comma", SEMICOLON: "semicolon", TAB: "tab"}
# More of these say the same: the file is of another kind.
MOST_ERRORS = 20
LONGEST_QUERY = 200
LONGEST_CODE = 64


class JudgementError(Exception):
    """A file of judgements cannot be used; `errors` has one line for each thing that is wrong."""

    def __init__(self, *errors: str) -> None:
        super().__init__("\n".join(errors))
        self.errors = errors


@dataclass(frozen=True, slots=True)
class Line:
    """One judgement as a file has it."""

    number: int
    query: str
    code: str
    rating: int


@dataclass(slots=True)
class Parsed:
    """What a file holds: its good lines, and a message for each bad one."""

    lines: list[Line] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def by_query(self) -> dict[str, dict[str, int]]:
        """Query to product code to rating, in the file's order."""
        found: dict[str, dict[str, int]] = {}
        for line in self.lines:
            found.setdefault(line.query, {})[line.code] = line.rating
        return found


def parse(text: Iterable[str]) -> Parsed:
    """Read lines of CSV. Whatever is wrong with a line is said with its number; the other lines are kept.

    Raises JudgementError where the header is not HEADER, since no line could be trusted then.
    """
    lines = iter(text)
    first_line = next(lines, "")
    separator = _separator(first_line)
    reader = csv.reader(itertools.chain([first_line] if first_line else [], lines), delimiter=separator, strict=True)
    try:
        header = next(reader, None)
    except csv.Error as error:
        raise JudgementError(f"Line 1: no CSV ({error}). The first line has to be {','.join(HEADER)}.") from error
    if header is None:
        raise JudgementError(f"The file is empty. Its first line has to be {','.join(HEADER)}.")
    if tuple(name.strip().lstrip("\ufeff").lower() for name in header) != HEADER:
        raise JudgementError(f"Line 1: the header is {','.join(header)[:80]!r}; it has to be {','.join(HEADER)}.")
    parsed = Parsed()
    seen: dict[tuple[str, str], Line] = {}
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            parsed.errors.append(f"Line {reader.line_num}: no CSV ({error}). Nothing after it was read.")
            break
        if cells is None:
            break
        if any(cell.strip() for cell in cells):
            _take(parsed, seen, reader.line_num, cells, separator)
    return parsed


def _separator(header: str) -> str:
    """What splits the header into the most values; a comma where nothing does."""
    return max(CALLED, key=header.count)


def _take(parsed: Parsed, seen: dict[tuple[str, str], Line], number: int, cells: list[str], separator: str) -> None:
    try:
        line = _line(number, cells, separator)
    except ValueError as error:
        parsed.errors.append(f"Line {number}: {error}")
        return
    first = seen.setdefault((line.query, line.code), line)
    if first is line:
        parsed.lines.append(line)
    elif first.rating != line.rating:
        parsed.errors.append(
            f"Line {number}: {line.code} is rated {line.rating} for “{line.query}”, and {first.rating} in line "
            f"{first.number}. Leave one of the two."
        )


def _line(number: int, cells: list[str], separator: str) -> Line:
    if len(cells) != len(HEADER):
        raise ValueError(
            f"{len(cells)} values instead of 3 ({separator.join(HEADER)}). "
            f"A query with a {CALLED[separator]} needs quotes."
        )
    query, code, rating = (" ".join(cell.split()) for cell in cells)
    if not query or len(query) > LONGEST_QUERY:
        raise ValueError(f"the query has {len(query)} characters; it needs 1 to {LONGEST_QUERY}.")
    if not (query + code).isprintable():
        raise ValueError("there are control characters in it. Save the file as plain CSV in UTF-8.")
    if not code or len(code) > LONGEST_CODE:
        raise ValueError(f"the product_id has {len(code)} characters; it needs 1 to {LONGEST_CODE}, a product's UPC.")
    if not (rating.isascii() and rating.isdigit() and LOWEST <= int(rating[:3]) <= HIGHEST):
        raise ValueError(f"the rating is {rating[:20]!r}; it has to be a whole number from {LOWEST} to {HIGHEST}.")
    return Line(number, query, code, int(rating))


def read(path: Path) -> Mapping[str, Mapping[str, int]]:
    """Query to product code to rating, out of a file that has to be right in every line.

    Raises JudgementError that says what is wrong in which line, or that the file cannot be read.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            parsed = parse(handle)
    except OSError as error:
        raise JudgementError(f"{path}: cannot be read ({error.strerror or error}).") from error
    except UnicodeDecodeError as error:
        raise JudgementError(f"{path}: not in UTF-8 (byte {error.start}). Save it as “CSV UTF-8”.") from error
    if parsed.errors:
        more = len(parsed.errors) - MOST_ERRORS
        raise JudgementError(*parsed.errors[:MOST_ERRORS], *([f"… and {more} more."] if more > 0 else []))
    if not parsed.lines:
        raise JudgementError(f"{path}: no judgement below the header.")
    return parsed.by_query()
