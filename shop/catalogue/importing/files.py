"""Which format a file has, by what is in it, and its records."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from . import jsonlines, own_csv, shopify
from .lines import read_columns, read_lines
from .records import Problem, ProductRecord

Format = Literal["shopify", "jsonl", "csv"]


# How files begin that are no text, and what they are.
KINDS = (
    ((b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"RIFF"), "a picture"),
    ((b"%PDF",), "a PDF"),
    ((b"PK\x03\x04", b"\xd0\xcf\x11\xe0"), "an Excel workbook or another packed file"),
)


class UnknownFormatError(ValueError):
    """The file is none that is read."""


def detect(path: Path, *, name: str = "") -> Format:
    """Tell the format by the file's first bytes and line, never by its name. Messages call it `name`, else as it is called.

    Raises UnknownFormatError, which says what was looked for.
    """
    with path.open("rb") as handle:
        start = handle.read(4096)
    if start.startswith(b"\x1f\x8b") or start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return "jsonl"
    kind = next((name for starts, name in KINDS if start.startswith(starts)), "")
    if kind:
        raise UnknownFormatError(
            f"{name or path.name} is {kind}, and products are read from text: in a spreadsheet, save it as “CSV UTF-8”."
        )
    columns = read_columns(path)
    if shopify.looks_like(columns):
        return "shopify"
    if own_csv.looks_like(columns):
        return "csv"
    raise UnknownFormatError(
        f"{name or path.name} is none of the formats that are read: Shopify's CSV has the columns Handle and Option1 Name, "
        f"our own has slug and sku, JSON lines begin with {{. Its first columns are {_named(columns)}."
    )


def _named(columns: list[str]) -> str:
    shown = ", ".join(columns[:5])[:120]
    readable = all(letter.isprintable() for letter in shown)
    return (shown.strip() and (shown if readable else "no readable text")) or "none"


def read(path: Path, *, format: Format) -> Iterator[ProductRecord | Problem]:
    """Yield the file's products and problems. May be called again: each call reads from the start."""
    if format == "jsonl":
        return jsonlines.read(path)
    return (shopify if format == "shopify" else own_csv).read(read_lines(path), read_columns(path))
