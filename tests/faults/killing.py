"""A process that is killed with -9 where a test says, without a word of that in the code that is killed.

A point is what may leave something behind: each statement that writes, each COMMIT, each question to Stripe and each answer, each
mail. A process that dies before one of them is all that can happen: between two points nothing lasts. EVERY_STATEMENT=1 takes those that
only read as points, too, which finds the same and takes three times as long.
"""

from __future__ import annotations

import os
import signal
import traceback
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any, NoReturn

from django.core.mail import EmailMultiAlternatives
from django.db import connection, connections

from shop.payment import gateway

# A process that waits for a lock for ever is a fault of its own, not of the test's patience.
SECONDS = 120
# More than any of them has.
MOST = 600
WRITES = ("INSERT", "UPDATE", "DELETE")
EVERY = bool(os.environ.get("EVERY_STATEMENT"))


class Points:
    """Counts the points that its own process passes, and kills it before the chosen one."""

    def __init__(self, chosen: int, said: int) -> None:
        self.chosen, self.said, self.passed = chosen, said, 0

    def reach(self, what: str) -> None:
        """This is about to be done."""
        self.passed += 1
        if self.passed == self.chosen:
            os.write(self.said, f"{self.passed}: {what[:300]}".encode())
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(self) -> None:
        """From now on, in this process and thread."""

        def statement(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
            if EVERY or str(sql).startswith(WRITES):
                self.reach(str(sql))
            return execute(sql, params, many, context)

        commit, ask, send = connection._commit, gateway._call, EmailMultiAlternatives.send

        def committing() -> Any:
            self.reach("COMMIT")
            return commit()

        def asking(question: Any) -> Any:
            self.reach("Stripe is asked")
            answer = ask(question)
            self.reach("Stripe has answered")
            return answer

        def sending(message: Any, *arguments: Any, **options: Any) -> Any:
            self.reach("a mail goes out")
            sent = send(message, *arguments, **options)
            self.reach("a mail went out")
            return sent

        connection.execute_wrappers.append(statement)
        connection._commit = committing  # type: ignore[method-assign]
        gateway._call = asking
        EmailMultiAlternatives.send = sending


def killed_before(number: int, work: Callable[[], object]) -> str:
    """Do `work` in a process that is killed before its point of this number. Returns what that was, "" where there are fewer.

    Raises AssertionError where the work fails by itself.
    """
    # No connection may be shared with a child: the end of one would be the end of both.
    connections.close_all()
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        _live(number, work, write)
    os.close(write)
    with os.fdopen(read, "rb") as said:
        words = said.read().decode()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
        return words
    assert status == 0, f"before anybody killed it: {words or status}"
    return ""


def _live(number: int, work: Callable[[], object], said: int) -> NoReturn:
    status = 1
    try:
        # Whoever watches over the tests may have made something else of it.
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(SECONDS)
        Points(number, said).watch()
        work()
        status = 0
    except BaseException:
        os.write(said, traceback.format_exc()[-4000:].encode())
    finally:
        os._exit(status)


def at_every_point(begin: Callable[[], Any], work: Callable[[Any], object]) -> Iterator[tuple[Any, str]]:
    """Begin anew and be killed, each time one point later, until the work is done without being killed.

    Gives what `begin` gave and the point; the last one is "", and nobody was killed.
    """
    for number in count(1):
        case = begin()
        point = killed_before(number, lambda case=case: work(case))  # type: ignore[misc]
        yield case, point
        if not point:
            return
        assert number < MOST, "it never ends"


class Seen:
    """The points that were reached, so that a test which kills nobody is no test."""

    def __init__(self) -> None:
        self.points: list[str] = []

    def add(self, point: str) -> None:
        self.points.append(point)

    def check(self, fewest: int, *kinds: str) -> None:
        """At least so many, and these among them."""
        assert len(self.points) > fewest, self.points
        for kind in kinds:
            assert any(kind in point for point in self.points), (kind, self.points)
