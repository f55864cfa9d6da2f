"""A limit on the whole of an exchange. A socket's own timeout is for each read: a server that sends a byte now and then
never exceeds it.

One thread a process looks at what is under way and shuts the socket of whatever has run out of time, upon which the
reader gets an error. It sleeps while nothing is asked.
"""

from __future__ import annotations

import math
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from elastic_transport import ConnectionTimeout, HttpHeaders, NodeConfig, Urllib3HttpNode
from elastic_transport.client_utils import DEFAULT, DefaultType


class Exchange:
    """A request and its answer. `connection` is known once it is made."""

    __slots__ = ("connection", "ends_at", "is_over")

    def __init__(self, ends_at: float) -> None:
        self.ends_at = ends_at
        self.is_over = False
        self.connection: Any = None

    def cut(self) -> None:
        """End it, from another thread."""
        self.is_over = True
        held = getattr(self.connection, "sock", None)
        if held is not None:
            with suppress(OSError):
                held.shutdown(socket.SHUT_RDWR)


class Watch:
    """Cuts what takes too long."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._open: set[Exchange] = set()
        self._wakes_at = math.inf
        self._thread: threading.Thread | None = None

    @contextmanager
    def limit(self, seconds: float) -> Iterator[Exchange]:
        """Have what happens inside cut after so many seconds."""
        exchange = Exchange(time.monotonic() + seconds)
        with self._changed:
            self._open.add(exchange)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="elasticsearch-limit", daemon=True)
                self._thread.start()
            elif exchange.ends_at < self._wakes_at:
                self._changed.notify()
        try:
            yield exchange
        finally:
            with self._changed:
                self._open.discard(exchange)

    def _run(self) -> None:
        with self._changed:
            while True:
                self._wakes_at = min((exchange.ends_at for exchange in self._open), default=math.inf)
                pause = self._wakes_at - time.monotonic()
                if pause > 0:
                    self._changed.wait(None if self._wakes_at == math.inf else pause)
                    continue
                for exchange in [held for held in self._open if held.ends_at <= time.monotonic()]:
                    exchange.cut()
                    self._open.discard(exchange)


_watch = Watch()
_here = threading.local()


def _after_fork() -> None:
    """A child has no threads but the one that forked."""
    global _watch
    _watch = Watch()


os.register_at_fork(after_in_child=_after_fork)

if TYPE_CHECKING:
    from urllib3.connection import HTTPConnection as _Connection
else:
    # What it is put in front of is the pool's own kind.
    _Connection = object


class _Named(_Connection):
    """A connection that makes itself known to the exchange that uses it."""

    def connect(self) -> None:
        exchange: Exchange | None = getattr(_here, "exchange", None)
        if exchange is not None:
            exchange.connection = self
        super().connect()
        if exchange is not None and exchange.is_over:
            raise TimeoutError("the connection took too long")

    def request(self, *args: Any, **kwargs: Any) -> None:
        exchange: Exchange | None = getattr(_here, "exchange", None)
        if exchange is not None:
            exchange.connection = self
        super().request(*args, **kwargs)


class LimitedNode(Urllib3HttpNode):
    """The client's own way to speak HTTP, with `request_timeout` for all of it."""

    def __init__(self, config: NodeConfig) -> None:
        super().__init__(config)
        made = self.pool.ConnectionCls
        self.pool.ConnectionCls = type(f"Named{made.__name__}", (_Named, made), {})
        # More at once than the pool keeps get connections of their own, instead of waiting for one.
        self.pool.block = False

    def perform_request(
        self,
        method: str,
        target: str,
        body: bytes | None = None,
        headers: HttpHeaders | None = None,
        request_timeout: DefaultType | float | None = DEFAULT,
    ) -> Any:
        """As the client's own. Raises ConnectionTimeout when the limit is over, whatever has arrived by then."""
        given = self.config.request_timeout if isinstance(request_timeout, DefaultType) else request_timeout
        if given is None:
            return super().perform_request(method, target, body, headers, request_timeout)
        with _watch.limit(given) as exchange:
            _here.exchange = exchange
            try:
                answer = super().perform_request(method, target, body, headers, request_timeout)
            except Exception as error:
                if exchange.is_over:
                    raise ConnectionTimeout(f"no whole answer within {given} s") from error
                raise
            finally:
                _here.exchange = None
        if exchange.is_over:
            raise ConnectionTimeout(f"no whole answer within {given} s")
        return answer
