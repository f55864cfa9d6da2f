"""`manage.py worker`: drains the outbox, runs the periodic jobs and Wagtail's background tasks, until it is stopped."""

from __future__ import annotations

import logging
import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, close_old_connections, connection
from django_tasks_db.management.commands.db_worker import Worker

from shop.outbox.operations import drain, drain_quick, drain_single, drain_slow
from shop.outbox.periodic import run_due

logger = logging.getLogger(__name__)
# Seconds to leave a database alone that did not answer.
PAUSE = 5.0
# Seconds between two rounds, so that what comes in a rush is done together: products that ten orders change are listed once.
BREATH = 0.25
# For so many seconds mails go out one after another before a round ends.
MAILS = 1.0


class Command(BaseCommand):
    """One process for all background work; start as many as are needed."""

    failed = False
    help = "Run background work until stopped: outbox, periodic jobs, tasks."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--interval", type=float, default=0.5, help="Seconds to sleep when nothing waits (0.5).")
        parser.add_argument("--once", action="store_true", help="Do what waits now and stop.")

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        if threading.current_thread() is threading.main_thread():
            for name in (signal.SIGTERM, signal.SIGINT):
                signal.signal(name, lambda *_: stop.set())
        if options["once"]:
            while drain():
                pass
            self._run_tasks()
            return
        # An import takes minutes: mails, lists and scheduled pages do not wait for it.
        slow = threading.Thread(target=self._slowly, args=(stop, options["interval"]), name="slow")
        slow.start()
        try:
            while not stop.is_set():
                stop.wait(max(self._turn(options["interval"]), min(BREATH, options["interval"])))
        finally:
            # Whichever of the two ends takes the other along: half a worker would never be started anew.
            stop.set()
            slow.join()
        if self.failed:
            raise CommandError("The slow work ended with an error, which stands above.")

    def _slowly(self, stop: threading.Event, interval: float) -> None:
        """Do slow work until stopped; what is under way is finished first."""
        try:
            while not stop.is_set():
                stop.wait(self._slow_turn(interval))
        except Exception:
            logger.exception("The slow work ended.")
            self.failed = True
        finally:
            stop.set()
            connection.close()

    def _slow_turn(self, interval: float) -> float:
        """Do a few rows of slow work. Returns how many seconds to sleep after it."""
        close_old_connections()
        try:
            return 0 if drain_slow() else interval
        except OperationalError:
            logger.exception("The database does not answer the slow work; it tries again in %s s.", PAUSE)
            return PAUSE

    def _turn(self, interval: float) -> float:
        """Do what waits now, but for slow work. Returns how many seconds to sleep after it.

        A database that is locked or gone is none of the worker's fault, and it comes back: what was not done still
        waits in its table.
        """
        close_old_connections()
        try:
            claimed = drain_quick()
            if claimed:
                drain_single(MAILS)
            run_due()
            self._run_tasks()
        except OperationalError:
            logger.exception("The database does not answer the worker; it tries again in %s s.", PAUSE)
            return PAUSE
        return 0 if claimed else interval

    def _run_tasks(self) -> None:
        Worker(
            queue_names=["*"], interval=0, batch=True, backend_name="default", startup_delay=False,
            max_tasks=50, worker_id="masthead", excluded_queue_names=[],
        ).run()  # fmt: skip
