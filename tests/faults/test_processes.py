"""Real processes, killed with -9 in the middle of traffic: gunicorn's workers, gunicorn itself, and the worker."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection, connections
from django.utils import timezone

from bench.shopper import Shopper, ShopperError
from shop.ledger.proof import findings
from shop.ledger.selectors import held
from shop.mail.models import SentMail
from shop.order.models import Order
from shop.outbox.models import OutboxEntry
from shop.outbox.operations import drain_all
from shop.partner.models import StockRecord
from shop.payment.models import Payment, Refund, WebhookEvent
from shop.payment.reconcile import differences
from tests.factories import make_product
from tests.stripe_sandbox import Sandbox, launcher

from .mailbox import taken

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("postgres")]
ROOT = Path(django_settings.BASE_DIR)
BUYERS_AT_ONCE, FEWEST_ORDERS = 4, 16
# Who dies, one after the other: one of gunicorn's, the worker, and gunicorn with all of its own.
VICTIMS = ("web", "worker", "web", "everything", "web", "worker")
PAUSE = 1.5
# How long a buyer tries to get an answer out of a shop that is being started.
PATIENCE = 90.0


def address_of_database() -> str:
    """The tests' own database, for other processes."""
    held = connection.settings_dict
    user = f"{held['USER']}:{held['PASSWORD']}" if held["PASSWORD"] else held["USER"]
    return f"postgres://{user}@{held['HOST']}:{held['PORT']}/{held['NAME']}"


@dataclass
class Processes:
    """gunicorn as deploy/debian has it, and a worker."""

    environment: dict[str, str]
    folder: Path
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, name: str) -> None:
        """Start it, or start it anew."""
        gunicorn = [sys.executable, "-m", "gunicorn", "--config", "deploy/debian/gunicorn.conf.py"]
        command = {
            "web": [*gunicorn, "tests.faults.shop_process:application"],
            "worker": [sys.executable, "-m", "tests.faults.shop_process", "worker", "--interval", "0.1"],
        }[name]
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
            )

    def children(self) -> list[int]:
        """The processes that answer."""
        children = Path(f"/proc/{self.running['web'].pid}/task/{self.running['web'].pid}/children")
        return [int(pid) for pid in children.read_text().split()]

    def kill(self, victim: str, turn: int) -> None:
        """kill -9, and what systemd does then."""
        if victim == "web":
            if answering := self.children():
                os.kill(answering[turn % len(answering)], signal.SIGKILL)
            return
        for name in ("web", "worker") if victim == "everything" else (victim,):
            pids = self.children() if name == "web" else []
            for pid in [self.running[name].pid, *pids]:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            self.running[name].wait()
            self.start(name)

    def stop(self) -> None:
        """Kindly."""
        for process in self.running.values():
            process.terminate()
        for process in self.running.values():
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def log(self) -> str:
        """What they said."""
        return "".join(path.read_text(errors="replace")[-3000:] for path in self.folder.glob("*.log"))


@pytest.fixture
def processes(stripe: Sandbox, mails: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Processes]:
    """A shop that is open, with Stripe's messages on their way to it by themselves."""
    port = launcher_port()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "COV", "PYTHONWARN"))},
        **launcher.settings(stripe.address),
        "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
        "PYTHONPATH": f"{ROOT / 'site'}:{ROOT}",
        "DATABASE_URL": address_of_database(),
        "SECRET_KEY": "for-one-test",
        "MAILBOX": str(mails),
        "MASTHEAD_BIND": f"127.0.0.1:{port}",
        "WEB_CONCURRENCY": "2",
        "MUTATION": mutation_of(request),
    }
    made = Processes({**environment, "PORT": str(port)}, tmp_path)
    stripe.webhook(f"http://127.0.0.1:{port}/stripe/webhook/")
    stripe.resume()
    try:
        made.start("web")
        made.start("worker")
        yield made
    finally:
        made.stop()
        stripe.pause()


def mutation_of(request: pytest.FixtureRequest) -> str:
    """The guard that is out in this test must be out in the processes, too."""
    values: dict[str, Any] = getattr(getattr(request.node, "callspec", None), "params", {})
    return str(values["mutation"].name) if "mutation" in values else ""


def launcher_port() -> int:
    """A port that nobody listens on just now."""
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def insisting(step: Callable[[], Any]) -> Any:
    """What a person does whose page does not load: again, and again."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return step()
        except (OSError, http.client.HTTPException, ShopperError):
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def buy(port: int, number: int, product: int, stripe: Sandbox) -> str:
    """A whole purchase. Returns the buyer's address."""
    shopper = Shopper(port, number, payment="stripe")
    insisting(lambda: shopper.add(product))
    insisting(shopper.fill_in)

    def press_until_there_is_a_page() -> str:
        place = shopper.press()
        if not place.startswith("http"):
            # Ordered before the shop died: the thanks have a button that leads to the page.
            *_, text = shopper.ask(place, expect=200)
            found = text.partition('action="/checkout/pay/')[2].partition('"')[0]
            if not found:
                raise ShopperError(f"nothing to pay with: {text[-3000:]}")
            _, place, _ = shopper.ask(f"/checkout/pay/{found}", {**shopper.hidden}, expect=303)
        if not place.startswith("http"):
            raise ShopperError(f"no payment page: {place}")
        return place

    page = insisting(press_until_there_is_a_page)
    shopper.leave()
    answer = stripe.pay(page)
    assert answer.status == 303, answer.text[:500]
    return shopper.email


@contextmanager
def traffic(port: int, products: list[Any], stripe: Sandbox) -> Iterator[list[str]]:
    """Buyers who come all the time. Gives the addresses of those who paid."""
    paid: list[str] = []
    failed: list[BaseException] = []
    stop, lock = threading.Event(), threading.Lock()
    numbers = iter(range(1, 100_000))

    def buyers() -> None:
        try:
            while not stop.is_set() or len(paid) < FEWEST_ORDERS:
                with lock:
                    number = next(numbers)
                email = buy(port, number, products[number % len(products)].pk, stripe)
                with lock:
                    paid.append(email)
        except BaseException as error:
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=buyers) for _ in range(BUYERS_AT_ONCE)]
    for thread in threads:
        thread.start()
    try:
        yield paid
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert not failed, failed


def test_killed_in_the_middle_of_traffic(processes: Processes, stripe: Sandbox, mails: Path) -> None:
    products = [make_product(f"Bowl {number}", price="24.50", stock=1000) for number in range(3)]
    port = int(processes.environment["PORT"])
    visitor = Shopper(port, 0)
    insisting(lambda: visitor.ask("/health/live", expect=200))
    visitor.leave()
    with traffic(port, products, stripe) as paid:
        for turn, victim in enumerate(VICTIMS):
            before = len(paid)
            until = time.monotonic() + PATIENCE
            # Somebody has bought since the last one died, so that this one dies at work.
            while len(paid) == before and time.monotonic() < until:
                time.sleep(0.05)
            time.sleep(PAUSE * (turn % 3) / 3)
            processes.kill(victim, turn)
        while len(paid) < FEWEST_ORDERS and time.monotonic() < until:
            time.sleep(0.1)
    processes.stop()
    stripe.pause()
    # After the restart: leases have run out, the worker has worked, the reconciliation has run.
    OutboxEntry.objects.update(leased_until=None, leased_by="", available_at=timezone.now())
    drain_all()
    for difference in differences():
        assert difference.mend is not None, difference.what
        difference.mend()
    drain_all()
    check(paid, products, mails, processes)


def check(paid: list[str], products: list[Any], mails: Path, processes: Processes) -> None:
    """Everybody who paid has one paid order, and nobody else has one; each was written to once."""
    assert len(paid) == len(set(paid)) >= FEWEST_ORDERS
    orders = {order.guest_email: order for order in Order.objects.all()}
    assert len(orders) == Order.objects.count() and set(orders) == set(paid), processes.log()
    assert {order.status for order in orders.values()} == {"paid"}
    assert all(held(order.pk) == order.total_incl_tax for order in orders.values())
    assert Payment.objects.filter(state="succeeded").count() == Payment.objects.exclude(captured=0).count() == len(paid)
    assert not Payment.objects.filter(state__in=Payment.LIVE).exists() and not Refund.objects.exists()
    promised = StockRecord.objects.filter(product__in=products).values_list("num_allocated", flat=True)
    assert sum(promised) == len(paid)
    assert not WebhookEvent.objects.filter(state="failed").exists()
    assert [str(finding) for finding in findings()] == []
    for email in paid:
        assert list(SentMail.objects.filter(to=email).values_list("kind", flat=True)) == ["order-paid"], email
        # One that was sent when its sender died comes again under the same id, and a mailbox drops it.
        assert len(set(taken(mails, email))) == 1, email
