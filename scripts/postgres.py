"""A PostgreSQL server for tests and benchmarks: the one in DATABASE_URL, or a private one for as long as it is used."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import bootstrap

# Made for tests: what survives a power cut does not matter, speed does.
FAST = ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off", "-c", "max_connections=500"]


class PostgresError(Exception):
    """There is no PostgreSQL to be had; the message says what would help."""


@contextmanager
def server() -> Iterator[str]:
    """The address of a PostgreSQL in which databases may be made.

    Raises PostgresError where DATABASE_URL names none and none can be started here.
    """
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith(("postgres:", "postgresql:", "pgsql:")):
        yield given
        return
    with private_server(FAST) as address:
        yield address


@contextmanager
def private_server(options: Sequence[str]) -> Iterator[str]:
    """The address of a new PostgreSQL, started with `options` (as `postgres` takes them) and thrown away afterwards.

    Raises PostgresError where none can be started here.
    """
    programs = find_programs()
    folder = Path(tempfile.mkdtemp(prefix="masthead-pg-"))
    port = free_port()
    try:
        owner = hand_over(folder)
        as_owner(owner, folder, programs / "initdb", "-D", folder / "data", "-A", "trust", "-U", "masthead",
                 "-E", "UTF8", "--locale=C.UTF-8")  # fmt: skip
        words = " ".join([f"-p {port} -k {folder} -c listen_addresses=127.0.0.1", *options])
        as_owner(owner, folder, programs / "pg_ctl", "-D", folder / "data", "-l", folder / "log", "-w",
                 "-o", words, "start")  # fmt: skip
        yield f"postgres://masthead@127.0.0.1:{port}/postgres"
    finally:
        if (folder / "data" / "postmaster.pid").exists():
            as_owner(owner, folder, programs / "pg_ctl", "-D", folder / "data", "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def find_programs() -> Path:
    """The folder of initdb and pg_ctl, installing Debian's PostgreSQL where there is none and we are root."""
    if found := _newest_programs():
        return found
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise PostgresError(
            "no PostgreSQL: set DATABASE_URL=postgres://user:password@host:5432/database (the user may create "
            "databases), install the package postgresql, or run this as root on Debian."
        )
    bootstrap.apt_install("postgresql")
    if found := _newest_programs():
        return found
    raise PostgresError("apt installed postgresql, but /usr/lib/postgresql/*/bin has no initdb.")


def _newest_programs() -> Path | None:
    folders = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if folders:
        return max(folders, key=lambda path: int(path.parent.name))
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


def hand_over(folder: Path) -> str:
    """Give the folder to a user who may run PostgreSQL, which refuses root; return that user, or '' for ourselves."""
    if os.geteuid() != 0:
        return ""
    try:
        user = pwd.getpwnam("postgres")
    except KeyError as error:
        raise PostgresError("PostgreSQL refuses to run as root, and there is no user called postgres.") from error
    os.chown(folder, user.pw_uid, user.pw_gid)
    return "postgres"


def as_owner(owner: str, folder: Path, *command: str | Path) -> None:
    """Run one of PostgreSQL's programs as `owner`. Raises PostgresError with what it said."""
    full = [str(part) for part in command]
    if owner:
        full = ["setpriv", f"--reuid={owner}", f"--regid={owner}", "--init-groups", *full]
    with (folder / "said").open("w+", encoding="utf-8") as said:
        # A file, not a pipe: the server that pg_ctl leaves behind would keep a pipe open for ever.
        if subprocess.run(full, cwd=folder, stdout=said, stderr=subprocess.STDOUT, check=False).returncode:
            said.seek(0)
            raise PostgresError(f"{Path(command[0]).name} failed: {said.read().strip()[-800:]}")


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
