"""Servers in the place of Elasticsearch that behave badly, each in a way of its own."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nX-Elastic-Product: Elasticsearch\r\n"
FINE = {"took": 1, "timed_out": False, "_shards": {"total": 1, "failed": 0}, "hits": {"hits": []}}


def whole(body: bytes, status: bytes = b"200 OK", content_type: bytes = b"application/json") -> bytes:
    """An answer with its length."""
    return (
        b"HTTP/1.1 " + status + b"\r\ncontent-type: " + content_type + b"\r\nX-Elastic-Product: Elasticsearch\r\n"
        b"content-length: " + str(len(body)).encode() + b"\r\n\r\n" + body
    )


def fine(connection: socket.socket) -> None:
    """As it should be."""
    connection.sendall(whole(json.dumps(FINE).encode()))


def saying(answer: bytes) -> Callable[[socket.socket], None]:
    """These bytes and nothing more."""
    return lambda connection: connection.sendall(answer)


def slow(connection: socket.socket) -> None:
    """Every answer after ten seconds."""
    time.sleep(10)
    fine(connection)


def dribbling(connection: socket.socket) -> None:
    """A byte at a time, each of them soon."""
    for byte in whole(json.dumps(FINE).encode()):
        connection.sendall(bytes([byte]))
        time.sleep(0.1)


def dribbling_body(connection: socket.socket) -> None:
    """The head at once, and the body a byte at a time."""
    connection.sendall(HEAD + b"content-length: 1000\r\n\r\n")
    for _ in range(1000):
        connection.sendall(b" ")
        time.sleep(0.1)


@contextmanager
def server(behave: Callable[[socket.socket], None]) -> Iterator[tuple[str, list[bytes]]]:
    """Its address, and the requests that it got."""
    asked: list[bytes] = []
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", 0))
        listening.listen()

        def answer(connection: socket.socket) -> None:
            with connection, suppress(OSError):
                while request := _request(connection):
                    asked.append(request)
                    behave(connection)

        def accept() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = listening.accept()
                    threading.Thread(target=answer, args=(connection,), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}", asked
        finally:
            with suppress(OSError):
                listening.shutdown(socket.SHUT_RDWR)


def _request(connection: socket.socket) -> bytes:
    """One request with its body; nothing when the other side is done."""
    held = b""
    while b"\r\n\r\n" not in held:
        part = connection.recv(65536)
        if not part:
            return b""
        held += part
    head, _, body = held.partition(b"\r\n\r\n")
    length = next(
        (int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0
    )
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body
