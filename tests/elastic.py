"""Elasticsearch for the tests: the one that ELASTICSEARCH_URL names, or one node a run that all its processes share."""

from __future__ import annotations

import fcntl
import json
import os
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings

sys.path.insert(0, str(Path(settings.BASE_DIR) / "deploy" / "elasticsearch"))
import node


@contextmanager
def shared_node(folder: Path) -> Iterator[str]:
    """The address of an Elasticsearch. `folder` is the same for all processes of the run.

    The node reads from a pipe that every process which uses it holds open: it ends with the last of them, even if
    that is killed.
    """
    if given := os.environ.get("ELASTICSEARCH_URL", ""):
        yield given
        return
    with (folder / "elasticsearch.lock").open("w") as one_at_a_time:
        fcntl.flock(one_at_a_time, fcntl.LOCK_EX)
        held, address = _join(folder) or _start(folder)
    try:
        yield address
    finally:
        os.close(held)


def _join(folder: Path) -> tuple[int, str] | None:
    """Hold the pipe of the node that another process of this run has started, if it lives."""
    try:
        held = os.open(folder / "elasticsearch.pipe", os.O_WRONLY | os.O_NONBLOCK)
    except OSError:
        return None
    address = (folder / "elasticsearch.address").read_text()
    if node.health(address):
        return held, address
    os.close(held)
    return None


def _start(folder: Path) -> tuple[int, str]:
    node.build()
    pipe, data, port = folder / "elasticsearch.pipe", folder / f"elasticsearch-{time.time_ns()}", node.free_port()
    if not pipe.exists():
        os.mkfifo(pipe)
    # First for both, as opening for writing alone would wait for a reader.
    both = os.open(pipe, os.O_RDWR)
    held = os.open(pipe, os.O_WRONLY)
    reader = os.open(pipe, os.O_RDONLY)
    try:
        process = node.launch(data, port, attached=reader, heap=node.SMALL_HEAP)
    finally:
        os.close(reader)
        os.close(both)
    address = node.wait_until_ready(process, data, port)
    (folder / "elasticsearch.address").write_text(address)
    # Whoever ends last ends it; nobody waits for it.
    process.returncode = 0
    return held, address


def call(address: str, method: str, path: str, body: Any = None) -> Any:
    """What Elasticsearch answers, without any of our own code. Raises HTTPError."""
    request = urllib.request.Request(
        f"{address}{path}",
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def remove_indices(address: str, prefix: str) -> None:
    """Delete every index whose name begins so. One by one: servers may refuse a pattern."""
    for name in call(address, "GET", f"/{prefix}-*/_settings?expand_wildcards=all"):
        call(address, "DELETE", f"/{name}")
