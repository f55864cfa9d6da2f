#!/usr/bin/env python3
"""One Elasticsearch node on loopback, put together from Maven Central: no container engine is needed. Standard library only.

    python3 deploy/elasticsearch/node.py start [--data var/elasticsearch] [--port 9200]
    python3 deploy/elasticsearch/node.py check | stop

It is for trying the shop out and for its tests: without a password, and nothing for production. Needs Maven and a JDK of
21 or newer, which are looked for in JAVA_HOME, on the PATH and in /usr/lib/jvm.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import background

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
HOME = HERE / "target" / "home"
STAMP = HERE / "target" / "built-from"
OLDEST_JAVA = 21
START_SECONDS = 90
STOP_SECONDS = 30
HEAP = "1g"
# Enough for tests, which hold a few hundred products.
SMALL_HEAP = "512m"
CLASS = "masthead.node.Node"


class NodeError(Exception):
    """There is no node to be had; the message says what would help."""


@contextmanager
def server(*, heap: str = SMALL_HEAP) -> Iterator[str]:
    """The address of an Elasticsearch: that of ELASTICSEARCH_URL, or a private node that is thrown away afterwards.

    Raises NodeError where there is neither.
    """
    if given := os.environ.get("ELASTICSEARCH_URL", ""):
        yield given
        return
    build()
    data = Path(tempfile.mkdtemp(prefix="masthead-es-"))
    process = None
    try:
        port = free_port()
        process = launch(data, port, attached=subprocess.PIPE, heap=heap)
        yield wait_until_ready(process, data, port)
    finally:
        if process is not None:
            background.end(process, STOP_SECONDS)
        shutil.rmtree(data, ignore_errors=True)


def build() -> None:
    """Have Maven make the home folder, unless it is there and made from these sources. Raises NodeError."""
    digest = sources_digest()
    if is_built():
        return
    maven = shutil.which("mvn")
    if maven is None:
        raise NodeError("Maven is missing: `apt install maven`, or set ELASTICSEARCH_URL to a running Elasticsearch 9.")
    environment = {**os.environ, "JAVA_HOME": str(find_java())}
    with (HERE / "pom.xml").open() as one_at_a_time:
        fcntl.flock(one_at_a_time, fcntl.LOCK_EX)
        if is_built():
            return
        done = subprocess.run(
            [maven, "-q", "-B", "clean", "package"],
            cwd=HERE, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise NodeError(f"Maven could not put the node together:\n{(done.stdout + done.stderr)[-2000:]}")
        STAMP.write_text(digest)


def is_built() -> bool:
    """Whether the home folder is there and made from these sources."""
    return STAMP.exists() and STAMP.read_text() == sources_digest()


def sources_digest() -> str:
    """A hash over what the home folder is made from."""
    sums = hashlib.sha256((HERE / "pom.xml").read_bytes())
    for path in sorted((HERE / "src").rglob("*")):
        if path.is_file():
            sums.update(path.read_bytes())
    return sums.hexdigest()


def find_java() -> Path:
    """The folder of a JDK that is new enough. Raises NodeError."""
    found = [Path(os.environ["JAVA_HOME"])] if os.environ.get("JAVA_HOME") else []
    if compiler := shutil.which("javac"):
        found.append(Path(compiler).resolve().parent.parent)
    found += sorted(Path("/usr/lib/jvm").glob("*"), reverse=True)
    for home in found:
        if java_version(home) >= OLDEST_JAVA and (home / "bin" / "javac").exists():
            return home
    raise NodeError(
        f"No JDK {OLDEST_JAVA} or newer in JAVA_HOME, on the PATH or in /usr/lib/jvm: install one, or set ELASTICSEARCH_URL."
    )


def java_version(home: Path) -> int:
    """The major version that a JDK's `release` file names; 0 where there is none."""
    with suppress(OSError):
        if found := re.search(r'JAVA_VERSION="(\d+)', (home / "release").read_text()):
            return int(found[1])
    return 0


def is_possible() -> bool:
    """Whether this machine has what a node needs."""
    try:
        find_java()
    except NodeError:
        return False
    return shutil.which("mvn") is not None


def launch(
    data: Path, port: int, *, attached: int | IO[bytes] | None = None, heap: str = HEAP
) -> subprocess.Popen[bytes]:
    """Start the process. With `attached`, its standard input, it ends by itself when nobody holds the other end."""
    data.mkdir(parents=True, exist_ok=True)
    exports = "org.elasticsearch.server/org.elasticsearch.node=ALL-UNNAMED"
    native = "ALL-UNNAMED,org.elasticsearch.nativeaccess,org.apache.lucene.core"
    command = [
        *(str(find_java() / "bin" / "java"), f"-Xms{heap}", f"-Xmx{heap}", "-XX:+UseSerialGC"),
        *("-p", str(HOME / "lib"), "--add-modules=ALL-MODULE-PATH", "--add-exports", exports),
        *(f"--enable-native-access={native}", f"-Des.nativelibs.path={HOME / 'native'}"),
        *("-cp", str(HOME / "launcher" / "*"), CLASS),
        *(str(HOME), str(data), str(port), str(free_port())),
        *(["attached"] if attached is not None else []),
    ]
    with (data / "node.log").open("wb") as log:
        return subprocess.Popen(
            command,
            stdin=attached if attached is not None else subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def wait_until_ready(process: subprocess.Popen[bytes], data: Path, port: int) -> str:
    """Its address, once it answers. Raises NodeError where it ends or does not answer in time."""
    address = f"http://127.0.0.1:{port}"
    limit = time.monotonic() + START_SECONDS
    while time.monotonic() < limit:
        if process.poll() is not None:
            said = (data / "node.log").read_text(errors="replace")[-2000:]
            raise NodeError(f"The node ended at once (exit {process.returncode}):\n{said}")
        if health(address):
            return address
        time.sleep(0.2)
    background.end(process, STOP_SECONDS)
    raise NodeError(f"The node did not answer on {address} within {START_SECONDS} s: see {data / 'node.log'}.")


def health(address: str) -> str:
    """The cluster's colour, or nothing where nobody answers."""
    try:
        with urllib.request.urlopen(f"{address}/_cluster/health", timeout=5) as answer:
            return str(json.load(answer).get("status", ""))
    except (OSError, ValueError, urllib.error.URLError):
        return ""


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_free(port: int) -> bool:
    """Whether nobody listens on this port of loopback."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def start(data: Path, port: int) -> str:
    """Start a node that goes on without us, unless it runs already. Returns its address. Raises NodeError."""
    running = background.address(note(data))
    if running and health(running):
        return running
    port = port or free_port()
    if not is_free(port):
        raise NodeError(f"Somebody listens on port {port} already. Name another one: --port {port + 1}")
    build()
    process = launch(data, port)
    address = wait_until_ready(process, data, port)
    background.write(note(data), process, address)
    return address


def note(data: Path) -> Path:
    """Where a started node is written down."""
    return data / "node.json"


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["build", "start", "check", "stop"])
    parser.add_argument(
        "--data", type=Path, default=ROOT / "var" / "elasticsearch", help="The index, log and process id."
    )
    parser.add_argument("--port", type=int, default=9200)
    options = parser.parse_args()
    try:
        if options.what == "build":
            build()
        elif options.what == "start":
            print(start(options.data, options.port))
        elif options.what == "stop":
            stopped = background.stop(note(options.data), CLASS, STOP_SECONDS)
            print("Stopped." if stopped else "No node was started there.")
        else:
            address = background.address(note(options.data))
            colour = health(address) if address else ""
            print(f"{address} is {colour}." if colour else "No node answers.")
            return 0 if colour else 1
    except NodeError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
