"""The sandbox's process: python3 -m stripe_sandbox. launcher.py starts and stops it."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from pathlib import Path

from .box import Box
from .calls import LIVE
from .delivery import Courier, recover
from .server import Server
from .store import Store


def serve(arguments: argparse.Namespace) -> None:
    """Run until asked to stop, or until nobody holds the other end of standard input."""
    arguments.data.parent.mkdir(parents=True, exist_ok=True)
    store = Store(arguments.data)
    box = Box(store)
    with store.work():
        for name, value in (("webhook_url", arguments.webhook), ("webhook_secret", arguments.webhook_secret)):
            if value:
                store.set(name, value)
    recover(box)
    server = Server(arguments.port, box)
    courier = Courier(box)
    courier.start()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
    if arguments.attached:
        threading.Thread(target=_end_with_parent, args=(server,), daemon=True).start()
    print(f"Stripe sandbox on {box.address}", flush=True)
    try:
        server.serve_forever(poll_interval=0.1)
    finally:
        courier.stop()
        server.server_close()
        store.close()


def _end_with_parent(server: Server) -> None:
    sys.stdin.buffer.read()
    server.shutdown()


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="stripe_sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--data", type=Path, required=True, help="the SQLite file that everything is kept in")
    parser.add_argument("--webhook", default=os.environ.get("STRIPE_WEBHOOK_URL", ""), help="where events are sent")
    parser.add_argument(
        "--webhook-secret", default=os.environ.get("STRIPE_WEBHOOK_SECRET", ""), help="what they are signed with"
    )
    parser.add_argument("--attached", action="store_true", help="end when standard input is closed")
    arguments = parser.parse_args()
    if os.environ.get("STRIPE_SECRET_KEY", "").startswith(LIVE):
        print("STRIPE_SECRET_KEY is a live key; the sandbox serves none. Leave it out.", file=sys.stderr)
        return 1
    try:
        serve(arguments)
    except OSError as error:
        print(
            f"The sandbox cannot listen on port {arguments.port}: {error}. Name another one: --port 0", file=sys.stderr
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
