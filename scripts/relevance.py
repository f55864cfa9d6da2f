#!/usr/bin/env python3
"""Judge the search results by people's ratings, and fail where our ranking is under its floor. Standard library only.

    python3 scripts/relevance.py [--folder FOLDER] [--vectors] [arguments of search_relevance]

Loads the electronics products below MASTHEAD_DATA (../shared/data) into a database of its own, takes the Elasticsearch
of ELASTICSEARCH_URL or puts a node together (deploy/elasticsearch), indexes, and measures every engine with
`search_relevance`, once more with a slip of the finger in each query. The floors lie in docs/relevance-floor.json. Then
tests/electronics asks what shoppers type, kind by kind. With
--folder the loaded products are kept there for the next time; otherwise everything is gone at the end. With --vectors words
and sentence vectors together are measured too; their packages are then added to .venv. Product data by Icecat under its Open
Content Licence, ratings and catalogue through the Chorus project.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import secrets
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "deploy" / "elasticsearch"))
import bootstrap
import node

ROOT = bootstrap.ROOT
PRODUCTS = "electronics/products.jsonl.gz"
JUDGMENTS = "electronics/judgments.csv"
FLOOR = ROOT / "docs" / "relevance-floor.json"
HEAP = "1g"
MODEL = "all-minilm-l6-v2"
# Tells tests/electronics that the settings are those of the loaded shop.
LOADED = "RELEVANCE_LOADED"


class RelevanceError(Exception):
    """It cannot be measured here; the message says what would help."""


def data_folder() -> Path:
    """Where catalogue and judgements lie. Raises RelevanceError where they do not."""
    folder = Path(os.environ.get("MASTHEAD_DATA", ROOT.parent / "shared" / "data")).resolve()
    for name in (PRODUCTS, JUDGMENTS):
        if not (folder / name).is_file():
            raise RelevanceError(f"{folder / name} is not there: set MASTHEAD_DATA to the folder that holds {name}.")
    return folder


def settings_for(folder: Path, address: str, prefix: str, vectors: str = "") -> dict[str, str]:
    """What the shop's commands read: nothing of another shop's."""
    ours = {"DATABASE_URL", "CACHE_URL", "DJANGO_SETTINGS_MODULE", "SEARCH_VECTORS"}
    return {
        **{name: value for name, value in os.environ.items() if name not in ours},
        "DJANGO_SETTINGS_MODULE": "masthead.settings.dev",
        "SECRET_KEY": secrets.token_urlsafe(40),
        "MASTHEAD_VAR": str(folder),
        "ELASTICSEARCH_URL": address,
        "SEARCH_INDEX_PREFIX": prefix,
        "SEARCH_VECTORS": vectors,
        "PYTHONWARNINGS": "ignore",
    }


def run(what: str, command: Sequence[str], settings: Mapping[str, str]) -> None:
    """Run one of the shop's commands. Raises RelevanceError when it fails; what it said stands above."""
    bootstrap.say(f"{what} ...")
    line = [str(bootstrap.python()), *command]
    if subprocess.run(line, cwd=ROOT, env=dict(settings), check=False).returncode:
        raise RelevanceError(f"{' '.join(command[:2])} failed; what it said stands above.")


def load(folder: Path, data: Path, settings: Mapping[str, str]) -> None:
    """Make the database with the products in it, unless the folder holds it from the last time."""
    stamp, wanted = folder / "relevance-stamp", digest(data)
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    for path in folder.glob("masthead.sqlite3*"):
        path.unlink()
    run("Making the database", ["scripts/migrate.py"], settings)
    run("Setting the shop up", ["manage.py", "setup_shop"], settings)
    report = str(folder / "import.csv")
    run(
        "Importing the products",
        ["manage.py", "import_products", str(data / PRODUCTS), "--report", report],
        settings,
    )
    stamp.write_text(wanted)


def digest(data: Path) -> str:
    """A hash over what the loaded database hangs on: the file, the migrations, and how products are imported."""
    sums = hashlib.sha256((data / PRODUCTS).read_bytes())
    sources = [*ROOT.glob("*/**/migrations/*.py"), *(ROOT / "shop" / "catalogue" / "importing").glob("*.py")]
    for path in sorted(path for path in sources if ".venv" not in path.parts):
        sums.update(path.read_bytes())
    return sums.hexdigest()


@contextmanager
def indices(address: str) -> Iterator[str]:
    """A prefix for indices of our own, which are deleted at the end: the server may be somebody else's."""
    prefix = f"relevance-{secrets.token_hex(4)}"
    try:
        yield prefix
    finally:
        with suppress(OSError, ValueError, urllib.error.URLError):
            with urllib.request.urlopen(f"{address}/{prefix}-*", timeout=10) as answer:
                names = list(json.load(answer))
            for name in names:
                urllib.request.urlopen(urllib.request.Request(f"{address}/{name}", method="DELETE"), timeout=30).close()


def measure(folder: Path, data: Path, arguments: Sequence[str], *, vectors: str = "") -> None:
    """Load, index and judge. Raises RelevanceError where a step fails or the ranking is under its floor."""
    with node.server(heap=HEAP) as address, indices(address) as prefix:
        settings = settings_for(folder, address, prefix, vectors)
        load(folder, data, settings)
        run("Indexing", ["manage.py", "search_reindex"], settings)
        judge = ["manage.py", "search_relevance", "--judgments", str(data / JUDGMENTS), "--typos"]
        cases = ["-m", "pytest", "-q", "tests/electronics"]
        # All of it, so that one run shows everything that is wrong.
        with ExitStack() as last:
            last.callback(run, "Trying what shoppers type", cases, {**settings, LOADED: "1"})
            run("Judging", [*judge, "--floor", str(FLOOR), *arguments], settings)


def main() -> int:
    """The command line; 0 when our ranking is over its floor."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, help="keep the loaded products here")
    parser.add_argument("--vectors", action="store_true", help="measure with sentence vectors as well")
    given, rest = parser.parse_known_args()
    vectors = MODEL if given.vectors else ""
    try:
        data = data_folder()
        bootstrap.ensure(dev=True)
        if vectors:
            bootstrap.ensure_vectors()
        if given.folder:
            given.folder.mkdir(parents=True, exist_ok=True)
            measure(given.folder.resolve(), data, rest, vectors=vectors)
        else:
            with tempfile.TemporaryDirectory(prefix="masthead-relevance-") as folder:
                measure(Path(folder), data, rest, vectors=vectors)
    except (RelevanceError, bootstrap.BootstrapError, node.NodeError) as error:
        print(f"make relevance: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
