"""One call of the API from its headers to its answer: who asks, whether it was asked before, and which fault is due."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from . import API_VERSION, api, faults
from .box import Box
from .errors import StripeError
from .params import Params, decode
from .store import Object

LIVE = ("sk_live_", "rk_live_")
TEST = ("sk_test_", "rk_test_")
VERSION = re.compile(r"\d{4}-\d{2}-\d{2}(\.\w+)?(; .*)?")
LONGEST_KEY = 255
KEY_SECONDS = 24 * 60 * 60
HANG_SECONDS = 30.0


@dataclass(frozen=True)
class Call:
    """A request as it came in."""

    method: str
    path: str
    query: str
    body: str
    headers: Mapping[str, str]

    @property
    def key(self) -> str:
        """The idempotency key; only requests that change something have one."""
        return (self.headers.get("Idempotency-Key") or "") if self.method == "POST" else ""

    @property
    def digest(self) -> str:
        """A hash over what is asked for."""
        return hashlib.sha256(f"{self.method} {self.path} {self.body}".encode()).hexdigest()


@dataclass
class Reply:
    """What is answered. `hang` seconds pass first; `is_cut` closes the connection instead."""

    status: int
    body: Object
    headers: dict[str, str] = field(default_factory=dict)
    hang: float = 0
    is_cut: bool = False


class Calls:
    """Answers calls. Keys of requests that are being answered are remembered here, the others in the store."""

    def __init__(self, box: Box) -> None:
        self.box = box
        self._at_work: set[str] = set()
        self._lock = threading.Lock()

    def answer(self, call: Call) -> Reply:
        """The reply to one call, as the fault that is due makes it."""
        request_id = self.box.store.new_id("req", 14)
        fault = self._fault(call)
        reply = self._with_fault(call, request_id, fault)
        reply.headers = {
            "Request-Id": request_id,
            "Stripe-Version": call.headers.get("Stripe-Version") or API_VERSION,
            **({"Idempotency-Key": call.key, "Original-Request": request_id} if call.key else {}),
            **reply.headers,
        }
        with self.box.store.work():
            self.box.store.run(
                "INSERT INTO request (method, path, status, key, fault, at) VALUES (?, ?, ?, ?, ?, ?)",
                call.method, call.path, None if reply.is_cut or reply.hang else reply.status, call.key or None,
                fault.kind if fault else None, time.time(),
            )  # fmt: skip
        return reply

    def _fault(self, call: Call) -> faults.Fault | None:
        with self.box.store.work():
            return faults.take(self.box.store, faults.API_KINDS, f"{call.method} {call.path}")

    def _with_fault(self, call: Call, request_id: str, fault: faults.Fault | None) -> Reply:
        if fault is None:
            return self._answer(call, request_id)
        if fault.kind == "rate_limit":
            return _reply(StripeError(
                "Request rate limit exceeded. You can learn more about rate limits here: https://docs.stripe.com/rate-limits.",
                status=429, code="rate_limit",
            ))  # fmt: skip
        broken = _reply(StripeError(
            "An unknown error occurred. (The sandbox was asked for it.)", status=fault.status, kind="api_error"
        ))  # fmt: skip
        is_after = fault.kind.endswith("_after")
        done = self._answer(call, request_id) if is_after else broken
        if fault.kind.startswith("hang"):
            done.hang = fault.seconds or HANG_SECONDS
        elif fault.kind.startswith("close"):
            done.is_cut = True
        else:
            if is_after and fault.keep and call.key:
                self._remember(call, broken, request_id)
            return broken
        return done

    def _answer(self, call: Call, request_id: str) -> Reply:
        try:
            check_caller(call)
            given = decode(call.query if call.method in {"GET", "DELETE"} else call.body)
            return self._once(call, given, request_id) if call.key else self._work(call, given, request_id)
        except StripeError as error:
            return _reply(error)

    def _once(self, call: Call, given: Params, request_id: str) -> Reply:
        """Do what is asked for, unless it was done under this key before."""
        if len(call.key) > LONGEST_KEY:
            raise StripeError(f"Idempotency keys can have up to {LONGEST_KEY} characters.", kind="idempotency_error")
        with self._lock:
            if call.key in self._at_work:
                raise StripeError(
                    f"There is currently another in-progress request using this Idempotent Key: {call.key}. "
                    "Please try again later.", status=409, kind="idempotency_error", code="idempotency_key_in_use",
                )  # fmt: skip
            self._at_work.add(call.key)
        try:
            return self._remembered(call) or self._work(call, given, request_id)
        finally:
            with self._lock:
                self._at_work.discard(call.key)

    def _remembered(self, call: Call) -> Reply | None:
        store = self.box.store
        found = store.rows("SELECT * FROM answer WHERE key = ?", call.key)
        if not found or found[0]["created"] < store.now() - KEY_SECONDS:
            return None
        row = found[0]
        if row["path"] != call.path:
            raise StripeError(
                "Keys for idempotent requests can only be used for the same endpoint they were first used for "
                f"('{call.path}' vs '{row['path']}'). Try using a key other than '{call.key}' if you meant to execute a "
                "different request.", kind="idempotency_error",
            )  # fmt: skip
        if row["digest"] != call.digest:
            raise StripeError(
                "Keys for idempotent requests can only be used with the same parameters they were first used with. "
                f"Try using a key other than '{call.key}' if you meant to execute a different request.",
                kind="idempotency_error",
            )
        headers = {"Idempotent-Replayed": "true", "Original-Request": row["request_id"]}
        if row["status"] >= 500:
            headers["Stripe-Should-Retry"] = "false"
        return Reply(row["status"], json.loads(row["body"]), headers)

    def _work(self, call: Call, given: Params, request_id: str) -> Reply:
        """Carry the request out and remember its answer, in one transaction."""
        box = self.box
        box.begin_request(request_id, call.key)
        try:
            with box.store.work():
                reply = Reply(200, api.answer(box, call.method, call.path, given))
                self._remember(call, reply, request_id)
            return reply
        except StripeError as error:
            reply = _reply(error)
            if error.is_final:
                self._remember(call, reply, request_id)
            return reply
        finally:
            box.end_request()

    def _remember(self, call: Call, reply: Reply, request_id: str) -> None:
        if not call.key:
            return
        with self.box.store.work():
            self.box.store.run(
                "INSERT OR REPLACE INTO answer (key, path, digest, status, body, request_id, created) VALUES (?, ?, ?, ?, ?, ?, ?)",
                call.key, call.path, call.digest, reply.status, json.dumps(reply.body), request_id, self.box.store.now(),
            )  # fmt: skip


def _reply(error: StripeError) -> Reply:
    headers = {"WWW-Authenticate": 'Basic realm="Stripe"'} if error.status == 401 else {}
    return Reply(error.status, error.answer(), headers)


def check_caller(call: Call) -> None:
    """Raise StripeError unless a test key asks, for a version that could be one of Stripe's."""
    key = secret_key(call.headers.get("Authorization") or "")
    if not key:
        raise StripeError(
            "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth "
            "(e.g. 'Authorization: Bearer YOUR_SECRET_KEY').", status=401,
        )  # fmt: skip
    if key.startswith(LIVE):
        raise StripeError(
            f"{key[:8]}… is a live key, and this is a sandbox on loopback where no money moves: it serves no live key. "
            "Leave STRIPE_API_BASE out to reach Stripe, or use a key that begins with sk_test_.", status=401,
        )  # fmt: skip
    if not key.startswith(TEST) or len(key) <= len(TEST[0]):
        raise StripeError(f"Invalid API Key provided: {key[:4]}****", status=401)
    version = call.headers.get("Stripe-Version") or API_VERSION
    if not VERSION.fullmatch(version):
        raise StripeError(f"Invalid Stripe API version: {version}")


def secret_key(header: str) -> str:
    """The key in an Authorization header, by Bearer or by Basic; empty where there is none."""
    scheme, _, value = header.partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(value, validate=True).decode().partition(":")[0]
        except ValueError:
            return ""
    return ""
