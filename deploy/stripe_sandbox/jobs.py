"""What happens by itself when its time has come: sessions expire, debits are answered, refunds arrive, holds are let go."""

from __future__ import annotations

from . import payments, refunds
from .box import Box


def run_due(box: Box) -> int:
    """Do everything that is due; how much that was."""
    done = 0
    while is_due(box):
        with box.store.work():
            due = box.store.rows("SELECT * FROM job WHERE due <= ? ORDER BY due, id LIMIT 1", box.store.now())
            if not due:
                break
            box.store.run("DELETE FROM job WHERE id = ?", due[0]["id"])
            _run(box, due[0]["what"], due[0]["about"])
            done += 1
    return done


def is_due(box: Box) -> bool:
    """Whether there is something to do now; asked often, so it only looks."""
    due = next_due(box)
    return due is not None and due <= box.store.now()


def next_due(box: Box) -> int | None:
    """When there is next something to do."""
    found = box.store.rows("SELECT min(due) AS due FROM job")[0]["due"]
    return None if found is None else int(found)


def advance(box: Box, seconds: float) -> int:
    """Put the clock forward, stopping at each thing that is due on the way, so that it happens at its time."""
    with box.store.work():
        until = box.store.exact() + seconds
    done = run_due(box)
    while True:
        with box.store.work():
            due, now = next_due(box), box.store.exact()
            stop = until if due is None or due > until else due
            if stop > now:
                box.store.put_forward(stop - now)
        done += run_due(box)
        if stop == until:
            return done


def _run(box: Box, what: str, about: str) -> None:
    store = box.store
    if what == "expire":
        session = store.known("checkout.session", about)
        if session["status"] == "open":
            payments.expire(box, session)
    elif what == "debit":
        payments.finish_debit(box, store.known("charge", about))
    elif what == "let_go":
        intent = store.known("payment_intent", about)
        if intent["status"] == "requires_capture":
            payments.cancel(box, intent, "automatic")
    elif what in {"refund", "refund_fails"}:
        refund = store.known("refund", about)
        if refund["status"] in {"pending", "succeeded"}:
            refunds.change(box, refund, "succeeded" if what == "refund" else "failed")
