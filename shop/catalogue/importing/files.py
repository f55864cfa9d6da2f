"""Which format a file has, by what is in it, and its records."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from . import jsonlines, own_csv, shopify
from .lines import read_columns, read_lines
from .records import Problem, ProductRecord

Format = Literal["shopify", "jsonl", "csv"]


class UnknownFormatError(ValueError):
    """The file is none that is read."""


def detect(path: Path) -> Format:
    """Tell the format by the file's first bytes and line, never by its name.

    Raises UnknownFormatError, which says what was looked for.
    """
    with path.open("rb") as handle:
        start = handle.read(4096)
    if start.startswith(b"\x1f\x8b") or start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return "jsonl"
    columns = read_columns(path)
    if shopify.looks_like(columns):
        return "shopify"
    if own_csv.looks_like(columns):
        return "csv"
    raise UnknownFormatError(
        f"{path.name} is none of the formats that are read: Shopify's CSV has the columns Handle and Option1 Name, "
        f"our own has slug and sku, JSON lines begin with {{. Its first columns are {', '.join(columns[:5]) or 'none'}."
    )


def read(path: Path, *, format: Format) -> Iterator[ProductRecord | Problem]:
    """Yield the file's products and problems. May be called again: each call reads from the start."""
    if format == "jsonl":
        return jsonlines.read(path)
    return (shopify if format == "shopify" else own_csv).read(read_lines(path), read_columns(path))
