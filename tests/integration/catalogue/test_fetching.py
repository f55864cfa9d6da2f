"""Pictures by address: from the public web only, whatever a name server says the second time."""

from __future__ import annotations

import gzip
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from shop.catalogue.importing import fetching
from shop.catalogue.importing.fetching import UnreachableError, fetch

NAME = "pictures.example.org"
PUBLIC, SECRET = "127.0.0.1", "127.0.0.2"
Start = Callable[..., int]


class Shelf(BaseHTTPRequestHandler):
    """Answers by path, and remembers for which host it was asked."""

    asked: list[str]

    def do_GET(self) -> None:
        self.server.asked.append(f"{self.headers['Host']}{self.path}")
        status, headers, body = {
            "/picture": (200, {}, b"picture"),
            "/packed": (200, {"Content-Encoding": "gzip"}, gzip.compress(b"packed")),
            "/large": (200, {}, b"x" * 500),
            "/away": (302, {"Location": "http://169.254.169.254/secret"}, b""),
            "/near": (302, {"Location": "/picture"}, b""),
            "/round": (302, {"Location": "/round"}, b""),
        }.get(self.path, (404, {}, b""))
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Nothing."""


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[ThreadingHTTPServer]:
    """A server on the one address of this machine that counts as public here; its name leads there."""
    server = ThreadingHTTPServer((PUBLIC, 0), Shelf)
    server.asked = []
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    is_public = fetching.is_public
    monkeypatch.setattr(fetching, "is_public", lambda place: place == PUBLIC or is_public(place))
    resolve(monkeypatch, [PUBLIC])
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def resolve(monkeypatch: pytest.MonkeyPatch, answers: list[str]) -> list[str]:
    """A name server that gives one answer after another, the last one for ever. Returns what it was asked."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def answer(host: Any, port: Any, *arguments: Any, **options: Any) -> Any:
        if host != NAME:
            return real(host, port, *arguments, **options)
        asked.append(host)
        place = answers[min(len(asked), len(answers)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (place, port))]

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    return asked


def at(web: ThreadingHTTPServer, path: str, scheme: str = "http") -> str:
    return f"{scheme}://{NAME}:{web.server_port}{path}"


def test_the_connection_goes_to_the_address_that_was_checked(
    web: ThreadingHTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = resolve(monkeypatch, [PUBLIC, SECRET])
    assert fetch(at(web, "/picture"), max_bytes=100) == b"picture"
    assert asked == [NAME], "a second answer is never asked for"
    assert web.asked == [f"{NAME}:{web.server_port}/picture"]


def test_a_name_with_one_address_of_our_own_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    for place in ("10.0.0.7", "169.254.169.254", "::1", "::ffff:127.0.0.1", "0.0.0.0", "224.0.0.1", "100.64.0.1"):
        resolve(monkeypatch, [place])
        with pytest.raises(ValueError, match="not on the public internet"):
            fetch(f"http://{NAME}/a.png", max_bytes=100)


def test_a_redirect_is_checked_like_the_address_itself(web: ThreadingHTTPServer) -> None:
    assert fetch(at(web, "/near"), max_bytes=100) == b"picture"
    with pytest.raises(ValueError, match=r"169\.254\.169\.254 is not on the public internet"):
        fetch(at(web, "/away"), max_bytes=100)
    with pytest.raises(ValueError, match="leads on more than 3 times"):
        fetch(at(web, "/round"), max_bytes=100)


def test_proxies_of_the_environment_are_not_used(web: ThreadingHTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert fetch(at(web, "/picture"), max_bytes=100) == b"picture"


def test_what_is_packed_is_unpacked_and_what_is_large_is_cut(web: ThreadingHTTPServer) -> None:
    assert fetch(at(web, "/packed"), max_bytes=100) == b"packed"
    assert len(fetch(at(web, "/large"), max_bytes=100)) == 101


def test_an_error_for_an_answer_and_no_answer(web: ThreadingHTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UnreachableError, match="it answers 404"):
        fetch(at(web, "/nothing"), max_bytes=100)
    with pytest.raises(UnreachableError):
        fetch(f"http://{NAME}:1/", max_bytes=100)
    monkeypatch.setattr(fetching, "SECONDS_IN_ALL", -1)
    with pytest.raises(UnreachableError, match="takes longer"):
        fetch(at(web, "/large"), max_bytes=100)


@pytest.mark.parametrize(("certified", "is_fetched"), [(NAME, True), ("elsewhere.example.org", False)])
def test_the_certificate_is_held_to_the_name(
    web: ThreadingHTTPServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, certified: str, is_fetched: bool
) -> None:
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", f"/CN={certified}", "-addext", f"subjectAltName=DNS:{certified}",
         "-keyout", "key.pem", "-out", "certificate.pem"],
        cwd=tmp_path, check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "certificate.pem", tmp_path / "key.pem")
    web.socket = context.wrap_socket(web.socket, server_side=True)
    with pytest.raises(UnreachableError, match="SSLError"):
        fetch(at(web, "/picture", "https"), max_bytes=100)
    monkeypatch.setattr(fetching, "CERTIFICATES", str(tmp_path / "certificate.pem"))
    if is_fetched:
        assert fetch(at(web, "/picture", "https"), max_bytes=100) == b"picture"
        return
    with pytest.raises(UnreachableError, match="SSLError"):
        fetch(at(web, "/picture", "https"), max_bytes=100)


@pytest.mark.parametrize(
    "place",
    [
        "127.0.0.1", "10.0.0.1", "169.254.169.254", "100.64.0.1", "224.0.0.1", "::1", "fe80::1", "fc00::1", "ff02::1",
        "::ffff:10.0.0.1", "::10.0.0.1", "::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::a00:1", "2002:a00:1::", "fec0::1",
    ],
)  # fmt: skip
def test_addresses_that_are_or_carry_private_ones(place: str) -> None:
    assert not fetching.is_public(place)


@pytest.mark.parametrize("place", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "2a00:1450:4001::200e"])
def test_addresses_of_the_public_internet(place: str) -> None:
    assert fetching.is_public(place)
