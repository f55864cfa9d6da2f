"""deploy/'s files, read and run as far as that goes without a container engine and without a running systemd."""

from __future__ import annotations

import configparser
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "debian").glob("*.service"))


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    """compose.yaml, with its anchors followed."""
    return dict(yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8")))


def documented() -> set[str]:
    """Every environment variable of docs/settings.md."""
    return set(re.findall(r"^## ([A-Z_]+)$", (ROOT / "docs" / "settings.md").read_text(encoding="utf-8"), re.MULTILINE))


def test_compose_has_every_part(compose: dict[str, Any]) -> None:
    assert {"web", "worker", "database", "search", "proxy"} <= set(compose["services"])


def test_compose_names_only_what_it_defines(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        assert "image" in service, name
        for other in service.get("depends_on", {}):
            assert other in compose["services"], f"{name} waits for {other}"
            if service["depends_on"][other]["condition"] == "service_healthy":
                assert "healthcheck" in compose["services"][other], f"{other} never becomes healthy"
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            if source.startswith("."):
                assert (DEPLOY / source).exists(), f"{name} mounts {source}"
            else:
                assert source in compose["volumes"], f"{name} mounts {source}"


def test_compose_opens_no_port_but_the_proxys(compose: dict[str, Any]) -> None:
    assert [name for name, service in compose["services"].items() if "ports" in service] == ["proxy"]


def test_compose_pins_the_line_of_every_image(compose: dict[str, Any]) -> None:
    ours = {"masthead"}
    for name, service in compose["services"].items():
        image = service["image"]
        assert image in ours or re.search(r":\d", image), f"{name} uses {image}, which may be anything tomorrow"


def test_compose_sets_only_documented_variables(compose: dict[str, Any]) -> None:
    assert set(compose["services"]["web"]["environment"]) <= documented()


def test_compose_hands_on_every_variable_that_a_shop_may_want(compose: dict[str, Any]) -> None:
    # Production reads none of the first two; the others are the image's own, the proxy's, of machines of ours, or not used yet.
    left_out = {
        "SHOP_ADDRESS", "STRIPE_API_BASE", "SEARCH_INDEX_PREFIX", "MASTHEAD_DATA", "MASTHEAD_VAR", "MEDIA_URL", "STORAGE_URL",
    }  # fmt: skip
    assert documented() - set(compose["services"]["web"]["environment"]) == left_out


def test_the_image_copies_what_is_there_and_runs_as_nobody_special() -> None:
    lines = (DEPLOY / "Containerfile").read_text(encoding="utf-8").splitlines()
    copied = [word for line in lines if line.startswith("COPY ") for word in line.split()[1:-1]]
    assert copied
    assert all((ROOT / name).exists() for name in copied)
    assert [line for line in lines if line.startswith("USER ")] == ["USER masthead"]
    ignored = (ROOT / ".containerignore").read_text(encoding="utf-8").split()
    assert {".git", ".venv", "var", ".env"} <= set(ignored)


def test_the_image_has_the_python_that_the_checks_use() -> None:
    first = next(line for line in (DEPLOY / "Containerfile").read_text().splitlines() if line.startswith("FROM"))
    assert "python:3.11-" in first


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.stem)
def test_a_unit_starts_something_that_exists_and_may_do_little(unit: Path) -> None:
    parser = configparser.RawConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read(unit, encoding="utf-8")
    service = parser["Service"]
    words = shlex.split(service["ExecStart"])
    for word in words[1:]:
        if word.endswith(".py"):
            assert (ROOT / word).exists(), word
    assert service["WorkingDirectory"] == "/srv/masthead"
    assert service["User"] == "masthead"
    assert service["NoNewPrivileges"] == "true"
    assert service["ProtectSystem"] == "strict"
    assert service["Restart"] == "always"


def test_the_example_environment_is_documented() -> None:
    text = (DEPLOY / "debian" / "masthead.env.example").read_text(encoding="utf-8")
    names = set(re.findall(r"^([A-Z_]+)=", text, re.MULTILINE))
    assert names - documented() == {"DJANGO_SETTINGS_MODULE"}
    needed = {"SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "EMAIL_URL"}
    assert needed | {"STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET", "SECRET_KEY_FALLBACKS"} <= names


def test_no_secret_is_in_any_file() -> None:
    for path in DEPLOY.rglob("*"):
        # What Maven makes is no file of ours.
        if path.is_file() and "target" not in path.relative_to(DEPLOY).parts:
            text = path.read_text(encoding="utf-8")
            assert not re.search(r"^(SECRET_KEY|POSTGRES_PASSWORD|STRIPE_\w+)=\S", text, re.MULTILINE), path


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.stem)
def test_systemd_understands_every_line_of_a_unit(unit: Path, tmp_path: Path) -> None:
    assert shutil.which("systemd-analyze"), (
        "install the package systemd (nothing of it has to run); `python3 scripts/test.py deploy` does so"
    )
    # Programs where they are here; everything else as it is shipped.
    text = unit.read_text(encoding="utf-8").replace("/srv/masthead/.venv/bin", str(Path(sys.executable).parent))
    (tmp_path / unit.name).write_text(text, encoding="utf-8")
    ran = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(tmp_path / unit.name)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stdout + ran.stderr) == (0, "")


@pytest.fixture
def release(tmp_path: Path) -> Callable[..., list[list[str]]]:
    """Run release.sh with programs that only note how they were called; returns the calls."""
    bin_folder, folder = tmp_path / "bin", tmp_path / "srv" / "deploy" / "debian"
    bin_folder.mkdir()
    folder.mkdir(parents=True)
    log = tmp_path / "calls"
    for name in ("runuser", "systemctl"):
        program = bin_folder / name
        # NUL between the words, so that a word with spaces stays one.
        program.write_text(
            f'#!/bin/bash\nprintf "%s\\0" {name} "$@" >> {log}; echo >> {log}\n[[ "$*" != *"$FAIL"* ]] || exit 1\n',
            encoding="utf-8",
        )
        program.chmod(0o755)
    settings_file = tmp_path / "masthead.env"
    script = (DEPLOY / "debian" / "release.sh").read_text(encoding="utf-8")
    (folder / "release.sh").write_text(script.replace("/etc/masthead/masthead.env", str(settings_file)))

    def run(variables: str, *, fail: str = "\t") -> list[list[str]]:
        settings_file.write_text(variables, encoding="utf-8")
        environment = {"PATH": f"{bin_folder}:{os.environ['PATH']}", "FAIL": fail}
        ran = subprocess.run(
            ["bash", str(folder / "release.sh")], env=environment, capture_output=True, text=True, check=False
        )
        assert ran.returncode == (0 if fail == "\t" else 1), ran.stderr
        return [line.rstrip("\0").split("\0") for line in log.read_text().splitlines()]

    return run


def test_a_release_does_everything_in_order_with_the_values_as_they_are(release: Any) -> None:
    calls = release(
        "# a comment\nSECRET_KEY=a$b\nSHOP_BANK=holder=Kiln & Sons Ltd;account=12345678\n\n"
        "EMAIL_URL=smtp://u:p@mail.kiln.test/?tls=1&from=Kiln <shop@kiln.test>\n"
    )
    given = [
        "SECRET_KEY=a$b",
        "SHOP_BANK=holder=Kiln & Sons Ltd;account=12345678",
        "EMAIL_URL=smtp://u:p@mail.kiln.test/?tls=1&from=Kiln <shop@kiln.test>",
    ]
    as_masthead = ["runuser", "-u", "masthead", "--"]
    start = [*as_masthead, "env", *given, ".venv/bin/python"]
    assert calls == [
        [*as_masthead, "python3", "scripts/bootstrap.py"],
        [*start, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        [*start, "manage.py", "collectstatic", "--noinput"],
        [*start, "scripts/migrate.py"],
        [*start, "manage.py", "setup_shop"],
        ["systemctl", "restart", "masthead-worker"],
        ["systemctl", "restart", "masthead-web"],
    ]


@pytest.mark.parametrize("step", ["bootstrap", "check", "collectstatic", "migrate", "setup_shop"])
def test_a_release_that_fails_leaves_the_running_shop_alone(release: Any, step: str) -> None:
    assert not [call for call in release("SECRET_KEY=a\n", fail=step) if call[0] == "systemctl"]
