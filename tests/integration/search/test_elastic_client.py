"""One question, one answer soon, or Unavailable: with servers that refuse, are slow, dribble or answer garbage."""

from __future__ import annotations

import socket
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.cache import cache

from search.elastic import breaker, client
from search.elastic.breaker import Breaker
from tests.integration.search.elastic_servers import (
    FINE,
    dribbling,
    dribbling_body,
    fine,
    saying,
    server,
    slow,
    whole,
)

QUESTION: dict[str, Any] = {"query": {"match_all": {}}}
# The limit, and what a busy machine adds to it.
WITHIN = client.SEARCH_SECONDS + 0.35


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The breaker's time, which passes when it is told to."""
    now = [1000.0]
    monkeypatch.setattr(breaker.time, "time", lambda: now[0])
    return now


def asked(settings: Any, address: str) -> tuple[Any, float]:
    """The answer or the failure, and how long it took."""
    settings.ELASTICSEARCH_URL = address
    started = time.monotonic()
    try:
        return client.ask(QUESTION), time.monotonic() - started
    except client.Unavailable as error:
        return error, time.monotonic() - started


def test_an_answer_is_given_back_and_the_connection_kept(settings: Any) -> None:
    with server(fine) as (address, requests):
        assert asked(settings, address)[0] == FINE
        assert asked(settings, address)[0] == FINE
    assert requests[0].startswith(b"POST /masthead-products/_search")
    assert client.SEARCHING.state() == "closed"


def test_without_an_address_nobody_is_asked(settings: Any) -> None:
    settings.ELASTICSEARCH_URL = ""
    with pytest.raises(client.Unavailable, match="not set"):
        client.ask(QUESTION)
    assert client.SEARCHING.opened() is None


def test_who_refuses_is_left_alone_at_once(settings: Any) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{probe.getsockname()[1]}"
    failure, seconds = asked(settings, address)
    assert isinstance(failure, client.Unavailable)
    assert seconds < WITHIN
    assert "refused" in client.SEARCHING.state()


@pytest.mark.parametrize("behave", [slow, dribbling, dribbling_body], ids=lambda behave: behave.__name__)
def test_who_is_slow_costs_one_visitor_the_limit_and_the_next_ones_nothing(settings: Any, behave: Any) -> None:
    with server(behave) as (address, requests):
        failure, seconds = asked(settings, address)
        assert isinstance(failure, client.Unavailable)
        assert client.SEARCH_SECONDS - 0.05 <= seconds < WITHIN
        failure, seconds = asked(settings, address)
        assert isinstance(failure, client.Unavailable)
        assert seconds < 0.05
    assert len(requests) == 1


@pytest.mark.parametrize(
    "answer",
    [
        whole(b"", b"500 Internal Server Error"),
        whole(b'{"error": {"type": "x"}, "status": 503}', b"503 Service Unavailable"),
        whole(b'{"error": "too many", "status": 429}', b"429 Too Many Requests"),
        whole(b"<html><title>Welcome to nginx!</title></html>", content_type=b"text/html"),
        whole(b'{"took": 1, "hits": '),
        whole(b'{"took": 1}'),
        whole(b"[1, 2, 3]"),
        whole(b"\xff\xfe\x00\x01"),
        whole(b'{"hits": {"hits": []}, "timed_out": true}'),
        whole(b'{"hits": {"hits": []}, "_shards": {"total": 2, "failed": 1}}'),
        b"SSH-2.0-OpenSSH_9.2p1\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}",
        b"",
    ],
    ids=["500", "503", "429", "html", "half", "no hits", "list", "bytes", "timed out", "shards", "ssh", "other", "closed"],
)  # fmt: skip
def test_garbage_is_no_answer(settings: Any, answer: bytes) -> None:
    def behave(connection: socket.socket) -> None:
        connection.sendall(answer)
        connection.shutdown(socket.SHUT_RDWR)

    with server(behave) as (address, _):
        failure, seconds = asked(settings, address)
    assert isinstance(failure, client.Unavailable)
    assert not isinstance(failure, client.Refused)
    assert seconds < WITHIN
    assert client.SEARCHING.opened() is not None


@pytest.mark.parametrize("status", [b"400 Bad Request", b"404 Not Found"])
def test_a_refused_question_is_our_own_fault_and_others_are_asked_on(settings: Any, status: bytes) -> None:
    with server(saying(whole(b'{"error": {"type": "parsing_exception"}}', status))) as (address, _):
        assert isinstance(asked(settings, address)[0], client.Refused)
    assert client.SEARCHING.state() == "closed"


def test_several_questions_are_one_request(settings: Any) -> None:
    two = b'{"responses": [{"hits": {"hits": [1]}}, {"hits": {"hits": [2]}}]}'
    with server(saying(whole(two))) as (address, requests):
        settings.ELASTICSEARCH_URL = address
        assert [one["hits"]["hits"] for one in client.ask_many([QUESTION, QUESTION])] == [[1], [2]]
    assert len(requests) == 1
    assert requests[0].count(b"match_all") == 2


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (b'{"responses": [{"hits": {}}]}', client.Unavailable),
        (b'{"responses": [{"hits": {}}, {"status": 404, "error": {"type": "index_not_found"}}]}', client.Refused),
        (b'{"responses": [{"hits": {}}, {"status": 503, "error": {"type": "all shards failed"}}]}', client.Unavailable),
    ],
)
def test_one_of_several_that_fails_fails_them_all(settings: Any, answer: bytes, kind: Any) -> None:
    with server(saying(whole(answer))) as (address, _):
        settings.ELASTICSEARCH_URL = address
        with pytest.raises(client.Unavailable) as failure:
            client.ask_many([QUESTION, QUESTION])
    assert failure.type is kind


def test_the_pause_grows_and_an_answer_ends_it(clock: list[float]) -> None:
    held = Breaker("test")
    pauses = []
    for _ in range(6):
        held.failed(clock[0], "no answer")
        opened = held.opened()
        assert opened is not None
        pauses.append(opened.until - clock[0])
        assert not held.allows()
        clock[0] = opened.until
        assert held.allows()
    assert pauses == [5, 10, 20, 40, 60, 60]
    held.succeeded(clock[0])
    assert held.state() == "closed"
    held.failed(clock[0] + 1, "no answer")
    assert held.opened().until == clock[0] + 5


def test_one_request_at_a_time_looks_whether_it_is_back(clock: list[float]) -> None:
    held = Breaker("test")
    held.failed(clock[0], "no answer")
    clock[0] += 6
    assert [held.allows() for _ in range(3)] == [True, False, False]
    # Whoever looked never came back: somebody else may.
    cache.delete(f"breaker:{held.name}:probe")
    assert held.allows()


def test_failures_of_requests_that_were_under_way_count_once(clock: list[float]) -> None:
    held = Breaker("test")
    clock[0] += 1
    held.failed(1000.5, "no answer")
    held.failed(1000.6, "no answer")
    assert held.opened().failures == 1
    # An answer to something asked before the failure says nothing about now.
    held.succeeded(1000.4)
    assert held.opened() is not None


def test_it_comes_back_by_itself(settings: Any, clock: list[float]) -> None:
    behaviours = [slow, fine]
    with server(lambda connection: behaviours[0](connection)) as (address, _):
        assert isinstance(asked(settings, address)[0], client.Unavailable)
        behaviours.pop(0)
        assert isinstance(asked(settings, address)[0], client.Unavailable)
        clock[0] += 5
        assert asked(settings, address)[0] == FINE
        assert client.SEARCHING.state() == "closed"


def test_twenty_at_once_are_all_answered_within_the_limit(settings: Any) -> None:
    with server(slow) as (address, _), ThreadPoolExecutor(20) as pool:
        settings.ELASTICSEARCH_URL = address
        results = list(pool.map(lambda _: asked(settings, address), range(20)))
    assert all(isinstance(found, client.Unavailable) for found, _ in results)
    assert max(seconds for _, seconds in results) < WITHIN + 0.5
