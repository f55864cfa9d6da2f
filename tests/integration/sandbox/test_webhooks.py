"""The sandbox's webhooks, received by a small server of the test's: signatures, order, retries, and what a bad network does."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import stripe

from tests.integration.sandbox.conftest import Make
from tests.stripe_sandbox import Sandbox

PAID = [
    "payment_intent.created", "charge.succeeded", "payment_intent.succeeded", "checkout.session.completed", "charge.updated",
]  # fmt: skip


class Ear(ThreadingHTTPServer):
    """Hears webhooks, and answers with the next of `statuses`, or 200."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.heard: list[tuple[bytes, str]] = []
        self.statuses: list[int] = []
        self.url = f"http://127.0.0.1:{self.server_port}/stripe/webhook/"

    def events(self, secret: str) -> list[stripe.Event]:
        """What was heard, each verified as the shop does it."""
        return [stripe.Webhook.construct_event(body, signature, secret) for body, signature in self.heard]

    def types(self, secret: str) -> list[str]:
        """The types of what was heard."""
        return [event.type for event in self.events(secret)]

    def wait_for(self, count: int) -> None:
        """Return when so many were heard; fail where they are not within five seconds."""
        limit = time.monotonic() + 5
        while len(self.heard) < count:
            assert time.monotonic() < limit, f"heard {len(self.heard)} of {count}"
            time.sleep(0.01)


class Handler(BaseHTTPRequestHandler):
    """One webhook."""

    server: Ear

    def do_POST(self) -> None:
        """Hear it."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append((body, self.headers["Stripe-Signature"]))
        self.send_response(self.server.statuses.pop(0) if self.server.statuses else 200)
        self.send_header("Location", "/elsewhere/")
        self.end_headers()

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def ear(sandbox: Sandbox) -> Iterator[Ear]:
    """An ear that the sandbox knows; it sends nothing by itself until `resume`."""
    server = Ear()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    sandbox.pause()
    sandbox.webhook(server.url)
    yield server
    sandbox.webhook("")
    server.shutdown()
    thread.join()
    server.server_close()


def test_events_are_signed_and_come_in_order(sandbox: Sandbox, ear: Ear, make: Make) -> None:
    session = make()
    sandbox.pay(session.url)
    assert [sent["status"] for sent in sandbox.flush()] == [200] * 5
    assert ear.types(sandbox.secret) == PAID
    assert ear.events(sandbox.secret)[3].data.object.id == session.id
    assert sandbox.flush() == []
    with pytest.raises(stripe.SignatureVerificationError):
        ear.events("whsec_another")
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(ear.heard[0][0] + b" ", ear.heard[0][1], sandbox.secret)


def test_signatures_are_of_now_although_the_sandboxs_clock_was_put_forward(
    sandbox: Sandbox, ear: Ear, make: Make
) -> None:
    make()
    sandbox.advance(25 * 3600)
    sandbox.flush()
    assert ear.types(sandbox.secret) == ["checkout.session.expired"]


def test_while_a_secret_is_rolled_both_fit(sandbox: Sandbox, ear: Ear, make: Make) -> None:
    sandbox.webhook(ear.url, "whsec_old,whsec_new")
    sandbox.pay(make().url)
    sandbox.flush()
    assert ear.types("whsec_old") == ear.types("whsec_new") == PAID
    sandbox.webhook("", sandbox.secret)


def test_they_come_by_themselves(sandbox: Sandbox, ear: Ear, make: Make) -> None:
    sandbox.pay(make().url)
    assert ear.heard == []
    sandbox.resume()
    ear.wait_for(5)
    assert sorted(ear.types(sandbox.secret)) == sorted(PAID)


@pytest.mark.parametrize("status", [500, 404, 302])
def test_what_is_not_taken_is_sent_again_later(sandbox: Sandbox, ear: Ear, make: Make, status: int) -> None:
    make()
    sandbox.advance(25 * 3600)
    ear.statuses = [status] * 3
    sandbox.flush()
    (delivery,) = sandbox.deliveries()
    assert (delivery["state"], delivery["attempts"], delivery["status"]) == ("queued", 1, status)
    # After 1 second, then 2, then 4; not before.
    for attempt, wait in ((2, 1), (3, 2), (4, 4)):
        assert sandbox.take(everything=False) == []
        sandbox.advance(wait)
        sandbox.resume()
        ear.wait_for(attempt)
        sandbox.pause()
    assert len({body for body, _ in ear.heard}) == 1
    assert [delivery["state"] for delivery in sandbox.deliveries()] == ["delivered"]
    assert sandbox.events()[0]["pending_webhooks"] == 0


def test_after_three_days_it_is_given_up(sandbox: Sandbox, ear: Ear, make: Make) -> None:
    make()
    sandbox.advance(25 * 3600)
    sandbox.advance(3 * 86400)
    ear.statuses = [500]
    sandbox.flush()
    assert [delivery["state"] for delivery in sandbox.deliveries()] == ["given up"]
    assert sandbox.flush() == []


def test_a_shop_that_is_not_there_is_tried_again(sandbox: Sandbox, make: Make) -> None:
    sandbox.webhook("http://127.0.0.1:9/stripe/webhook/")
    sandbox.pause()
    make()
    sandbox.advance(25 * 3600)
    (sent,) = sandbox.flush()
    assert sent["status"] is None
    assert "refused" in sent["said"]
    assert sandbox.deliveries()[0]["state"] == "queued"


# --- a bad network


def test_twice(sandbox: Sandbox, ear: Ear, make: Make) -> None:
    sandbox.fault("duplicate", "checkout.session.*")
    sandbox.pay(make().url)
    sandbox.flush()
    assert ear.types(sandbox.secret) == [*PAID[:4], *PAID[3:]]
    events = ear.events(sandbox.secret)
    assert events[3].id == events[4].id


def test_never(sandbox: Sandbox, ear: Ear, make: Make, client: stripe.StripeClient) -> None:
    sandbox.fault("drop", "checkout.session.completed")
    sandbox.pay(make().url)
    sandbox.flush()
    assert ear.types(sandbox.secret) == [*PAID[:3], *PAID[4:]]
    # It happened all the same, as whoever asks is told.
    assert len(client.v1.events.list({"type": "checkout.session.completed"}).data) == 1
    lost = client.v1.events.list({"delivery_success": False}).data
    assert [event.type for event in lost] == ["checkout.session.completed"]


def test_in_another_order(sandbox: Sandbox, ear: Ear, make: Make) -> None:
    sandbox.fault("reorder", count=5)
    sandbox.pay(make().url)
    sandbox.resume()
    ear.wait_for(5)
    sandbox.pause()
    assert sandbox.state()["faults"] == []
    ear.heard.clear()
    sandbox.fault("reorder", "payment_intent.*", count=2)
    sandbox.pay(make().url)
    sandbox.flush()
    assert ear.types(sandbox.secret) == [PAID[2], PAID[1], PAID[0], *PAID[3:]]


def test_reordering_keeps_back_what_is_not_complete(sandbox: Sandbox, ear: Ear, make: Make) -> None:
    sandbox.fault("reorder", count=9)
    sandbox.pay(make().url)
    assert sandbox.take(everything=False) == []
    sandbox.flush()
    assert ear.types(sandbox.secret) == PAID[::-1]


def test_late(sandbox: Sandbox, ear: Ear, make: Make) -> None:
    sandbox.fault("delay", "checkout.session.completed", seconds=3600)
    sandbox.pay(make().url)
    sandbox.resume()
    ear.wait_for(4)
    assert "checkout.session.completed" not in ear.types(sandbox.secret)
    sandbox.advance(3601)
    ear.wait_for(5)
    assert ear.types(sandbox.secret)[-1] == "checkout.session.completed"


# --- delivered by a test


class Client:
    """Django's test client, as far as `deliver` uses it."""

    def __init__(self, *statuses: int) -> None:
        self.statuses = list(statuses)
        self.posted: list[tuple[str, str, str]] = []

    def post(self, path: str, body: str, *, content_type: str, headers: dict[str, str]) -> Client:
        """Take one."""
        self.posted.append((path, body, headers["Stripe-Signature"]))
        self.status_code = self.statuses.pop(0)
        return self


def test_a_test_delivers_without_a_network(sandbox: Sandbox, make: Make) -> None:
    sandbox.pay(make().url)
    client = Client(200, 200, 500, 200, 200)
    assert sandbox.deliver(client) == [200, 200, 500, 200, 200]
    assert {path for path, _, _ in client.posted} == {"/stripe/webhook/"}
    assert [
        stripe.Webhook.construct_event(body, signed, sandbox.secret).type for _, body, signed in client.posted
    ] == PAID
    assert sandbox.deliver(again := Client(200)) == [200]
    assert "payment_intent.succeeded" in again.posted[0][1]
    assert sandbox.deliver(Client()) == []
