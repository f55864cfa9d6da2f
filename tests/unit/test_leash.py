"""What a launcher has started ends with it, however it ends."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings

SCRIPTS = Path(settings.BASE_DIR) / "scripts"
# What make run --prepare does while it waits for a command, here one that sleeps; and what make run does with its two.
PREPARES = "import run; run.run_python('-c', {child!r}, what='sleeping')"
SERVES = "import leash, run, sys, time; held = leash.start([sys.executable, '-c', {child!r}]); time.sleep(60)"
FAILS = "import leash, run, sys; held = leash.start([sys.executable, '-c', {child!r}]); wait(); raise ValueError"
CHILD = (
    "import os, pathlib, subprocess, sys, time;"
    "below = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']);"
    "pathlib.Path({file!r}).write_text(f'{{os.getpid()}} {{below.pid}}'); time.sleep(60)"
)
# Whoever runs the tests in the background, or under nohup, has these ignored, and so would whatever is started.
FRAME = """
import os, pathlib, signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)
sys.path.insert(0, {scripts!r})
import bootstrap
bootstrap.python = lambda: sys.executable
def wait():
    while not pathlib.Path({file!r}).exists():
        time.sleep(0.02)
{body}
"""


def lives(pid: int) -> bool:
    """Whether the process is there and no zombie that its new parent has not looked at yet."""
    asked = subprocess.run(["ps", "-o", "state=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return asked.stdout.strip() not in ("", "Z")


def until(holds: Callable[[], bool], seconds: float = 20) -> bool:
    limit = time.monotonic() + seconds
    while not holds() and time.monotonic() < limit:
        time.sleep(0.05)
    return holds()


def launched(tmp_path: Path, body: str) -> tuple[subprocess.Popen[bytes], list[int]]:
    """A launcher whose child, and that one's child, have said that they live."""
    file = tmp_path / "pids"
    body = body.format(child=CHILD.format(file=str(file)))
    process = subprocess.Popen([sys.executable, "-c", FRAME.format(scripts=str(SCRIPTS), file=str(file), body=body)])
    assert until(lambda: file.exists() and len(file.read_text().split()) == 2)
    return process, [int(pid) for pid in file.read_text().split()]


@pytest.mark.parametrize("body", [PREPARES, SERVES])
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_launcher_that_is_ended_leaves_nobody(tmp_path: Path, body: str, number: signal.Signals) -> None:
    launcher, pids = launched(tmp_path, body)
    launcher.send_signal(number)
    launcher.wait(20)
    assert until(lambda: not any(map(lives, pids))), "a child goes on"


def test_a_launcher_that_fails_leaves_nobody(tmp_path: Path) -> None:
    launcher, pids = launched(tmp_path, FAILS)
    assert launcher.wait(20) == 1
    assert until(lambda: not any(map(lives, pids)))


def test_without_a_leash_they_would_go_on(tmp_path: Path) -> None:
    """What the tests above see is the leash's doing."""
    body = "import subprocess; subprocess.Popen([sys.executable, '-c', {child!r}], start_new_session=True); wait()"
    launcher, pids = launched(tmp_path, body + "; time.sleep(60)")
    launcher.kill()
    launcher.wait(20)
    assert not until(lambda: not any(map(lives, pids)), seconds=1)
    os.killpg(pids[0], signal.SIGKILL)


def test_a_launcher_whose_own_parent_is_gone_ends(tmp_path: Path) -> None:
    file = tmp_path / "launcher"
    inner = FRAME.format(scripts=str(SCRIPTS), file=str(tmp_path / "pids"), body=PREPARES)
    inner = inner.format(child=CHILD.format(file=str(tmp_path / "pids")))
    outer = (
        "import pathlib, subprocess, sys, time;"
        f"inner = subprocess.Popen([sys.executable, '-c', {inner!r}]);"
        f"pathlib.Path({str(file)!r}).write_text(str(inner.pid)); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", outer])
    pids = tmp_path / "pids"
    assert until(lambda: pids.exists() and len(pids.read_text().split()) == 2)
    parent.kill()
    parent.wait(20)
    gone = [int(file.read_text()), *map(int, pids.read_text().split())]
    assert until(lambda: not any(map(lives, gone)))


def test_its_status_is_the_commands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(SCRIPTS))
    import leash

    assert leash.run([sys.executable, "-c", "raise SystemExit(3)"]) == 3
    assert leash.run([sys.executable, "-c", "import os, signal; os.kill(os.getpid(), signal.SIGTERM)"]) == 143


def test_a_command_that_does_not_listen_is_ended_by_force(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(SCRIPTS))
    import leash

    monkeypatch.setattr(leash, "STOP_SECONDS", 0.5)
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True); time.sleep(60)"
    process = leash.start([sys.executable, "-c", deaf], stdout=subprocess.PIPE)
    assert process.stdout is not None and process.stdout.readline()
    process.stdout.close()
    leash.end(process)
    assert not lives(process.pid)
