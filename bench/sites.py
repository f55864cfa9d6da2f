"""Start and stop what serves a shop, and run commands with a clear word where one fails."""

from __future__ import annotations

import http.client
import os
import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

STARTUP_SECONDS = 90


class SiteError(Exception):
    """A command failed or a server did not start; the message holds the end of what it said."""


@dataclass(frozen=True, slots=True)
class Site:
    """A shop that is loaded and can be started: its processes by name, the web server's under "server"."""

    name: str
    shop: str
    size: int
    port: int
    folder: Path
    working_directory: Path
    environment: Mapping[str, str]
    commands: Mapping[str, Sequence[str]]
    ready: str = "/"


def clean_environment(**values: str) -> dict[str, str]:
    """Our own environment without what would send a shop elsewhere, and with `values`."""
    ours = {"DATABASE_URL", "ELASTICSEARCH_URL", "SEARCH_INDEX_PREFIX", "CACHE_URL", "EMAIL_URL", "STORAGE_URL", "MEDIA_URL", "THEME",
            "STRIPE_SECRET_KEY", "STRIPE_API_BASE", "SENTRY_DSN", "SHOP_BANK", "SECRET_KEY", "ALLOWED_HOSTS",
            "DJANGO_SETTINGS_MODULE", "PYTHONPATH", "WEB_CONCURRENCY"}  # fmt: skip
    return {**{name: value for name, value in os.environ.items() if name not in ours}, **values}


def run(command: Sequence[str | Path], *, cwd: Path, environment: Mapping[str, str], given: str = "") -> str:
    """Run a command to its end and return what it printed. Raises SiteError when it fails."""
    ran = subprocess.run(
        [str(part) for part in command], cwd=cwd, env=dict(environment), input=given, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    if ran.returncode:
        said = f"{ran.stdout}\n{ran.stderr}".strip()
        shown = " ".join(Path(part).name if n == 0 else str(part) for n, part in enumerate(command))
        raise SiteError(f"{shown} failed with status {ran.returncode}:\n{said[-2000:]}")
    return ran.stdout


@contextmanager
def serving(site: Site) -> Iterator[dict[str, int]]:
    """Start a site's processes, wait until it answers, give their ids by name, and stop them at the end."""
    running: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for name, command in site.commands.items():
            with (site.folder / f"{name}.log").open("wb") as log:
                running[name] = subprocess.Popen(
                    list(command), cwd=site.working_directory, env=dict(site.environment), stdout=log,
                    stderr=subprocess.STDOUT, start_new_session=True,
                )  # fmt: skip
        wait_until_ready(site, running)
        yield {name: process.pid for name, process in running.items()}
    finally:
        stop(running.values())


def wait_until_ready(site: Site, running: Mapping[str, subprocess.Popen[bytes]]) -> None:
    """Return when the site answers with 200. Raises SiteError when a process ends first, or after 90 s."""
    deadline = time.monotonic() + STARTUP_SECONDS
    last = "nothing"
    while time.monotonic() < deadline:
        for name, process in running.items():
            if process.poll() is not None:
                said = (site.folder / f"{name}.log").read_text(errors="replace")
                raise SiteError(f"{site.name}: its {name} ended with status {process.returncode}:\n{said[-2000:]}")
        connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=10)
        try:
            connection.request("GET", site.ready)
            status = connection.getresponse().status
            if status == 200:
                return
            last = f"status {status}"
        except OSError as error:
            last = str(error)
        finally:
            connection.close()
        time.sleep(0.3)
    raise SiteError(
        f"{site.name} did not answer {site.ready} with 200 in {STARTUP_SECONDS} s ({last}); see {site.folder}"
    )


def stop(processes: Iterable[subprocess.Popen[bytes]]) -> None:
    """End processes, kindly first."""
    held = list(processes)
    for process in held:
        process.terminate()
    for process in held:
        try:
            process.wait(timeout=40)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
