"""Faults on demand: what goes wrong with the next webhooks or the next calls of the API."""

from __future__ import annotations

import json
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from .errors import StripeError
from .store import Object, Store

WEBHOOK_KINDS = ("duplicate", "reorder", "delay", "drop")
API_KINDS = ("error_before", "error_after", "hang_before", "hang_after", "close_before", "close_after", "rate_limit")


@dataclass(frozen=True)
class Fault:
    """One fault that is due: its kind and what it was asked for with."""

    kind: str
    match: str = "*"
    seconds: float = 0
    status: int = 500
    keep: bool = False
    number: int = 0
    left: int = 1


def add(store: Store, asked: dict[str, Any]) -> Object:
    """Ask for a fault: kind, match (`POST /v1/refunds`, `checkout.session.*`), count, and seconds, status, keep.

    Raises StripeError where the kind or a number makes no sense.
    """
    kind, count = asked.get("kind"), asked.get("count", 1)
    if kind not in WEBHOOK_KINDS + API_KINDS:
        raise StripeError(
            f"No fault is called {kind!r}; there are {', '.join(WEBHOOK_KINDS + API_KINDS)}.", param="kind"
        )
    if unknown := set(asked) - {"kind", "match", "count", "seconds", "status", "keep"}:
        raise StripeError(f"A fault has no {', '.join(sorted(unknown))}; it has match, count, seconds, status, keep.")
    if not isinstance(count, int) or count < 1:
        raise StripeError(f"count is {count!r}; it is how many times the fault happens, from 1.", param="count")
    body: Object = {name: asked[name] for name in ("match", "seconds", "status", "keep") if name in asked}
    number = store.run("INSERT INTO fault (kind, left, body) VALUES (?, ?, ?)", kind, count, json.dumps(body))
    return {"id": number, "kind": kind, "count": count, **body}


def listed(store: Store) -> list[Object]:
    """The faults that have not all happened yet."""
    return [
        {"id": row["id"], "kind": row["kind"], "left": row["left"], **json.loads(row["body"])}
        for row in store.rows("SELECT * FROM fault ORDER BY id")
    ]


def take(store: Store, kinds: tuple[str, ...], subject: str) -> Fault | None:
    """The oldest fault of these kinds that matches, used up by one; nothing where there is none."""
    for row in store.rows("SELECT * FROM fault ORDER BY id"):
        body = json.loads(row["body"])
        if row["kind"] not in kinds or not fnmatchcase(subject, body.get("match", "*")):
            continue
        if row["left"] > 1:
            store.run("UPDATE fault SET left = left - 1 WHERE id = ?", row["id"])
        else:
            store.run("DELETE FROM fault WHERE id = ?", row["id"])
        return Fault(kind=row["kind"], number=row["id"], left=row["left"], **body)
    return None


def queue_delivery(store: Store, event: Object) -> None:
    """Queue one event for the webhook, or do with it what a fault wants."""
    fault = take(store, WEBHOOK_KINDS, event["type"])
    due, state, times = store.exact(), "queued", 1
    if fault is not None:
        if fault.kind == "drop":
            state = "dropped"
        elif fault.kind == "delay":
            due += fault.seconds or 60
        elif fault.kind == "duplicate":
            times = 2
        elif fault.kind == "reorder":
            state = f"held {fault.number}"
    store.tell()
    for _ in range(times):
        number = store.run(
            "INSERT INTO delivery (event, type, position, due, state) VALUES (?, ?, 0, ?, ?)",
            event["id"], event["type"], due, state,
        )  # fmt: skip
        store.run("UPDATE delivery SET position = ? WHERE id = ?", number, number)
    if fault is not None and fault.kind == "reorder" and fault.left == 1:
        release(store, state)


def release(store: Store, state: str) -> None:
    """Queue the deliveries that a fault held back, the last of them first."""
    held = store.rows("SELECT id, position FROM delivery WHERE state = ? ORDER BY id", state)
    places = [row["position"] for row in held]
    for row, place in zip(held, reversed(places), strict=True):
        store.run("UPDATE delivery SET state = 'queued', position = ? WHERE id = ?", place, row["id"])


def release_all(store: Store) -> None:
    """Queue everything that is held back."""
    for row in store.rows("SELECT DISTINCT state FROM delivery WHERE state LIKE 'held %'"):
        release(store, row["state"])
