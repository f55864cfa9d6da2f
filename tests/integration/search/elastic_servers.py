"""Servers in the place of Elasticsearch that behave badly, each in a way of its own."""

from __future__ import annotations

import json
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

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


class Door:
    """A door in front of an Elasticsearch that is not ours to kill: shut, as if it were dead; held, as if it stood still."""

    def __init__(self, behind: str) -> None:
        self._behind = urlsplit(behind)
        assert self._behind.scheme == "http", "the door forwards plain bytes, and a certificate would name another host"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        sign_in, sign, _host = self._behind.netloc.rpartition("@")
        self.address = f"http://{sign_in}{sign}127.0.0.1:{self._port}"
        self._open: set[socket.socket] = set()
        self._moves = threading.Event()
        self.lives = False
        self.start()

    def start(self) -> None:
        """Open it."""
        self._moves.set()
        self._listening = socket.create_server(("127.0.0.1", self._port), backlog=64)
        self.lives = True
        threading.Thread(target=self._accept, args=(self._listening,), daemon=True).start()

    def kill(self) -> None:
        """Refuse whoever comes, and break off what goes on."""
        self.lives = False
        for each in (self._listening, *self._open):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
        self._open.clear()

    def send(self, number: signal.Signals) -> None:
        """Stand still, or go on."""
        if number == signal.SIGSTOP:
            self._moves.clear()
        else:
            self._moves.set()

    def _accept(self, listening: socket.socket) -> None:
        with suppress(OSError):
            while True:
                inside, _address = listening.accept()
                outside = socket.create_connection((self._behind.hostname or "", self._behind.port or 80))
                self._open |= {inside, outside}
                for source, target in ((inside, outside), (outside, inside)):
                    threading.Thread(target=self._carry, args=(source, target), daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while part := source.recv(65_536):
                self._moves.wait()
                target.sendall(part)
        for each in (source, target):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
            self._open.discard(each)
