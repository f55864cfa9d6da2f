"""The HTTP server: /v1 is Stripe's API, /c the hosted page, /_control the faults. Loopback only."""

from __future__ import annotations

import json
import socket
import time
import traceback
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from . import calls, control, markup, pages
from .box import Box
from .errors import StripeError
from .pages import Page
from .words import speak

LARGEST = 1_000_000
POLICY = "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'"
LOOPBACK = {"127.0.0.1", "localhost", "[::1]"}


class Server(ThreadingHTTPServer):
    """Listens on 127.0.0.1, a thread for each connection."""

    daemon_threads = True
    request_queue_size = 512
    allow_reuse_address = True

    def __init__(self, port: int, box: Box) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.box = box
        box.address = f"http://127.0.0.1:{self.server_port}"
        self.calls = calls.Calls(box)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of callers that have hung up."""


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    server: Server
    protocol_version = "HTTP/1.1"
    server_version = "StripeSandbox"
    sys_version = ""
    # Without it each small answer waits for the other side's acknowledgement.
    disable_nagle_algorithm = True
    timeout = 120

    def do_GET(self) -> None:
        """Answer a GET."""
        self._answer()

    do_HEAD = do_POST = do_DELETE = do_GET

    def _answer(self) -> None:
        path, query = urlsplit(self.path).path, urlsplit(self.path).query
        size = int(self.headers.get("Content-Length") or 0)
        if size > LARGEST:
            self.close_connection = True
            self._send(413, b"too large", "text/plain")
            return
        body = self.rfile.read(size).decode(errors="replace")
        try:
            if path.startswith("/v1/"):
                self._api(path, query, body)
            elif path.startswith("/_control/"):
                self._control(path, body)
            else:
                self._page(path, query, body)
        except (BrokenPipeError, ConnectionError):
            self.close_connection = True
        except Exception:
            self._fail(traceback.format_exc())

    def _fail(self, trace: str) -> None:
        """A mistake of the sandbox's own: said aloud, so that it is not taken for Stripe's."""
        print(trace, flush=True)
        self.close_connection = True
        self._json(500, {"error": {"type": "api_error", "message": f"The sandbox itself failed: {trace[-1500:]}"}})

    def _api(self, path: str, query: str, body: str) -> None:
        reply = self.server.calls.answer(calls.Call(self.command, path, query, body, dict(self.headers.items())))
        if reply.hang:
            time.sleep(reply.hang)
        if reply.is_cut:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self._json(reply.status, reply.body, reply.headers)

    def _control(self, path: str, body: str) -> None:
        host = self.headers.get("Host", "").rpartition(":")[0]
        if host not in LOOPBACK:
            self._json(403, {"error": {"message": f"The control API answers on loopback only, not to {host}."}})
            return
        if self.command == "POST" and "application/json" not in self.headers.get("Content-Type", ""):
            # So that no page in a browser can send one without asking first.
            self._json(415, {"error": {"message": "The control API takes JSON: Content-Type: application/json."}})
            return
        try:
            self._json(200, control.answer(self.server.box, self.command, path, json.loads(body or "{}")))
        except StripeError as error:
            self._json(error.status, error.answer())
        except (ValueError, KeyError, TypeError) as error:
            self._json(400, {"error": {"message": f"Not understood: {error!r}"}})

    def _page(self, path: str, query: str, body: str) -> None:
        box, parts = self.server.box, path.strip("/").split("/")
        if path == "/assets/checkout.css":
            self._send(200, markup.CSS.read_bytes(), "text/css; charset=utf-8")
            return
        typed = dict(parse_qsl(body if self.command == "POST" else query, keep_blank_values=True))
        is_post = self.command == "POST"
        speak(None)
        with box.store.work():
            if parts[:2] == ["c", "pay"] and len(parts) == 3:
                page = pages.pay(box, parts[2], typed) if is_post else pages.show(box, parts[2], typed)
            elif parts[:2] == ["c", "3ds"] and len(parts) == 3:
                page = pages.answer_challenge(box, parts[2], typed) if is_post else pages.show_challenge(box, parts[2])
            elif path == "/":
                page = pages.message(
                    "Stripe sandbox", "It runs. Pay in the shop, and this server’s page will ask for a card."
                )
            else:
                page = pages.message("There is nothing here", "The sandbox has /v1, /c/pay and /_control.", 404)
        self._send_page(page)

    def _send_page(self, page: Page) -> None:
        if page.location:
            self._send(303, b"", "text/html; charset=utf-8", {"Location": page.location})
        else:
            headers = {"Content-Security-Policy": POLICY, "Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}
            self._send(page.status, page.html.encode(), "text/html; charset=utf-8", headers)

    def _json(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        self._send(status, json.dumps(body).encode(), "application/json", headers)

    def _send(self, status: int, body: bytes, kind: str, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *arguments: Any) -> None:
        """Say nothing: the control API lists the requests."""
