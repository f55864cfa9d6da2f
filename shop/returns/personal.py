"""What returns hold about a person."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from shop.accounts.models import User
from shop.accounts.personal import Holding, register

from .models import Return

FIELDS = {
    "number": "the return's number", "asked": "when you asked for it", "state": "where it is", "note": "your words",
    "answer": "our words", "lines": "each thing: title, how many, why",
}  # fmt: skip


def connect() -> None:
    """Register it."""
    about = "What you sent back. After deletion it is kept without your words, for the books."
    register(Holding("returns", about, FIELDS, _export, _forget, place=5))


def _export(user: User) -> Iterator[dict[str, Any]]:
    for back in Return.objects.filter(order__user=user).prefetch_related("lines__line").order_by("pk"):
        yield {
            "number": back.number,
            "asked": back.created_at,
            "state": back.state,
            "note": back.note,
            "answer": back.answer,
            "lines": [
                {"title": row.line.title, "quantity": row.quantity, "reason": row.reason} for row in back.lines.all()
            ],
        }


def _forget(user: User) -> None:
    Return.objects.filter(order__user=user).update(note="", answer="")
