"""A shop that really runs, and a real browser in front of it.

The shop is what `make run` starts: the demo on SQLite with a web server, a worker and the Stripe sandbox. It is made once for a test run and
copied for each of pytest's processes. A test talks to it as a visitor does, through pages, and never through Python.
"""

from __future__ import annotations

import email
import email.policy
import fcntl
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import ConsoleMessage, Page, Response, WebError, expect

ROOT = Path(settings.BASE_DIR)
sys.path.insert(0, str(ROOT / "scripts"))
import postgres  # noqa: E402
import run  # noqa: E402  (make run's own code)

from tests.stripe_sandbox import Sandbox  # noqa: E402

from .checks import wait_until_whole  # noqa: E402

PHONE, DESKTOP = 390, 1440
# Milliseconds: two browsers, two shops and two workers may share two cores.
PATIENCE = 40_000
HEIGHTS = {PHONE: 844, DESKTOP: 900}
SCREENSHOTS = ROOT / "var" / "screenshots"
# What a browser says about a page that answers as it should: a form that was refused, an address that is not there.
# Chromium's own words when a page that asks for view transitions leads to one that does not, such as the back office.
ABANDONED = "Transition was aborted because of invalid state"
EXPECTED_STATUS = re.compile(r"status of 4\d\d")


@dataclass(frozen=True)
class Shop:
    """A running shop, and the Stripe sandbox that it is paid through."""

    address: str
    folder: Path
    stripe: Sandbox

    @property
    def in_the_other_theme(self) -> str:
        """The same shop where it wears the theme Workshop: the seeds make a second site of the other name of this machine."""
        return self.address.replace("localhost", "127.0.0.1")

    def mails(self) -> list[EmailMessage]:
        """Every mail sent so far, oldest first. Django's files hold one mail or several, with a line of dashes between."""
        texts = [path.read_bytes() for path in sorted((self.folder / "mail").glob("*"))]
        parts = [part.strip() for text in texts for part in re.split(rb"^-{79}$", text, flags=re.MULTILINE)]
        return [email.message_from_bytes(part, policy=email.policy.default) for part in parts if part]


@pytest.fixture(scope="session")
def shop_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the demo shop's database and pictures, made once for all processes of this test run.

    BROWSER_SHOP names a folder that outlives the run, for working on these tests.
    """
    shared = os.environ.get("BROWSER_SHOP")
    # With pytest-xdist each process has a folder of its own below the common one.
    below = tmp_path_factory.getbasetemp()
    common = Path(shared) if shared else (below.parent if os.environ.get("PYTEST_XDIST_WORKER") else below) / "shop"
    common.mkdir(parents=True, exist_ok=True)
    with (common.parent / f"{common.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        # Where it is up to date already, this is done at once.
        prepare(common, "scripts/run.py", "--prepare")
        prepare(common, "tests/browser/seed.py")
    return common


@pytest.fixture(scope="session")
def shop(shop_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """The demo shop, running on a port of its own, with its worker."""
    folder = tmp_path_factory.mktemp("shop")
    shutil.copytree(shop_folder, folder, dirs_exist_ok=True)
    environment = shop_environment(folder)
    with pytest.MonkeyPatch.context() as patch:
        # What make run reads is where this shop lies, from its start to its end.
        for name in set(os.environ) - set(environment):
            patch.delenv(name)
        for name, value in environment.items():
            patch.setenv(name, value)
        yield from running(folder)


def running(folder: Path) -> Iterator[Shop]:
    """Start the sandbox, web server and worker, and stop them again."""
    port = postgres.free_port()
    payments = run.Payments(run.address_of(port))
    processes: list[subprocess.Popen[bytes]] = []
    try:
        processes += run.start(port, payments=payments.settings)
        run.wait_until_ready(port, processes)
        sandbox = Sandbox(payments.settings["STRIPE_API_BASE"])
        yield Shop(address=run.address_of(port), folder=folder, stripe=sandbox)
        run.complain_about_the_dead(processes)
    finally:
        run.stop(processes)
        payments.end()
        log = folder / "runserver.log"
        if log.exists():
            SCREENSHOTS.mkdir(parents=True, exist_ok=True)
            shutil.copy(log, SCREENSHOTS / f"server-{os.environ.get('PYTEST_XDIST_WORKER', 'gw0')}.log")


def prepare(folder: Path, *command: str) -> None:
    """Run one of our scripts for the shop in `folder`."""
    made = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=shop_environment(folder), capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, f"{command[0]} failed:\n{made.stdout}{made.stderr}"


def shop_environment(folder: Path) -> dict[str, str]:
    """What the shop's processes read: SQLite below `folder`, nothing of the tests' own settings."""
    kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}}
    return {**kept, "MASTHEAD_VAR": str(folder), "VIRTUAL_ENV": "", "PYTHONWARNINGS": ""}


@pytest.fixture(scope="session")
def base_url(shop: Shop) -> str:
    """Playwright's name for the address that paths are relative to."""
    return shop.address


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's Chromium; Playwright's own are never downloaded."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    assert found, "no browser: install chromium, or name one in CHROMIUM"
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    arguments = [*sandbox, "--disable-dev-shm-usage", "--disable-background-networking"]
    return {**browser_type_launch_args, "executable_path": found, "args": arguments}


@pytest.fixture(params=[PHONE, DESKTOP], ids=["phone", "desktop"])
def width(request: pytest.FixtureRequest) -> int:
    """The window's width; a test that asks for a page runs at both."""
    return int(request.param)


@pytest.fixture
def javascript() -> bool:
    """Whether scripts run. A test turns them off with @pytest.mark.parametrize("javascript", [False])."""
    return True


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any], width: int, javascript: bool) -> dict[str, Any]:
    """The window that a test gets."""
    return {
        **browser_context_args,
        "viewport": {"width": width, "height": HEIGHTS[width]},
        "java_script_enabled": javascript,
        "locale": "en-GB",
        "reduced_motion": "reduce",
    }


@pytest.fixture(autouse=True)
def _nothing_goes_wrong_unseen(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail the test when a page logs an error, breaks its policy, throws, or gets an answer of 500 or more."""
    if "page" not in request.fixturenames:
        yield
        return
    page: Page = request.getfixturevalue("page")
    page.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    wrong: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if message.type == "error" and not EXPECTED_STATUS.search(message.text):
            wrong.append(f"{page.url}: console: {message.text}")

    def answered(response: Response) -> None:
        if response.status >= 500:
            wrong.append(f"{response.url}: status {response.status}")

    page.context.on("console", heard)

    def thrown(error: WebError) -> None:
        if ABANDONED not in str(error.error):
            wrong.append(f"{page.url}: script: {error.error}")

    page.context.on("weberror", thrown)
    page.context.on("response", answered)
    yield
    assert wrong == []


@pytest.fixture
def shoot(width: int, javascript: bool) -> Any:
    """A function that keeps a picture of the page below var/screenshots/."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)

    def take(page: Page, name: str) -> Path:
        wait_until_whole(page)
        path = SCREENSHOTS / f"{name}-{width}{'' if javascript else '-no-js'}.png"
        page.screenshot(path=path, full_page=True)
        return path

    return take
