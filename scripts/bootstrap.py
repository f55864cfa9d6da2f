#!/usr/bin/env python3
"""Make `.venv` and install the pinned packages, where that has not been done yet. Standard library only.

    python3 scripts/bootstrap.py [--dev]

A stamp in `.venv` holds the hash of what was installed, so that a second call costs milliseconds.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
OLDEST_PYTHON = (3, 11)


class BootstrapError(Exception):
    """The machine lacks something; the message names it and the cure."""


def say(text: str) -> None:
    """Print one line of progress at once."""
    print(text, flush=True)


def python() -> Path:
    """The environment's interpreter."""
    return VENV / "bin" / "python"


def requirement_files(*, dev: bool) -> list[Path]:
    """What is to be installed."""
    names = ["requirements.txt", "requirements-dev.txt"] if dev else ["requirements.txt"]
    return [ROOT / name for name in names]


def digest(files: list[Path]) -> str:
    """A hash over the pins and the interpreter that they were installed for."""
    sums = hashlib.sha256(f"{sys.version_info[:2]}".encode())
    for file in files:
        sums.update(file.read_bytes())
    return sums.hexdigest()


def ensure(*, dev: bool = False) -> bool:
    """Bring `.venv` up to date with the pins; return whether anything had to be done.

    Raises BootstrapError when Python is too old, or when the environment cannot be made or filled.
    """
    if sys.version_info < OLDEST_PYTHON:
        raise BootstrapError(
            f"This is Python {sys.version_info[0]}.{sys.version_info[1]}; the shop needs 3.11 or newer. "
            "Name another one: make run PYTHON=python3.11"
        )
    files = requirement_files(dev=dev)
    stamp, wanted = VENV / ("dev" if dev else "run"), digest(files)
    if python().exists() and stamp.is_file() and stamp.read_text() == wanted:
        return False
    if not python().exists():
        say("Making a virtual environment in .venv ...")
        make_environment()
    say(f"Installing {' and '.join(file.name for file in files)} (a minute or two, the first time) ...")
    command = [str(python()), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    for file in files:
        command += ["-r", str(file)]
    if subprocess.run(command, cwd=ROOT, check=False).returncode:
        raise BootstrapError("pip could not install the packages; what it said stands above. Is there a network?")
    stamp.write_text(wanted)
    if dev:
        (VENV / "run").write_text(digest(requirement_files(dev=False)))
    return True


def ensure_vectors() -> None:
    """Add what sentence vectors need (SEARCH_VECTORS) to `.venv`, where it is not there. Raises BootstrapError."""
    file = ROOT / "requirements-vectors.txt"
    stamp, wanted = VENV / "vectors", digest([file])
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    say(f"Installing {file.name} (150 MB, the first time) ...")
    # The file lists all that is needed; what its packages ask for besides would be gigabytes.
    command = [str(python()), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
    if subprocess.run([*command, "-r", str(file)], cwd=ROOT, check=False).returncode:
        raise BootstrapError("pip could not install the packages; what it said stands above. Is there a network?")
    stamp.write_text(wanted)


def make_environment() -> None:
    """Make `.venv`, on Debian with the package that python3 lacks there."""
    command = [sys.executable, "-m", "venv", str(VENV)]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    if made.returncode and shutil.which("apt-get") and os.geteuid() == 0:
        version = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
        apt_install(version)
        made = subprocess.run([*command, "--clear"], capture_output=True, text=True, check=False)
    if made.returncode:
        raise BootstrapError(f"{' '.join(command)} failed: {(made.stdout + made.stderr).strip()}")


def apt_install(*packages: str) -> None:
    """Install Debian packages, as root. Raises BootstrapError with what apt said."""
    say(f"Installing {' '.join(packages)} with apt ...")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-q"], ["install", "-q", "-y", "--no-install-recommends", *packages]):
        ran = subprocess.run(
            ["apt-get", *command], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
        )
        if ran.returncode and command[0] == "install":
            raise BootstrapError(f"apt-get could not install {' '.join(packages)}: {ran.stdout.decode()[-800:]}")


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dev", action="store_true", help="also what tests, checks and documents need")
    arguments = parser.parse_args()
    try:
        ensure(dev=arguments.dev)
    except BootstrapError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
