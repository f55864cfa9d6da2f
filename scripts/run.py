#!/usr/bin/env python3
"""Start the shop on this machine: packages, database, demo, web server and worker. Standard library only.

    python3 scripts/run.py [--reset] [--port 8000] [--search database]

Everything that it makes lies in .venv/ and var/, and the node's jars in deploy/elasticsearch/target/. Ctrl-C stops it all, and
so does whatever else ends this process or the one that started it (leash.py); with `nohup` it goes on without its terminal.

Searches are answered by the Elasticsearch that ELASTICSEARCH_URL names, or else by a node of our own where this machine has
Maven and a JDK of 21 or newer. It starts beside the shop, which does not wait for it; the database answers meanwhile, and
always where there is no node.

Payments go to Stripe where STRIPE_SECRET_KEY is set, or else to a sandbox of our own (deploy/stripe_sandbox).
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from contextlib import closing
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "deploy" / "elasticsearch"))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "deploy"))
import background
import bootstrap
import leash
import node
from stripe_sandbox import launcher

ROOT = bootstrap.ROOT
FIRST_PORT = 8000
PORTS_TO_TRY = 50
STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
STARTUP_SECONDS = 60
PASSWORD = "masthead-demo"
SIGN_INS = ["marketer@example.com", "merchandiser@example.com", "support@example.com", "shopper@example.com"]


class RunError(Exception):
    """The shop cannot start; the message says what would help."""


def var_dir() -> Path:
    """Where the database, pictures and mails lie."""
    return Path(os.environ.get("MASTHEAD_VAR", ROOT / "var")).resolve()


def environment() -> dict[str, str]:
    """What the site's processes read: ours, with the settings for one's own machine."""
    return {"DJANGO_SETTINGS_MODULE": "masthead.settings.dev", "PYTHONUNBUFFERED": "1", **os.environ}


def uses_sqlite() -> bool:
    """Whether the database is the file below var/."""
    return not os.environ.get("DATABASE_URL")


def address_of(port: int) -> str:
    """Where the shop answers, as people write it."""
    return f"http://localhost:{port}"


def manage(*arguments: str) -> None:
    """Run one management command. Raises RunError when it fails; what it said stands above."""
    run_python("manage.py", *arguments, what=f"manage.py {arguments[0]}")


def run_python(*arguments: str, what: str) -> None:
    """Run the environment's Python in the project's folder. It ends when we do."""
    if leash.run([str(bootstrap.python()), *arguments], cwd=ROOT, env=environment()):
        raise RunError(f"{what} failed; what it said stands above. `make run RESET=1` starts with an empty database.")


def migrations_digest() -> str:
    """A hash over our migrations and the pins, which say which migrations the packages have."""
    sums = hashlib.sha256((ROOT / "requirements.txt").read_bytes())
    for path in sorted(ROOT.glob("*/**/migrations/*.py")):
        if ".venv" not in path.parts:
            sums.update(path.read_bytes())
    return sums.hexdigest()


def reset() -> None:
    """Delete the database file, pictures and mails. Raises RunError where the database is a server's."""
    if not uses_sqlite():
        raise RunError(
            "RESET=1 deletes the SQLite file only; DATABASE_URL names a server, whose database is yours to drop."
        )
    databases = [file for name in ("masthead", "stripe-sandbox") for file in var_dir().glob(f"{name}.sqlite3*")]
    for path in [*databases, var_dir() / "database-stamp"]:
        path.unlink(missing_ok=True)
    for name in ("media", "mail", "elasticsearch"):
        shutil.rmtree(var_dir() / name, ignore_errors=True)
    bootstrap.say("Started over: the old database, pictures and mails are gone.")


def prepare_database() -> None:
    """Migrate and fill the database, where the last start has not done so already."""
    stamp, wanted = var_dir() / "database-stamp", migrations_digest()
    file = var_dir() / "masthead.sqlite3"
    if uses_sqlite() and file.exists() and stamp.is_file() and stamp.read_text() == wanted:
        return
    var_dir().mkdir(parents=True, exist_ok=True)
    bootstrap.say("Making the database (under a minute, the first time) ...")
    run_python("scripts/migrate.py", what="migrating")
    manage("setup_shop")
    if not has_products():
        bootstrap.say("Loading the demo shop, Fern & Kiln ...")
        manage("load_demo")
    stamp.write_text(wanted)


def has_products() -> bool:
    """Whether the catalogue holds anything yet; a server's database is asked through Django."""
    if not uses_sqlite():
        question = (
            "import sys; sys.path.insert(0, 'site'); import django; django.setup();"
            "from oscar.core.loading import get_model; sys.exit(not get_model('catalogue', 'Product').objects.exists())"
        )
        asked = subprocess.run([str(bootstrap.python()), "-c", question], cwd=ROOT, env=environment(), check=False)
        return asked.returncode == 0
    with closing(sqlite3.connect(var_dir() / "masthead.sqlite3")) as database:
        return database.execute("SELECT 1 FROM catalogue_product LIMIT 1").fetchone() is not None


def free_port(wanted: int = FIRST_PORT) -> int:
    """The first port from `wanted` on that nobody listens on. Raises RunError when none of fifty is free."""
    for port in range(wanted, wanted + PORTS_TO_TRY):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RunError(f"No port from {wanted} to {wanted + PORTS_TO_TRY - 1} is free. Name another: make run PORT=9000")


def compile_translations() -> None:
    """Make the .mo files that are missing or older than their .po files; Babel does it without gettext's tools."""
    folder = ROOT / "site" / "masthead" / "locale"
    for source in folder.glob("*/LC_MESSAGES/*.po"):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            compiler = [str(bootstrap.python()), "-m", "babel.messages.frontend", "--quiet", "compile"]
            subprocess.run([*compiler, "-i", str(source), "-o", str(target)], cwd=ROOT, check=False)


def start(
    port: int, elasticsearch: str | None = None, payments: dict[str, str] | None = None
) -> list[subprocess.Popen[bytes]]:
    """Start the web server and the worker, each in a process group of its own, and ended by it when we are gone.

    `elasticsearch` is the address that they are given, `payments` the settings; left out, they are what the environment says.
    """
    others = payments or {}
    if elasticsearch is not None:
        others = {**others, "ELASTICSEARCH_URL": elasticsearch}
    commands = [
        ["manage.py", "runserver", "--noreload", "--skip-checks", f"127.0.0.1:{port}"],
        ["manage.py", "worker"],
    ]
    processes = []
    for command in commands:
        log = (var_dir() / f"{command[1]}.log").open("wb")
        with log:
            processes.append(
                leash.start(
                    [str(bootstrap.python()), *command], cwd=ROOT,
                    # Links in mails lead here, whichever port was free.
                    env={**environment(), "SHOP_ADDRESS": address_of(port), **others},
                    stdout=log, stderr=subprocess.STDOUT,
                )
            )  # fmt: skip
    return processes


def wait_until_ready(port: int, processes: list[subprocess.Popen[bytes]]) -> None:
    """Return when the front page answers. Raises RunError when a process ends first, or after a minute."""
    deadline = time.monotonic() + STARTUP_SECONDS
    address = f"http://127.0.0.1:{port}/"
    while time.monotonic() < deadline:
        complain_about_the_dead(processes)
        try:
            with urllib.request.urlopen(f"{address}health/ready", timeout=5):
                # The front page now, so that the first visitor does not wait for templates to be read.
                urllib.request.urlopen(address, timeout=30).close()
            return
        except urllib.error.HTTPError as error:
            if error.code >= 500:
                raise RunError(f"{error.url} answered {error.code}: see {var_dir()}/runserver.log") from error
            return
        except OSError:
            time.sleep(0.1)
    raise RunError(f"Nothing answered on {address} within {STARTUP_SECONDS} s: see {var_dir()}/runserver.log")


def complain_about_the_dead(processes: list[subprocess.Popen[bytes]]) -> None:
    """Raise RunError when one of the two has ended, with the end of its log."""
    for process in processes:
        if process.poll() is not None:
            words = [str(word) for word in process.args]  # type: ignore[union-attr]
            name = words[words.index("manage.py") + 1]
            log = (var_dir() / f"{name}.log").read_text(errors="replace").strip()
            raise RunError(f"manage.py {name} ended with status {process.returncode}:\n{log[-1500:]}")


def stop(processes: list[subprocess.Popen[bytes]]) -> None:
    """End both, kindly first."""
    for process in processes:
        if process.poll() is None:
            process.send_signal(_kindly(process))
    for process in processes:
        leash.end(process, by=_kindly(process))


def _kindly(process: subprocess.Popen[bytes]) -> signal.Signals:
    return signal.SIGINT if "runserver" in str(process.args) else signal.SIGTERM


class Search:
    """What answers searches: an Elasticsearch that is named, a node of our own that starts beside the shop, or the database."""

    def __init__(self, wanted: str) -> None:
        self.address = "" if wanted == "database" else os.environ.get("ELASTICSEARCH_URL", "")
        self._node: subprocess.Popen[bytes] | None = None
        self._ended = threading.Event()
        self._lock = threading.Lock()
        self.is_ours = not self.address and wanted != "database" and node.is_possible()
        if self.is_ours:
            self.address = f"http://127.0.0.1:{node.free_port()}"
            self.says = "the database, until Elasticsearch has started"
        elif self.address:
            self.says = f"Elasticsearch at {self.address.rpartition('@')[2].removeprefix('http://')}"
        else:
            cure = "" if wanted == "database" else "; with Maven and a JDK 21 it would be Elasticsearch"
            self.says = f"the database{cure}"

    def begin(self) -> None:
        """Start the node, if it is ours, without waiting for it."""
        if self.is_ours:
            threading.Thread(target=self._run, name="elasticsearch", daemon=True).start()

    def _run(self) -> None:
        folder, started = var_dir() / "elasticsearch", time.monotonic()
        try:
            if not node.is_built():
                bootstrap.say("Putting Elasticsearch together from Maven Central (a minute or two, the first time) ...")
            node.build()
            with self._lock:
                if self._ended.is_set():
                    return
                port = int(self.address.rpartition(":")[2])
                self._node = node.launch(folder, port, attached=subprocess.PIPE, heap=node.SMALL_HEAP)
            node.wait_until_ready(self._node, folder, port)
        except node.NodeError as error:
            if not self._ended.is_set():
                bootstrap.say(f"Elasticsearch did not start, so the database answers searches. {error}")
        else:
            bootstrap.say(
                f"Elasticsearch has started ({time.monotonic() - started:.0f} s): searches go there once the worker has filled it."
            )

    def end(self) -> None:
        """Stop the node, if it is ours."""
        self._ended.set()
        with self._lock:
            if self._node is not None:
                background.end(self._node, node.STOP_SECONDS)


class Payments:
    """What takes the money: Stripe where a key is set, or a sandbox of our own that starts before the shop."""

    def __init__(self, shop: str) -> None:
        self.settings: dict[str, str] = {}
        self.says = "Stripe"
        self._process: subprocess.Popen[bytes] | None = None
        if not os.environ.get("STRIPE_SECRET_KEY"):
            self._begin(f"{shop}/stripe/webhook/")

    def _begin(self, webhook: str) -> None:
        data = var_dir() / "stripe-sandbox.sqlite3"
        try:
            # The same port as the last time, if it is free: payment pages that are open lead there.
            self._process = launcher.launch(data, free_port(launcher.FIRST_PORT), webhook, attached=subprocess.PIPE)
            address = launcher.wait_until_ready(self._process, data)
        except (RunError, launcher.SandboxError) as error:
            bootstrap.say(f"The Stripe sandbox did not start, so cards are not taken. {error}")
            self.says = "bank transfer only"
        else:
            self.settings, self.says = launcher.settings(address), f"a sandbox at {address}: no money moves"

    def end(self) -> None:
        """Stop the sandbox, if it is ours."""
        if self._process is not None:
            background.end(self._process, launcher.STOP_SECONDS)


def welcome(port: int, seconds: float, search: str = "", payments: str = "") -> str:
    """What is said once the shop answers."""
    at = address_of(port)
    lines = [
        "",
        f"  Fern & Kiln is open (started in {seconds:.1f} s)",
        "",
        f"    The shop          {at}/",
        f"    Pages             {at}/cms/",
        f"    Catalogue, orders {at}/dashboard/",
        f"    Mail it has sent  {at}/demo/mail/",
        *([f"    Searches go to    {search}"] if search else []),
        *([f"    Payments go to    {payments}"] if payments else []),
        "",
        f"  Sign in as {', '.join(SIGN_INS)}",
        f"  with the password {PASSWORD}, or with one click in the bar on every page.",
        "",
        f"  Logs: {var_dir()}/runserver.log and worker.log. Ctrl-C stops it.",
        "",
    ]
    return "\n".join(lines)


def serve(port: int, started: float, wanted: str = "") -> None:
    """Run web server and worker until one ends or somebody asks to stop."""
    search = Search(wanted)
    asked = threading.Event()
    for number in STOPS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, lambda *_: asked.set())
    payments = Payments(address_of(port))
    processes: list[subprocess.Popen[bytes]] = []
    try:
        processes += start(port, search.address, payments.settings)
        wait_until_ready(port, processes)
        bootstrap.say(welcome(port, time.monotonic() - started, search.says, payments.says))
        # Not before: it would take the shop's start a core.
        search.begin()
        while not asked.wait(0.5) and not leash.is_orphan():
            complain_about_the_dead(processes)
    finally:
        stop(processes)
        search.end()
        payments.end()
    bootstrap.say("\nStopped.")


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reset", action="store_true", help="start over with an empty database and the demo shop")
    parser.add_argument("--port", type=int, default=FIRST_PORT, help=f"the first port to try ({FIRST_PORT})")
    parser.add_argument(
        "--search", choices=["elasticsearch", "database"], default="elasticsearch",
        help="what answers searches where both can (elasticsearch)",
    )  # fmt: skip
    parser.add_argument("--prepare", action="store_true", help="only make ready what a start needs")
    arguments = parser.parse_args()
    started = time.monotonic()
    for number in STOPS[1:]:
        if signal.getsignal(number) is not signal.SIG_IGN:
            # As Ctrl-C does: an exception, so that whatever was started is ended on the way out.
            signal.signal(number, _leave)
    try:
        bootstrap.ensure()
        if arguments.reset:
            reset()
        compile_translations()
        prepare_database()
        if not arguments.prepare:
            serve(free_port(arguments.port), started, arguments.search)
    except (RunError, bootstrap.BootstrapError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except leash.OrphanError:
        return 1
    return 0


def _leave(number: int, _frame: object) -> None:
    sys.exit(128 + number)


if __name__ == "__main__":
    sys.exit(main())
