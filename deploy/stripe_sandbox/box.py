"""What every part of the sandbox is handed: the store, its own address, and which request is being answered."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any

from . import API_VERSION, faults
from .store import Object, Store, public


@dataclass
class Box:
    """One running sandbox."""

    store: Store
    address: str = "http://127.0.0.1"
    _local: threading.local = field(default_factory=threading.local)

    def begin_request(self, request_id: str, key: str) -> None:
        """Remember for this thread which API request is at work; its events name it."""
        self._local.request = {"id": request_id, "idempotency_key": key or None}

    def end_request(self) -> None:
        """No API request is at work in this thread any more."""
        self._local.request = None

    @property
    def request(self) -> Object:
        """The API request that is at work, as events name it."""
        return getattr(self._local, "request", None) or {"id": None, "idempotency_key": None}

    def emit(self, name: str, body: Object, **previous: Any) -> Object:
        """Write down an event with the object as it is now, and queue its delivery.

        `previous` holds what the changed members were before.
        """
        store = self.store
        event: Object = {
            "id": store.new_id("evt"),
            "object": "event",
            "api_version": API_VERSION,
            "created": store.now(),
            "data": {"object": public(body), **({"previous_attributes": previous} if previous else {})},
            "livemode": False,
            "pending_webhooks": 1 if store.setting("webhook_url") else 0,
            "request": self.request,
            "type": name,
        }
        store.add(event)
        faults.queue_delivery(store, event)
        return event
