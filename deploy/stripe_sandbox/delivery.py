"""Webhooks: events signed and sent to the shop, again and again until it takes them."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlsplit

from . import faults, jobs
from .box import Box
from .store import Object, public

ANSWER_SECONDS = 20
GIVE_UP_SECONDS = 3 * 86400
LONGEST_WAIT = 3600
AT_ONCE = 4
REST = 0.2


@dataclass(frozen=True)
class Parcel:
    """One event ready to be sent."""

    delivery: int
    event: str
    type: str
    body: str
    signature: str

    def shown(self) -> Object:
        """The same for the control API."""
        return {
            "delivery": self.delivery, "event": self.event, "type": self.type, "body": self.body, "signature": self.signature,
        }  # fmt: skip


def sign(body: str, secrets: list[str], moment: int | None = None) -> str:
    """The Stripe-Signature header: one v1 for each secret, as while a secret is being rolled."""
    at = int(time.time()) if moment is None else moment
    signed = f"{at}.{body}".encode()
    parts = [f"v1={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}" for secret in secrets]
    return ",".join([f"t={at}", *parts])


def pack(box: Box, row: sqlite3.Row) -> Parcel:
    """A delivery's event with its signature, made now: the shop looks at how old it is."""
    body = json.dumps(public(box.store.known("event", row["event"])), indent=2)
    secrets = [secret for secret in box.store.setting("webhook_secret").split(",") if secret]
    return Parcel(row["id"], row["event"], row["type"], body, sign(body, secrets))


def send(url: str, parcel: Parcel) -> tuple[int | None, str]:
    """Post one event; the status and the beginning of what was said, or why there was none. Follows no redirect."""
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=ANSWER_SECONDS)
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        headers = {
            "Content-Type": "application/json; charset=utf-8", "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
            "Stripe-Signature": parcel.signature, "Cache-Control": "no-cache", "Connection": "close",
        }  # fmt: skip
        connection.request("POST", path, parcel.body.encode(), headers)
        answer = connection.getresponse()
        return answer.status, answer.read(500).decode(errors="replace")
    except (OSError, http.client.HTTPException) as error:
        return None, str(error) or type(error).__name__
    finally:
        connection.close()


def record(box: Box, number: int, status: int | None, said: str) -> None:
    """Write down how a delivery went: done at 2xx, or when it is tried again."""
    with box.store.work():
        found = box.store.rows("SELECT * FROM delivery WHERE id = ?", number)
        if not found:
            return
        attempts, is_done = found[0]["attempts"] + 1, status is not None and 200 <= status < 300
        wait = min(2 ** (attempts - 1), LONGEST_WAIT)
        given_up = not is_done and box.store.exact() - _since(box, found[0]["event"]) + wait > GIVE_UP_SECONDS
        box.store.run(
            "UPDATE delivery SET state = ?, attempts = ?, status = ?, said = ?, due = ? WHERE id = ?",
            "delivered" if is_done else "given up" if given_up else "queued",
            attempts, status, said, box.store.exact() + wait, number,
        )  # fmt: skip
        if is_done:
            event = box.store.known("event", found[0]["event"])
            event["pending_webhooks"] = 0
            box.store.save(event)


def _since(box: Box, event: str) -> int:
    return int(box.store.known("event", event)["created"])


def take(box: Box, *, everything: bool, limit: int = 1000) -> list[Parcel]:
    """Claim what is to be delivered, in order. With `everything` also what is delayed, held back, or waiting to be retried."""
    with box.store.work():
        if everything:
            faults.release_all(box.store)
        until = float("inf") if everything else box.store.exact()
        found = box.store.rows(
            "SELECT * FROM delivery WHERE state = 'queued' AND due <= ? ORDER BY position LIMIT ?", until, limit
        )
        for row in found:
            box.store.run("UPDATE delivery SET state = 'sending' WHERE id = ?", row["id"])
        return [pack(box, row) for row in found]


def flush(box: Box) -> list[Object]:
    """Deliver everything that is waiting, one after another; what the shop answered to each."""
    url, told = box.store.setting("webhook_url"), []
    if not url:
        return []
    for parcel in take(box, everything=True):
        status, said = send(url, parcel)
        record(box, parcel.delivery, status, said)
        told.append({"event": parcel.event, "type": parcel.type, "status": status, "said": said})
    return told


def recover(box: Box) -> None:
    """After a start: what was being sent when the last process ended is sent again."""
    with box.store.work():
        box.store.run("UPDATE delivery SET state = 'queued' WHERE state = 'sending'")


class Courier(threading.Thread):
    """Does what is due and delivers what is queued, until it is stopped."""

    def __init__(self, box: Box) -> None:
        super().__init__(name="courier", daemon=True)
        self.box = box
        self._ended = threading.Event()
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="webhook")

    def run(self) -> None:
        """The thread's work."""
        while not self._ended.is_set():
            jobs.run_due(self.box)
            sent = self._deliver()
            if not sent:
                self.box.store.news.wait(REST)
                self.box.store.news.clear()

    def _deliver(self) -> int:
        url = self.box.store.setting("webhook_url")
        if not url or self.box.store.setting("paused"):
            return 0
        waiting = "SELECT 1 FROM delivery WHERE state = 'queued' AND due <= ? LIMIT 1"
        if not self.box.store.rows(waiting, self.box.store.exact()):
            return 0
        parcels = take(self.box, everything=False, limit=AT_ONCE)
        for _ in self._pool.map(lambda parcel: self._deliver_one(url, parcel), parcels):
            pass
        return len(parcels)

    def _deliver_one(self, url: str, parcel: Parcel) -> None:
        status, said = send(url, parcel)
        record(self.box, parcel.delivery, status, said)

    def stop(self) -> None:
        """Deliver no more."""
        self._ended.set()
        self.box.store.news.set()
        self.join(5)
        self._pool.shutdown(wait=False, cancel_futures=True)
