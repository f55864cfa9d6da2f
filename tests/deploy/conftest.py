"""A server set up as deploy/debian says: the very files, with other paths and ports, over PostgreSQL, DEBUG off."""

from __future__ import annotations

import http.client
import os
import re
import shlex
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from psycopg import sql

ROOT = Path(settings.BASE_DIR)
DEBIAN = ROOT / "deploy" / "debian"
HOST = "shop.example.com"
DATABASE = "masthead_deploy"
KEY = "a-key-for-one-test-run-0123456789-abcdefghijklmnopqrstuvwxyz-0123"


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()


@dataclass(frozen=True)
class Server:
    """nginx, gunicorn and a worker, all of them running."""

    folder: Path
    https: int
    http: int
    worker: subprocess.Popen[bytes]

    def get(self, path: str, *, tls: bool = True, host: str = HOST, method: str = "GET", **headers: str) -> Answer:
        """Ask nginx for `path`; header names are written with underscores."""
        connection: http.client.HTTPConnection
        if tls:
            trusting = ssl._create_unverified_context()
            connection = http.client.HTTPSConnection("127.0.0.1", self.https, timeout=30, context=trusting)
            # The name goes into the handshake, where nginx picks the server by it.
            raw = socket.create_connection(("127.0.0.1", self.https), timeout=30)
            connection.sock = trusting.wrap_socket(raw, server_hostname=host)
        else:
            connection = http.client.HTTPConnection("127.0.0.1", self.http, timeout=30)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.request(method, path, headers={"Host": host, **named})
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            connection.close()

    def log(self) -> str:
        """What every process has said so far."""
        return "".join(f"--- {path.name}\n{path.read_text(errors='replace')}" for path in self.folder.glob("*.log"))


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def moved(text: str, folder: Path, https: int, http_port: int) -> str:
    """The text of one of deploy/debian's files with this test's paths and ports in it."""
    text = text.replace("/srv/masthead", str(ROOT)).replace("/var/lib/masthead", str(folder / "var"))
    text = text.replace("/run/masthead", str(folder)).replace("/var/log/nginx", str(folder))
    text = text.replace(f"/etc/letsencrypt/live/{HOST}", str(folder))
    text = re.sub(r"listen \[::\]:\d+[^;]*;", "", text)
    text = re.sub(r"listen 80\b", f"listen 127.0.0.1:{http_port}", text)
    return re.sub(r"listen 443\b", f"listen 127.0.0.1:{https}", text)


def exec_start(unit: str, folder: Path) -> list[str]:
    """The command of a systemd unit."""
    line = re.search(r"^ExecStart=(.+)$", (DEBIAN / unit).read_text(encoding="utf-8"), re.MULTILINE)
    assert line, f"{unit} starts nothing"
    return shlex.split(moved(line[1], folder, 0, 0))


def make_database(address: str) -> str:
    """An empty database on the server that `address` names; returns its address."""
    with psycopg.connect(address, autocommit=True) as connection:
        name = sql.Identifier(DATABASE)
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(name))
    return re.sub(r"/[^/?]*(\?|$)", rf"/{DATABASE}\1", address, count=1) if address.count("/") > 2 else ""


def certificate(folder: Path) -> None:
    """A certificate of our own making."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", f"/CN={HOST}", "-keyout", "privkey.pem", "-out", "fullchain.pem"],
        cwd=folder, check=True, capture_output=True,
    )  # fmt: skip


def nginx_configuration(folder: Path, https: int, http_port: int) -> Path:
    """The site's configuration inside a small main one."""
    site = moved((DEBIAN / "nginx.conf").read_text(encoding="utf-8"), folder, https, http_port)
    main = folder / "nginx-main.conf"
    (folder / "site.conf").write_text(site, encoding="utf-8")
    kinds = "".join(
        f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    # As root nginx gives its workers to www-data, who may not look into pytest's folders.
    user = "user root;" if os.geteuid() == 0 else ""
    main.write_text(
        f"{user} pid {folder}/nginx.pid; error_log {folder}/nginx.log; daemon off; worker_processes 1;\n"
        f"events {{ worker_connections 256; }}\nhttp {{ include /etc/nginx/mime.types; access_log off;\n{kinds}"
        f"include {folder}/site.conf; }}\n",
        encoding="utf-8",
    )
    return main


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Everything of deploy/debian, started."""
    address = os.environ.get("DATABASE_URL", "")
    assert address.startswith("postgres"), (
        "DATABASE_URL must name a PostgreSQL; `python3 scripts/test.py deploy` starts one"
    )
    folder = tmp_path_factory.mktemp("server")
    (folder / "var" / "media").mkdir(parents=True)
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "masthead.settings.production",
        "SECRET_KEY": KEY,
        "ALLOWED_HOSTS": HOST,
        "DATABASE_URL": make_database(address),
        "EMAIL_URL": "smtp://127.0.0.1:1/?from=shop@masthead.test",
        "SHOP_BANK": "holder=Masthead;account=12345678",
        "MASTHEAD_VAR": str(folder / "var"),
        "MASTHEAD_BIND": f"unix:{folder}/web.sock",
        "WEB_CONCURRENCY": "2",
        "PYTHONWARNINGS": "",
    }
    python = str(ROOT / ".venv" / "bin" / "python")
    for command in (
        ["manage.py", "collectstatic", "--noinput", "--verbosity", "0"],
        ["scripts/migrate.py"],
        ["manage.py", "setup_shop"],
    ):
        ran = subprocess.run([python, *command], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        assert ran.returncode == 0, f"{command}:\n{ran.stdout}{ran.stderr}"

    certificate(folder)
    https, http_port = free_port(), free_port()
    nginx = shutil.which("nginx") or "/usr/sbin/nginx"
    commands = {
        "web": exec_start("masthead-web.service", folder),
        "worker": exec_start("masthead-worker.service", folder),
        "nginx": [nginx, "-p", str(folder), "-c", str(nginx_configuration(folder, https, http_port))],
    }
    running: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for name, command in commands.items():
            with (folder / f"{name}.log").open("ab") as log:
                running[name] = subprocess.Popen(
                    command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT
                )
        made = Server(folder, https, http_port, running["worker"])
        wait_until_ready(made)
        yield made
    finally:
        for process in running.values():
            process.terminate()
        for process in running.values():
            try:
                process.wait(timeout=40)
            except subprocess.TimeoutExpired:
                process.kill()


def wait_until_ready(server: Server) -> None:
    """Return once the shop answers through nginx."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if server.get("/health/ready").status == 200:
                return
        except OSError:
            pass
        time.sleep(0.3)
    pytest.fail(f"the server did not become ready:\n{server.log()}")
