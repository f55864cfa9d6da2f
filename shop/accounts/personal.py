"""What the shop holds about a person: every room that holds something says what, how to hand it out, how to forget it.

Rooms register in AppConfig.ready(). The export and the deletion of an account go through this one list, so that
whoever adds a table about people adds it to both at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from .models import User


@dataclass(frozen=True, slots=True)
class Holding:
    """One kind of thing held about people.

    `fields` explains each key of what `export` yields. `forget` deletes, or takes the person out of what the law keeps;
    it runs inside the deletion's transaction, in the order of `place`, before the account itself is deleted.
    """

    name: str
    about: str
    fields: dict[str, str]
    export: Callable[[User], Iterator[dict[str, Any]]]
    forget: Callable[[User], None]
    place: int = 50


_holdings: dict[str, Holding] = {}


def proven_email(user: User) -> str:
    """The address, if the person is known to read mail sent to it; else nothing.

    Whatever is found by an address alone goes only to whoever owns it: anybody can register with any address.
    """
    return user.email if user.email_confirmed_at else ""


def register(holding: Holding) -> None:
    """Add a holding; the same name again replaces it."""
    _holdings[holding.name] = holding


def holdings() -> list[Holding]:
    """All of them, in the order in which they are handed out and forgotten."""
    return sorted(_holdings.values(), key=lambda each: (each.place, each.name))
