"""Our own shop: loaded as an operator would load it, served as deploy/debian serves it, over plain http."""

from __future__ import annotations

import gzip
import itertools
import json
import secrets
import urllib.parse
from dataclasses import replace
from pathlib import Path
from typing import Any

from .figures import ELASTIC, OURS
from .pages import Kind, Request
from .picks import CATALOGUE, GRIDS, IN_A_GRID, Picks
from .sites import Site, clean_environment, run

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
PYTHON = str(BIN / "python")
CARD = r'<article class="card"'
# So many as a list shows first; a brand may have fewer.
FEWEST_IN_CATEGORY = 20
# A catalogue of a few hundred products has too few words for searches that are never made twice.
FEWEST_NEW = 4000


def environment(*, database_url: str, folder: Path) -> dict[str, str]:
    """What our processes read."""
    return clean_environment(
        DJANGO_SETTINGS_MODULE="bench.settings",
        PYTHONPATH=str(ROOT),
        SECRET_KEY=secrets.token_urlsafe(60),
        ALLOWED_HOSTS="127.0.0.1",
        DATABASE_URL=database_url,
        # Nobody listens there, and nothing that is measured sends mail.
        EMAIL_URL="smtp://127.0.0.1:1/?from=bench@masthead.test",
        # Orders are paid there; nobody sends anything.
        SHOP_BANK="holder=Bench;account=12345678",
        MASTHEAD_VAR=str(folder),
        PYTHONWARNINGS="ignore",
    )


def migrate(*, database_url: str, folder: Path) -> None:
    """Make the tables, and what every shop needs before its first page."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = environment(database_url=database_url, folder=folder)
    run([PYTHON, "scripts/migrate.py"], cwd=ROOT, environment=settings)
    run([PYTHON, "manage.py", "setup_shop"], cwd=ROOT, environment=settings)


def first_lines(data: Path, size: int, target: Path) -> Path:
    """The catalogue's first `size` lines as a file of their own."""
    with gzip.open(data / CATALOGUE, "rb") as lines, target.open("wb") as handle:
        handle.writelines(itertools.islice(lines, size))
    return target


def load(picks: Picks, *, data: Path, database_url: str, folder: Path, port: int) -> tuple[Site, dict[str, Kind]]:
    """Import the products, bring the lists up to date, write the story. Returns what can be served and measured."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = environment(database_url=database_url, folder=folder)
    manage = [PYTHON, "manage.py"]
    file = first_lines(data, picks.size, folder / "products.jsonl")
    run([*manage, "import_products", str(file), "--report", str(folder / "import.csv")], cwd=ROOT, environment=settings)
    run([*manage, "worker", "--once"], cwd=ROOT, environment=settings)
    run([*manage, "collectstatic", "--noinput", "--verbosity", "0"], cwd=ROOT, environment=settings)
    said = run([PYTHON, "-m", "bench.ours_side"], cwd=ROOT, environment=settings, given=picks.as_json())
    found = json.loads(said.strip().splitlines()[-1])
    gunicorn = [
        str(BIN / "gunicorn"),
        "--config",
        "deploy/debian/gunicorn.conf.py",
        "masthead.wsgi:application",
    ]
    site = Site(
        name=f"{OURS} {picks.size:,}", shop=OURS, size=picks.size, port=port, folder=folder, working_directory=ROOT,
        environment={**settings, "MASTHEAD_BIND": f"127.0.0.1:{port}", "WEB_CONCURRENCY": "2"},
        commands={"server": gunicorn, "worker": [PYTHON, "manage.py", "worker"]},
        ready="/health/ready",
    )  # fmt: skip
    return site, kinds(found, port=port)


def on_elasticsearch(
    site: Site, kinds: dict[str, Kind], *, address: str, database_url: str, folder: Path, port: int
) -> tuple[Site, dict[str, Kind], str]:
    """The same shop on a database of its own with an Elasticsearch, its kinds of lists, and what indexing it said.

    It has the other one's static files: without them no page of production's can be drawn.
    """
    folder.mkdir(parents=True, exist_ok=True)
    settings = {
        **site.environment,
        "DATABASE_URL": database_url,
        "MASTHEAD_BIND": f"127.0.0.1:{port}",
        "ELASTICSEARCH_URL": address,
        "SEARCH_INDEX_PREFIX": f"bench-{site.size}",
    }
    reindex = [PYTHON, "manage.py", "search_reindex", "--index-only", "--quiet"]
    lines = run(reindex, cwd=ROOT, environment=settings).splitlines()
    # The products', and not the pages', of which there are none.
    said = next(line for line in lines if line.startswith("Index: "))
    made = replace(site, name=f"{ELASTIC} {site.size:,}", shop=ELASTIC, port=port, folder=folder, environment=settings)
    asked = {name: kinds[name] for name in ("category", "search", "search-new", "suggest") if name in kinds}
    return made, {name: kind.at(port) for name, kind in asked.items()}, said


def kinds(found: dict[str, list[Any]], *, port: int) -> dict[str, Kind]:
    """What is asked for, and what each page has to show."""
    common = {"Host": f"127.0.0.1:{port}", "User-Agent": "bench"}
    form = {
        **common,
        "Content-Type": "application/x-www-form-urlencoded",
        # How a current browser sends the form of a page of ours.
        "Sec-Fetch-Site": "same-origin",
        "Origin": f"http://127.0.0.1:{port}",
    }
    pages = {
        name: tuple(Request(path, headers=common) for path in found[name]) for name in found if name != "basket-add"
    }
    adds = tuple(
        Request("/basket/add/", "POST", form, urllib.parse.urlencode({"product": pk, "quantity": 1}))
        for pk in found["basket-add"]
    )
    found_kinds = {
        "category": Kind(pages["category"], items=CARD, fewest_items=FEWEST_IN_CATEGORY),
        "product": Kind(pages["product"], contains=("£", 'action="/basket/add/"')),
        "search": Kind(pages["search"], items=CARD, fewest_items=1),
        "search-new": Kind(pages["search-new"], items=CARD, fewest_items=1, once=True),
        "suggest": Kind(pages["suggest"], contains=('role="option"',)),
        "story": Kind(pages["story"], items=CARD, fewest_items=GRIDS * IN_A_GRID, contains=("£",)),
        "basket-add": Kind(adds, expect=303, set_cookie="oscar_open_basket"),
    }
    if len(pages["search-new"]) < FEWEST_NEW:
        del found_kinds["search-new"]
    return found_kinds


def product_of(request: Request) -> int:
    """Which product an add is about."""
    return int(urllib.parse.parse_qs(request.body or "")["product"][0])
