"""What a list's address asks for."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.http import QueryDict

LANGUAGE_PREFIXES = ("/de/",)


@dataclass(frozen=True, slots=True)
class ParsedAddress:
    """The category's path (or "" for none) and the query of a list."""

    path: str
    query: QueryDict


def parse_address(address: str) -> ParsedAddress | None:
    """Take /search/?q=… or /shop/<path>/?… apart, with or without a host; None where it is neither."""
    parts = urlsplit(address.strip())
    path = parts.path
    for prefix in LANGUAGE_PREFIXES:
        if path.startswith(prefix):
            path = path[len(prefix) - 1 :]
    if not path.endswith("/"):
        path += "/"
    if path == "/search/":
        return ParsedAddress("", QueryDict(parts.query))
    if path.startswith("/shop/"):
        return ParsedAddress(path.removeprefix("/shop/").strip("/"), QueryDict(parts.query))
    return None
