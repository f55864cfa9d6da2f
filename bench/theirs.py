"""A stock Oscar of the same size: its own templates, views and Whoosh search, in a virtual environment of its own."""

from __future__ import annotations

import hashlib
import json
import re
import sys
import urllib.parse
from pathlib import Path
from typing import Any

from .figures import OSCAR
from .pages import Kind, PageError, Request, Target, ask
from .picks import CATALOGUE, Picks
from .sites import Site, clean_environment, run

HERE = Path(__file__).resolve().parent
PROJECT = HERE / "stock_oscar"
REQUIREMENTS = HERE / "requirements.txt"
CARD = r'<article class="product_pod"'
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
FEWEST_IN_CATEGORY = 20


def make_environment(venv: Path) -> None:
    """Make the virtual environment, unless it holds these very pins already."""
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
    stamp = venv / "pins"
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    quiet = clean_environment()
    run([sys.executable, "-m", "venv", "--clear", venv], cwd=HERE, environment=quiet)
    pip = [str(venv / "bin" / "python"), "-m", "pip", "--disable-pip-version-check"]
    run([*pip, "install", "--quiet", "--no-deps", "-r", str(REQUIREMENTS)], cwd=HERE, environment=quiet)
    run([*pip, "check"], cwd=HERE, environment=quiet)
    stamp.write_text(wanted)


def environment(*, database_url: str, folder: Path) -> dict[str, str]:
    """What its processes read."""
    return clean_environment(DATABASE_URL=database_url, BENCH_STATE=str(folder), PYTHONWARNINGS="ignore")


def migrate(*, venv: Path, database_url: str, folder: Path) -> None:
    """Make the tables."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = environment(database_url=database_url, folder=folder)
    run([venv / "bin" / "python", "manage.py", "migrate", "--verbosity", "0"], cwd=PROJECT, environment=settings)


def load(
    picks: Picks, *, data: Path, venv: Path, database_url: str, folder: Path, port: int
) -> tuple[Site, dict[str, list[Any]]]:
    """Load the products and index them. Returns what can be served, and the addresses (see `kinds`)."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = environment(database_url=database_url, folder=folder)
    python = str(venv / "bin" / "python")
    said = run([python, "load.py", str(data / CATALOGUE)], cwd=PROJECT, environment=settings, given=picks.as_json())
    found = json.loads(said.strip().splitlines()[-1])
    # Last of all: the static files' names are read from a list that this writes.
    run([python, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"], cwd=PROJECT, environment=settings)
    gunicorn = [
        str(venv / "bin" / "gunicorn"), "wsgi:application", "--workers", "2", "--no-control-socket",
        "--bind", f"127.0.0.1:{port}",
    ]  # fmt: skip
    site = Site(
        name=f"{OSCAR} {picks.size:,}", shop=OSCAR, size=picks.size, port=port, folder=folder,
        working_directory=PROJECT, environment=settings, commands={"server": gunicorn}, ready="/bench-story/",
    )  # fmt: skip
    return site, found


def kinds(found: dict[str, list[Any]], *, port: int) -> dict[str, Kind]:
    """What is asked for, and what each page has to show. The site must be running: its form wants a token."""
    common = {"Host": f"127.0.0.1:{port}", "User-Agent": "bench"}
    pages = {name: tuple(Request(path, headers=common) for path in paths) for name, paths in found.items()}
    cookie, token = form_token(pages["product"][0], port=port)
    form = {**common, "Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
    body = urllib.parse.urlencode({"quantity": 1, "csrfmiddlewaretoken": token})
    adds = tuple(Request(path, "POST", form, body) for path in found["basket-add"])
    return {
        "category": Kind(pages["category"], items=CARD, fewest_items=FEWEST_IN_CATEGORY),
        "product": Kind(pages["product"], contains=("€", "add_to_basket_form")),
        "search": Kind(pages["search"], items=CARD, fewest_items=1),
        "story": Kind(pages["story"], contains=("Six things for a desk",)),
        "basket-add": Kind(adds, expect=302, set_cookie="oscar_open_basket"),
    }


def form_token(request: Request, *, port: int) -> tuple[str, str]:
    """Visit a page as somebody new; the cookie and the token of its form. Raises PageError without either."""
    target = Target("Stock Oscar", OSCAR, 0, port, {}, {})
    connection = target.connect()
    answer = ask(connection, request)
    connection.close()
    cookie = next((one for one in answer.cookies if one.startswith("csrftoken=")), "")
    token = TOKEN.search(answer.text)
    if not (cookie and token):
        raise PageError(f"stock Oscar {request.path}: status {answer.status}, no form token in it")
    return cookie, token[1]
