"""Elasticsearch for the pages: one question, one answer soon, or `Unavailable`, upon which the database answers.

    answer = client.ask({"query": …, "size": 24})          # of the products' index
    first, second = client.ask_many([…, …])                 # several at once

Nothing is retried. After a failure nobody asks for a few seconds (breaker.py), so that an outage costs one visitor the
limit and the others nothing.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

from django.conf import settings

from .breaker import Breaker

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch

logger = logging.getLogger(__name__)

Answer = TypeVar("Answer")
PRODUCTS = "products"
# For a whole answer, the last byte included. A page has to be there within a second, with the database's answer if need be.
SEARCH_SECONDS = 0.8
WRITE_SECONDS = 30.0
# For seeing whether it is there, which the worker does before it writes anything.
PROBE_SECONDS = 2.0
# Connections that a process keeps.
KEPT = 8
SEARCHING = Breaker("elasticsearch")
JSON = {"accept": "application/json", "content-type": "application/json"}
LINES = {"accept": "application/json", "content-type": "application/x-ndjson"}


class Unavailable(Exception):  # noqa: N818  (it says what is so, not that somebody erred)
    """Elasticsearch is not there, too slow, or out of its mind. The database answers instead."""


class Refused(Unavailable):
    """It answers, but not this: the index is missing, or the question is one that it does not take."""


def is_configured() -> bool:
    """Whether the shop has an Elasticsearch at all."""
    return bool(settings.ELASTICSEARCH_URL)


def alias(kind: str = PRODUCTS) -> str:
    """The name under which an index is asked, whichever one it is just now."""
    return f"{settings.SEARCH_INDEX_PREFIX}-{kind}"


def ask(body: Mapping[str, Any], *, kind: str = PRODUCTS, needs: Sequence[str] = ("hits",)) -> dict[str, Any]:
    """What a search answers. Raises Unavailable where it does not, or where the answer lacks what `needs` names."""
    return _asked(f"/{alias(kind)}/_search", body, JSON, lambda answer: _checked(answer, needs))


def ask_many(bodies: Sequence[Mapping[str, Any]], *, needs: Sequence[Sequence[str]] = ()) -> list[dict[str, Any]]:
    """What several searches of the products' index answer, asked at once. Raises Unavailable where one of them does not.

    `needs` names for each of them what its answer has to have, "hits" where it is left out.
    """
    wanted = needs or [("hits",)] * len(bodies)
    return _asked_at_once(bodies, lambda found: [_checked(*pair) for pair in zip(found, wanted, strict=True)])


def ask_with(
    bodies: Sequence[Mapping[str, Any]], other: Mapping[str, Any], *, needs: Sequence[Sequence[str]]
) -> tuple[list[dict[str, Any]], dict[str, Any] | None]:
    """What `ask_many` answers, and in the same exchange another search's hits: None where that one is refused or fails."""

    def checked(found: list[Any]) -> tuple[list[dict[str, Any]], dict[str, Any] | None]:
        first = [_checked(one, wanted) for one, wanted in zip(found[:-1], needs, strict=False)]
        try:
            return first, _checked(found[-1], ("hits",))
        except Unavailable as error:
            logger.info("Elasticsearch does not answer a search that others can do without: %s", error)
            return first, None

    return _asked_at_once([*bodies, other], checked)


def _asked_at_once(bodies: Sequence[Mapping[str, Any]], read: Callable[[list[Any]], Answer]) -> Answer:
    """What `read` makes of the answers to these searches, of which there is one each."""

    def checked(answer: Any) -> Answer:
        found = _checked(answer, ("responses",))["responses"]
        if not isinstance(found, list) or len(found) != len(bodies):
            raise Unavailable(f"it was asked {len(bodies)} questions and answers something else")
        return read(found)

    return _asked(f"/{alias()}/_msearch", [line for body in bodies for line in ({}, body)], LINES, checked)


def _asked(path: str, body: Any, headers: Mapping[str, str], read: Callable[[Any], Answer]) -> Answer:
    if not is_configured():
        raise Unavailable("ELASTICSEARCH_URL is not set")
    if not SEARCHING.allows():
        raise Unavailable("it failed a moment ago and is left alone")
    started = time.time()
    try:
        answer = read(perform(searching(), "POST", path, headers, body))
    except Refused as error:
        SEARCHING.succeeded(started)
        logger.warning("Elasticsearch does not answer a search, so the database does: %s", error)
        raise
    except Unavailable as error:
        SEARCHING.failed(started, str(error))
        logger.warning("Elasticsearch failed, so the database answers: %s", error)
        raise
    SEARCHING.succeeded(started)
    return answer


def perform(client: Elasticsearch, method: str, path: str, headers: Mapping[str, str], body: Any = None) -> Any:
    """One exchange: the answer as JSON. Raises Unavailable for whatever goes wrong with it, Refused for a 400 or 404."""
    from elasticsearch import ApiError, TransportError

    try:
        return client.perform_request(method, path, headers=dict(headers), body=body).body
    except ApiError as error:
        status = error.meta.status
        kind = Refused if status in {400, 404, 405, 409, 413} else Unavailable
        raise kind(f"{status}: {error.message}"[:500]) from error
    except (TransportError, ValueError, RecursionError, OSError) as error:
        # The text of such an error is only its kind.
        raise Unavailable(f"{type(error).__name__}: {getattr(error, 'message', error)}"[:500]) from error


def _checked(answer: Any, needs: Sequence[str]) -> dict[str, Any]:
    if not isinstance(answer, dict):
        raise Unavailable("it answers something that is no JSON object")
    if error := answer.get("error"):
        kind = Refused if answer.get("status") in {400, 404} else Unavailable
        raise kind(f"{answer.get('status')}: {error}"[:500])
    if missing := [name for name in needs if name not in answer]:
        raise Unavailable(f"its answer lacks {', '.join(missing)}")
    shards = answer.get("_shards")
    if answer.get("timed_out") or (isinstance(shards, dict) and shards.get("failed")):
        raise Unavailable("its answer is not whole")
    return answer


def searching() -> Elasticsearch:
    """The client for what a visitor waits for."""
    return _client(settings.ELASTICSEARCH_URL, SEARCH_SECONDS, os.getpid())


def probing() -> Elasticsearch:
    """The client for whoever only wants to know how things stand."""
    return _client(settings.ELASTICSEARCH_URL, PROBE_SECONDS, os.getpid())


def writing() -> Elasticsearch:
    """The client for the worker and for commands."""
    return _client(settings.ELASTICSEARCH_URL, WRITE_SECONDS, os.getpid())


@lru_cache(maxsize=8)
def _client(address: str, seconds: float, process: int) -> Elasticsearch:
    """One a process: connections are not shared with a child."""
    from elasticsearch import Elasticsearch

    from .deadline import LimitedNode

    return Elasticsearch(
        address,
        node_class=LimitedNode,
        request_timeout=seconds,
        connections_per_node=KEPT,
        max_retries=0,
        retry_on_timeout=False,
        retry_on_status=(),
        sniff_on_start=False,
    )
