"""Keys, idempotency and faults of the API: what a client may rely on when answers are lost."""

from __future__ import annotations

import base64
import threading
import time
from typing import Any

import pytest
import stripe

from tests.integration.sandbox.conftest import Make
from tests.stripe_sandbox import Answer, Sandbox

CUSTOMER = {"email": "a@example.com"}


def customers(sandbox: Sandbox) -> int:
    """How many customers were made."""
    return len(sandbox.events("customer.created"))


def make_customer(sandbox: Sandbox, key: str = "", **fields: str) -> Answer:
    """Ask for a customer, under a key."""
    headers = {"Idempotency_Key": key} if key else {}
    return sandbox.api("POST", "/customers", {**CUSTOMER, **fields}, **headers)


# --- who asks


@pytest.mark.parametrize(
    ("key", "says"),
    [
        ("sk_live_0123456789", "serves no live key"),
        ("rk_live_0123456789", "serves no live key"),
        ("pk_test_0123456789", "Invalid API Key"),
        ("sk_test_", "Invalid API Key"),
        ("", "did not provide an API key"),
    ],
)
def test_only_a_test_key_may_ask(sandbox: Sandbox, key: str, says: str) -> None:
    client = Sandbox(sandbox.address, key=key)
    answer = client.api("POST", "/customers", CUSTOMER)
    assert (answer.status, answer.json["error"]["type"]) == (401, "invalid_request_error")
    assert says in answer.json["error"]["message"]
    assert key[8:] not in answer.text or not key[8:]
    assert customers(sandbox) == 0


def test_a_key_by_basic_authentication(sandbox: Sandbox) -> None:
    basic = base64.b64encode(b"sk_test_1:").decode()
    assert sandbox.api("GET", "/customers", Authorization=f"Basic {basic}").status == 200
    assert sandbox.api("GET", "/customers", Authorization="Basic !").status == 401
    assert Sandbox(sandbox.address, key="rk_test_1").api("GET", "/customers").status == 200


def test_a_version_is_named_back(sandbox: Sandbox) -> None:
    answer = sandbox.api("GET", "/customers", Stripe_Version="2026-10-28.endive")
    assert answer.headers["Stripe-Version"] == "2026-10-28.endive"
    assert answer.headers["Request-Id"].startswith("req_")
    assert sandbox.api("GET", "/customers", Stripe_Version="newest").status == 400


# --- the same key


def test_the_same_request_under_the_same_key_is_done_once(sandbox: Sandbox) -> None:
    first, again = make_customer(sandbox, "k1"), make_customer(sandbox, "k1")
    assert (again.status, again.text) == (200, first.text)
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.headers["Original-Request"] == first.headers["Request-Id"] != again.headers["Request-Id"]
    assert customers(sandbox) == 1
    assert make_customer(sandbox, "k2").text != first.text
    (event, _) = sandbox.events("customer.created")
    assert event["request"] == {"id": first.headers["Request-Id"], "idempotency_key": "k1"}


def test_another_request_under_the_same_key_is_refused(sandbox: Sandbox) -> None:
    make_customer(sandbox, "k1")
    for answer in (
        make_customer(sandbox, "k1", name="A"),
        sandbox.api("POST", "/refunds", CUSTOMER, Idempotency_Key="k1"),
    ):
        assert (answer.status, answer.json["error"]["type"]) == (400, "idempotency_error")
        assert "'k1'" in answer.json["error"]["message"]
    assert customers(sandbox) == 1


def test_a_key_is_forgotten_after_a_day(sandbox: Sandbox) -> None:
    first = make_customer(sandbox, "k1")
    sandbox.advance(24 * 3600 + 10)
    assert make_customer(sandbox, "k1").text != first.text


def test_wrong_parameters_leave_the_key_free(sandbox: Sandbox) -> None:
    assert make_customer(sandbox, "k1", colour="blue").status == 400
    assert make_customer(sandbox, "k1").status == 200


def test_a_refusal_after_work_had_begun_stays(sandbox: Sandbox, client: stripe.StripeClient, make: Make) -> None:
    session = make()
    options = {"idempotency_key": "k1"}
    client.v1.checkout.sessions.expire(session.id)
    for _ in range(2):
        with pytest.raises(stripe.InvalidRequestError, match="status of expired") as caught:
            client.v1.checkout.sessions.expire(session.id, options=options)
    assert caught.value.headers["Idempotent-Replayed"] == "true"


def test_sixteen_at_once_under_one_key_make_one(sandbox: Sandbox) -> None:
    answers: list[Answer] = []
    start = threading.Barrier(16)

    def ask() -> None:
        start.wait()
        answers.append(make_customer(sandbox, "k1"))

    threads = [threading.Thread(target=ask) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert customers(sandbox) == 1
    assert {answer.status for answer in answers} <= {200, 409}
    assert len({answer.json["id"] for answer in answers if answer.status == 200}) == 1
    for answer in answers:
        if answer.status == 409:
            assert answer.json["error"]["code"] == "idempotency_key_in_use"


# --- faults


@pytest.mark.parametrize(
    "kind", ["error_before", "error_after", "close_before", "close_after", "hang_before", "hang_after"]
)
def test_after_a_fault_the_client_that_asks_again_gets_one_customer(sandbox: Sandbox, kind: str) -> None:
    sandbox.fault(kind, "POST /v1/customers", seconds=3)
    http = stripe.RequestsClient(timeout=1)
    client = stripe.StripeClient(
        sandbox.key, base_addresses={"api": sandbox.address}, http_client=http, max_network_retries=1
    )
    made = client.v1.customers.create(CUSTOMER)
    http.close()
    assert client.v1.customers.retrieve(made.id).email == "a@example.com"
    http.close()
    assert customers(sandbox) == 1
    first, second = [each for each in sandbox.requests() if each["method"] == "POST"]
    assert {first["fault"], second["fault"]} == {kind, None}
    assert first["key"] == second["key"] is not None


@pytest.mark.parametrize("kind", ["error_after", "close_after"])
def test_without_a_key_the_same_fault_makes_two(sandbox: Sandbox, kind: str) -> None:
    """So that the test above shows what the key is for."""
    sandbox.fault(kind, "POST /v1/customers")
    try:
        assert make_customer(sandbox).status == 500
    except ConnectionError:
        assert kind == "close_after"
    assert make_customer(sandbox).status == 200
    assert customers(sandbox) == 2


def test_an_error_that_is_kept_under_the_key_is_repeated(sandbox: Sandbox) -> None:
    sandbox.fault("error_after", "POST /v1/customers", keep=True)
    assert [make_customer(sandbox, "k1").status for _ in range(3)] == [500, 500, 500]
    assert make_customer(sandbox, "k1").headers["Stripe-Should-Retry"] == "false"
    assert customers(sandbox) == 1


def test_too_many_requests(sandbox: Sandbox, client: stripe.StripeClient) -> None:
    sandbox.fault("rate_limit", "GET /v1/*", count=2)
    for _ in range(2):
        with pytest.raises(stripe.RateLimitError):
            client.v1.customers.list()
    assert client.v1.customers.list().data == []


def test_a_fault_meets_what_it_is_for_as_often_as_asked(sandbox: Sandbox) -> None:
    sandbox.fault("error_before", "POST /v1/refunds", status=503)
    assert make_customer(sandbox).status == 200
    assert sandbox.state()["faults"] == [
        {"id": 1, "kind": "error_before", "left": 1, "match": "POST /v1/refunds", "status": 503}
    ]
    assert sandbox.api("POST", "/refunds", CUSTOMER).status == 503
    assert sandbox.api("POST", "/refunds", CUSTOMER).status == 400
    sandbox.fault("error_before", "POST /v1/refunds")
    sandbox.clear_faults()
    assert sandbox.api("POST", "/refunds", CUSTOMER).status == 400


def test_a_request_that_hangs_holds_nobody_else_up(sandbox: Sandbox) -> None:
    sandbox.fault("hang_after", "POST /v1/customers", seconds=2)
    waiting = threading.Thread(target=make_customer, args=(sandbox, "k1"))
    waiting.start()
    limit = time.monotonic() + 5
    while not customers(sandbox) and time.monotonic() < limit:
        time.sleep(0.01)
    began = time.monotonic()
    # The work is done: the same request again gets its answer, though the first still waits for it.
    assert make_customer(sandbox, "k1").headers["Idempotent-Replayed"] == "true"
    assert time.monotonic() - began < 1.5
    waiting.join()


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"kind": "explode"}, "No fault is called 'explode'"),
        ({"kind": "drop", "count": 0}, "count is 0"),
        ({"kind": "drop", "minutes": 1}, "A fault has no minutes"),
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(sandbox: Sandbox, asked: dict[str, Any], says: str) -> None:
    with pytest.raises(AssertionError, match=says):
        sandbox.control("POST", "faults", **asked)


def test_the_control_api_takes_nothing_from_a_page_in_a_browser(sandbox: Sandbox) -> None:
    plain = {"Content-Type": "text/plain"}
    assert sandbox.send("POST", "/_control/reset", None, plain, "{}").status == 415
    json = {"Content-Type": "application/json", "Host": "sandbox.example:80"}
    assert sandbox.send("POST", "/_control/reset", None, json, "{}").status == 403
    assert sandbox.send("POST", "/_control/nothing", None, {"Content-Type": "application/json"}, "{}").status == 404
