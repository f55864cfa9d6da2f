"""The Stripe sandbox for tests: a real server in a process of its own, and what a buyer, a bank or a bad network does with it."""

from __future__ import annotations

import http.client
import json
import re
import sys
from contextlib import closing
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings

sys.path.insert(0, str(Path(settings.BASE_DIR) / "deploy"))
from stripe_sandbox import launcher

__all__ = ["Answer", "Sandbox", "launcher"]
CARD = "4242424242424242"
WEBHOOK = "/stripe/webhook/"


@dataclass(frozen=True)
class Answer:
    """What a server said."""

    status: int
    location: str
    headers: dict[str, str]
    text: str

    @property
    def json(self) -> Any:
        """The body, read."""
        return json.loads(self.text)


@dataclass(frozen=True)
class Sandbox:
    """A running sandbox. Its clock is the machine's until `advance`."""

    address: str
    key: str = launcher.KEY
    secret: str = launcher.SECRET

    # --- the buyer

    def pay(
        self,
        url: str,
        card: str = CARD,
        *,
        iban: str = "",
        saved: str = "",
        way: str = "",
        keep: bool = False,
        email: str = "buyer@example.com",
        challenge: bool | None = True,
        **typed: str,
    ) -> Answer:
        """Fill in the hosted page and press the button: a card, an `iban`, a `saved` card's name, or another `way`.

        What 3-D Secure or a bank's page asks is completed (`challenge=True`), failed (False) or left alone (None). Paid is
        a redirect to the shop: `answer.location` is its address; declined is 402, wrong fields are 422.
        """
        chosen = way or saved or ("sepa_debit" if iban else "card")
        fields = {
            "way": chosen, "email": email, "number": card, "expiry": "12/34", "cvc": "123", "iban": iban, "name": "Test Buyer",
            "keep": "yes" if keep else "", **typed,
        }  # fmt: skip
        answer = self.send("POST", url, fields)
        if challenge is None or "/c/3ds/" not in answer.location:
            return answer
        return self.answer_challenge(answer.location, passed=challenge)

    def answer_challenge(self, url: str, *, passed: bool) -> Answer:
        """Answer the page of the bank."""
        return self.send("POST", url, {"answer": "complete" if passed else "fail"})

    def close(self, url: str) -> str:
        """Look at the hosted page and leave; where its link back to the shop leads."""
        page = self.send("GET", url)
        found = re.search(r'<a href="([^"]+)">(?:Back to the shop|Zurück zum Shop)', page.text)
        assert found, page.text
        return unescape(found[1])

    # --- time, bank, network

    def advance(self, seconds: float) -> None:
        """Put the sandbox's clock forward: sessions expire, debits are answered, webhooks are tried again."""
        self.control("POST", "advance", seconds=seconds)

    def put_clock_right(self) -> None:
        """Let its clock be the machine's again: a page that is opened for an hour has one before it."""
        self.control("DELETE", "advance")

    def fault(self, kind: str, match: str = "*", count: int = 1, **more: Any) -> None:
        """Have the next `count` things that match go wrong.

        Webhooks (match is a type, as `checkout.session.*`): duplicate, reorder, delay (seconds=), drop. Calls (match is
        `POST /v1/refunds`): error_before, error_after (status=, keep=True keeps the error under the key), hang_before,
        hang_after (seconds=), close_before, close_after, rate_limit.
        """
        self.control("POST", "faults", kind=kind, match=match, count=count, **more)

    def clear_faults(self) -> None:
        """Take back what has not gone wrong yet."""
        self.control("DELETE", "faults")

    def dispute(self, payment_intent: str, reason: str = "fraudulent", **more: Any) -> dict[str, Any]:
        """Have the buyer complain to the bank."""
        return dict(self.control("POST", "dispute", payment_intent=payment_intent, reason=reason, **more))

    def close_dispute(self, dispute: str, status: str) -> dict[str, Any]:
        """Have the bank decide: won or lost."""
        return dict(self.control("POST", "dispute/close", id=dispute, status=status))

    def set_refund(self, refund: str, status: str) -> dict[str, Any]:
        """Bring a refund to another state: succeeded, failed, pending or requires_action."""
        return dict(self.control("POST", "refund", id=refund, status=status))

    # --- webhooks

    def webhook(self, url: str, secret: str | None = None) -> None:
        """Send events to this address by itself; with another secret (two by a comma while one is rolled)."""
        self.control("POST", "webhook", url=url, **({} if secret is None else {"secret": secret}))

    def pause(self) -> None:
        """Send nothing by itself."""
        self.control("POST", "pause")

    def resume(self) -> None:
        """Send by itself again."""
        self.control("POST", "resume")

    def flush(self) -> list[dict[str, Any]]:
        """Send everything now, in order, also what is paused, delayed or held back; what the shop answered to each."""
        return list(self.control("POST", "flush")["sent"])

    def take(self, *, everything: bool = True) -> list[dict[str, Any]]:
        """What is to be sent, in order and signed: `body`, `signature`, `type`, `event`, `delivery`. For `deliver`, or a test.

        With `everything=False` what is delayed or held back stays.
        """
        return list(self.control("POST", "take", everything=everything)["parcels"])

    def deliver(self, client: Any, path: str = WEBHOOK, *, everything: bool = True) -> list[int]:
        """Send what is to be sent by a test client instead of the network; the statuses answered. Faults hold here too."""
        statuses = []
        for parcel in self.take(everything=everything):
            answer = client.post(
                path, parcel["body"], content_type="application/json", headers={"Stripe-Signature": parcel["signature"]}
            )
            self.control("POST", "record", delivery=parcel["delivery"], status=answer.status_code)
            statuses.append(answer.status_code)
        return statuses

    # --- looking

    def events(self, kind: str = "") -> list[dict[str, Any]]:
        """Every event, oldest first; with `kind`, of that type."""
        found = self.control("GET", "events")["events"]
        return [event for event in found if not kind or event["type"] == kind]

    def types(self) -> list[str]:
        """The types of every event, oldest first."""
        return [event["type"] for event in self.events()]

    def deliveries(self) -> list[dict[str, Any]]:
        """Every delivery: state (queued, delivered, dropped, given up …), attempts, status."""
        return list(self.control("GET", "deliveries")["deliveries"])

    def requests(self) -> list[dict[str, Any]]:
        """Every call of the API: method, path, status, key, fault."""
        return list(self.control("GET", "requests")["requests"])

    def state(self) -> dict[str, Any]:
        """How the sandbox stands: now, next, faults, deliveries by state."""
        return dict(self.control("GET", "state"))

    def reset(self) -> None:
        """As if just started."""
        self.control("POST", "reset")
        self.control("POST", "webhook", url="", secret=self.secret)

    def api(self, method: str, path: str, fields: dict[str, Any] | None = None, **headers: str) -> Answer:
        """One call of the API as it is, without Stripe's client; headers are written with underscores."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.send(method, f"/v1{path}", fields, {"Authorization": f"Bearer {self.key}", **given})

    def control(self, method: str, path: str, **given: Any) -> Any:
        """One call of the control API."""
        answer = self.send(method, f"/_control/{path}", None, {"Content-Type": "application/json"}, json.dumps(given))
        assert answer.status == 200, answer.text
        return answer.json

    def send(
        self,
        method: str,
        url: str,
        fields: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        body: str = "",
    ) -> Answer:
        """One request to the sandbox; follows no redirect."""
        place = urlsplit(self.address)
        with closing(http.client.HTTPConnection(place.hostname or "", place.port, timeout=60)) as connection:
            path = urlsplit(url)._replace(scheme="", netloc="").geturl()
            sent = {"Content-Type": "application/x-www-form-urlencoded", **(headers or {})}
            connection.request(method, path, urlencode(fields) if fields else body, sent)
            answer = connection.getresponse()
            text = answer.read().decode()
            return Answer(answer.status, answer.headers.get("Location", ""), dict(answer.headers.items()), text)
