"""The sandbox as a process: what a kill leaves, how it starts and ends."""

from __future__ import annotations

import ast
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest
import stripe

from tests.stripe_sandbox import Sandbox, launcher

LINE = {"price_data": {"currency": "gbp", "unit_amount": 1250, "product_data": {"name": "Bowl"}}, "quantity": 2}
SESSION = {"mode": "payment", "success_url": "https://shop.example/", "line_items": [LINE]}


def client_of(sandbox: Sandbox) -> stripe.StripeClient:
    """Stripe's client for a sandbox of the test's own."""
    return stripe.StripeClient(sandbox.key, base_addresses={"api": sandbox.address}, max_network_retries=0)


def kill(process: subprocess.Popen[bytes]) -> None:
    """kill -9."""
    process.kill()
    process.wait()
    if process.stdin:
        process.stdin.close()


def test_a_kill_loses_nothing_that_was_answered(tmp_path: Path) -> None:
    data = tmp_path / "sandbox.sqlite3"
    process = launcher.launch(data, 0, attached=subprocess.PIPE)
    sandbox = Sandbox(launcher.wait_until_ready(process, data))
    sandbox.pause()
    client = client_of(sandbox)
    session = client.v1.checkout.sessions.create(SESSION, {"idempotency_key": "k1"})
    sandbox.pay(session.url)
    other = client.v1.checkout.sessions.create(SESSION)
    sandbox.fault("drop", "charge.*", count=3)
    types = sandbox.types()
    client._requestor._client.close()
    kill(process)

    with launcher.server(data=data, port=int(sandbox.address.rpartition(":")[2])) as address:
        assert address == sandbox.address
        client = client_of(sandbox)
        assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"
        assert client.v1.checkout.sessions.create(SESSION, {"idempotency_key": "k1"}).id == session.id
        assert sandbox.types() == types
        assert len(sandbox.take()) == len(types)
        assert [fault["left"] for fault in sandbox.state()["faults"]] == [3]
        sandbox.advance(25 * 3600)
        assert client.v1.checkout.sessions.retrieve(other.id).status == "expired"
        client._requestor._client.close()


def test_killed_while_many_ask_it_has_done_each_thing_whole_or_not_at_all(tmp_path: Path) -> None:
    data = tmp_path / "sandbox.sqlite3"
    process = launcher.launch(data, 0, attached=subprocess.PIPE)
    sandbox = Sandbox(launcher.wait_until_ready(process, data))
    answered: list[str] = []

    def ask(number: int) -> None:
        # The connection breaks somewhere: before, within or after an answer.
        with suppress(OSError, http.client.HTTPException):
            for count in range(1000):
                key = f"{number}-{count}"
                if (
                    sandbox.api("POST", "/customers", {"email": f"{key}@example.com"}, Idempotency_Key=key).status
                    == 200
                ):
                    answered.append(key)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    limit = time.monotonic() + 10
    while len(answered) < 40 and time.monotonic() < limit:
        time.sleep(0.01)
    kill(process)
    for thread in threads:
        thread.join()

    with launcher.server(data=data) as address:
        after = Sandbox(address)
        events = after.events("customer.created")
        made = [event["request"]["idempotency_key"] for event in events]
        assert len(answered) >= 40
        assert set(answered) <= set(made)
        assert len(made) == len(set(made))
        last = made[-1]
        assert after.api("POST", "/customers", {"email": f"{last}@example.com"}, Idempotency_Key=last).headers[
            "Idempotent-Replayed"
        ] == "true"  # fmt: skip


def test_it_ends_with_whoever_started_it(tmp_path: Path) -> None:
    """A test run that is killed leaves nothing behind."""
    script = (
        f"import sys, time; sys.path.insert(0, {str(launcher.HERE.parent)!r})\n"
        "from stripe_sandbox import launcher\n"
        "with launcher.server() as address:\n    print(address, flush=True)\n    time.sleep(60)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, cwd=tmp_path)
    address = parent.stdout.readline().decode().strip()
    assert launcher.state(address)["deliveries"] == {}
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    limit = time.monotonic() + 10
    while launcher.state(address):
        assert time.monotonic() < limit, "the sandbox outlived its parent"
        time.sleep(0.05)


def test_a_taken_port_is_one_clear_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = pytest.raises(launcher.SandboxError, match=rf"cannot listen on port {port}.*--port 0")
        with refused as caught, launcher.server(port=port):
            pass
    assert "Traceback" not in str(caught.value)


def test_it_does_not_start_with_a_live_key(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "stripe_sandbox", "--data", str(tmp_path / "a.sqlite3")],
        cwd=launcher.HERE.parent, env={**os.environ, "STRIPE_SECRET_KEY": "sk_live_0123456789"},
        capture_output=True, text=True, check=False, timeout=30,
    )  # fmt: skip
    assert ran.returncode == 1
    assert "live key" in ran.stderr
    assert "0123456789" not in ran.stderr


def test_it_is_started_and_stopped_by_hand(tmp_path: Path) -> None:
    command = [sys.executable, str(launcher.HERE / "launcher.py")]
    data = ["--data", str(tmp_path / "sandbox.sqlite3")]

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([*command, *words, *data], capture_output=True, text=True, check=False, timeout=60)

    assert run("check").stdout == "No sandbox answers.\n"
    started = run("start", "--port", "0")
    try:
        address = started.stdout.strip()
        assert launcher.state(address)["webhook"] == "http://localhost:8000/stripe/webhook/"
        assert run("start", "--port", "0").stdout.strip() == address
        assert run("check").stdout.startswith(f"{address}: ")
    finally:
        assert run("stop").stdout == "Stopped.\n"
    assert launcher.state(address) == {}
    assert run("stop").stdout == "No sandbox was started there.\n"


def test_it_imports_nothing_of_the_shop_and_no_package() -> None:
    names: set[str] = set()
    for path in [*launcher.HERE.glob("*.py"), *launcher.HERE.parent.glob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names.add((node.module or "").partition(".")[0])
    assert "sqlite3" in names
    assert names - sys.stdlib_module_names == {"background"}


def test_it_is_reached_from_this_machine_only(sandbox: Sandbox) -> None:
    port = int(sandbox.address.rpartition(":")[2])
    listening = Path("/proc/net/tcp").read_text() + Path("/proc/net/tcp6").read_text()
    places = {line.split()[1].rpartition(":")[0] for line in listening.splitlines() if f":{port:04X} 0" in line}
    assert places == {"0100007F"}
