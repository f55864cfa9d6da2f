"""Messages that a test makes up and signs as Stripe does."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
import uuid
from typing import Any

from django.test import Client


def event(kind: str, about: dict[str, Any], **more: Any) -> str:
    """A message of this kind about an object."""
    made = {
        "id": f"evt_{uuid.uuid4().hex}", "object": "event", "api_version": "2026-08-26.dahlia", "created": int(time.time()),
        "livemode": False, "pending_webhooks": 1, "request": None, "type": kind, "data": {"object": about}, **more,
    }  # fmt: skip
    return json.dumps(made)


def sign(body: str | bytes, *secrets: str, at: float | None = None) -> str:
    """The header that Stripe would send with it."""
    data = body.encode() if isinstance(body, str) else body
    stamp = int(at or time.time())
    signed = [hmac.new(secret.encode(), f"{stamp}.".encode() + data, hashlib.sha256).hexdigest() for secret in secrets]
    return ",".join([f"t={stamp}", *(f"v1={each}" for each in signed)])


def post(client: Client, body: str | bytes, signature: str) -> Any:
    """Send it to the shop."""
    return client.post(
        "/stripe/webhook/", body, content_type="application/json", headers={"Stripe-Signature": signature}
    )
