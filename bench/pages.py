"""Requests, kinds of page, and whether a page is what it should be before anything is measured."""

from __future__ import annotations

import gzip
import http.client
import re
import statistics
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import count, islice

KINDS = ("category", "product", "search", "search-new", "suggest", "story", "basket-add")
# Of a kind whose requests are made once each, so many are looked at ahead.
LOOKED_AT = 8


class PageError(Exception):
    """A page is not what it should be, or nobody answers."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it is sent, again and again."""

    path: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of page: requests that are sent in turn, and what each answer must show.

    Written strictly: an empty list is answered very fast.
    """

    requests: tuple[Request, ...]
    expect: int = 200
    contains: tuple[str, ...] = ()
    items: str = ""
    fewest_items: int = 0
    set_cookie: str = ""
    # Whether each request is to be sent once: then `take` gives those that are left, one after another.
    once: bool = False
    taken: Iterator[int] = field(default_factory=count, compare=False)

    def take(self, number: int) -> tuple[Request, ...]:
        """The requests for one run. Raises PageError where too few are left of those that are sent once."""
        if not self.once:
            return self.requests
        found = [self.requests[place] for place in islice(self.taken, number) if place < len(self.requests)]
        if len(found) < number:
            raise PageError(f"{len(self.requests):,} requests that are sent once each are too few for so many rounds")
        return tuple(found)

    def at(self, port: int) -> Kind:
        """The same, asked of another port."""
        host = {"Host": f"127.0.0.1:{port}"}
        asked = tuple(replace(one, headers={**one.headers, **host}) for one in self.requests)
        return replace(self, requests=asked, taken=count())


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes
    seconds: float

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")

    @property
    def cookies(self) -> list[str]:
        """Name and value of each cookie that it sets."""
        return [cookie.split(";", 1)[0] for cookie in self.headers.get_all("Set-Cookie") or []]


@dataclass(frozen=True, slots=True)
class Seen:
    """What the pages of a kind looked like, on average."""

    requests: int
    body_bytes: int
    gzip_bytes: int
    items: float | None


@dataclass(frozen=True, slots=True)
class Target:
    """A shop that is running: where it listens, and the root processes of all that works for it."""

    name: str
    shop: str
    size: int
    port: int
    trees: Mapping[str, int]
    kinds: Mapping[str, Kind]

    def connect(self) -> http.client.HTTPConnection:
        """A connection that is kept where the server keeps it, and opened again where it does not."""
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)


def ask(connection: http.client.HTTPConnection, request: Request) -> Answer:
    """Send one request and read the whole answer."""
    began = time.perf_counter()
    connection.request(request.method, request.path, body=request.body, headers=dict(request.headers))
    response = connection.getresponse()
    body = response.read()
    return Answer(response.status, response.headers, body, time.perf_counter() - began)


def complaints(kind: Kind, answer: Answer) -> list[str]:
    """What is wrong with an answer; empty where it is what the kind promises."""
    if answer.status != kind.expect:
        return [f"status {answer.status}, not {kind.expect}"]
    wrong = [f"{text!r} is not in the page" for text in kind.contains if text not in answer.text]
    if kind.items and (found := count_items(kind, answer)) < kind.fewest_items:
        wrong.append(f"{found} products, fewer than {kind.fewest_items}")
    if kind.set_cookie and not any(cookie.startswith(f"{kind.set_cookie}=") for cookie in answer.cookies):
        wrong.append(f"no cookie {kind.set_cookie}: nothing was added")
    return wrong


def count_items(kind: Kind, answer: Answer) -> int:
    """How many products a page shows."""
    return len(re.findall(kind.items, answer.text))


def look_at(target: Target) -> dict[str, Seen]:
    """Ask for every request once, which warms the shop up too. Raises PageError naming each page that is wrong."""
    wrong: list[str] = []
    seen: dict[str, Seen] = {}
    for name, kind in target.kinds.items():
        connection, answers = target.connect(), []
        for request in kind.take(LOOKED_AT):
            answer = ask(connection, request)
            answers.append(answer)
            wrong += [f"{target.name} {request.path}: {what}" for what in complaints(kind, answer)]
        connection.close()
        seen[name] = Seen(
            requests=len(answers),
            body_bytes=round(statistics.mean(len(answer.body) for answer in answers)),
            gzip_bytes=round(statistics.mean(len(gzip.compress(answer.body, 6)) for answer in answers)),
            items=statistics.mean(count_items(kind, answer) for answer in answers) if kind.items else None,
        )
    if wrong:
        raise PageError("pages are not what they should be, so nothing was measured:\n  " + "\n  ".join(wrong))
    return seen
