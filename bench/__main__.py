"""Measure this shop beside a stock Oscar, and the time limits.

    make bench                       2,000 and all products, three rounds, time limits: half an hour
    make bench ARGS=--quick          2,000 products, short rounds, no time limits: five minutes
    make bench ARGS="--sizes all --shops elastic --kinds search --scale yes"     how Elasticsearch grows to 500,000
    make bench ARGS="--serve --sizes 2000 --shops ours"    load and serve, to look with a profiler; Ctrl-C ends it

Needs PostgreSQL and wrk (installed with apt where this runs as root) and the catalogue below MASTHEAD_DATA
(../shared/data where that is not set). Results: var/bench/results.json and results.md. Exit status 1: it could not be
measured; 3: it was, and requests failed.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "scripts"))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "deploy" / "elasticsearch"))
import bootstrap
import node
import postgres

from . import limits, orders, ours, scaled, theirs
from .arguments import SHOPS, parse
from .figures import ELASTIC, OSCAR, OURS, Figures, Limit, aims, all_figures, kind_table, limits_table, summary_table
from .pages import Kind, PageError, Target
from .picks import CATALOGUE, JUDGMENTS, Picks, pick, read_queries, read_rows
from .processes import listeners
from .rounds import CONNECTIONS, Pace, measure
from .sites import Site, SiteError, run, serving

ROOT = bootstrap.ROOT
# As a small server would have it; all else is PostgreSQL's default.
POSTGRES = ["-c", "shared_buffers=512MB", "-c", "max_connections=100"]
# So many orders in each round for each second of wrk.
ORDERS_A_SECOND = 15
SOURCE = "Product data by Icecat under its Open Content Licence, through the Chorus project."

Kinds = Callable[[], dict[str, Kind]]


def _same(kinds: dict[str, Kind]) -> dict[str, Kind]:
    return kinds


class BenchError(Exception):
    """The benchmark cannot run here; the message says what would help."""


@dataclass(frozen=True, slots=True)
class Compared:
    """What was measured."""

    targets: list[Target]
    figures: dict[str, dict[str, Figures]]
    ordered: dict[str, dict[str, list[orders.Orders]]] = field(default_factory=dict)
    growth: scaled.Growth | None = None


@dataclass(frozen=True, slots=True)
class Server:
    """A PostgreSQL of our own."""

    address: str
    programs: Path
    pid: int

    def create(self, name: str, *, template: str = "template1") -> str:
        """Make a database, and return its address."""
        parts = urlsplit(self.address)
        command = [str(self.programs / "createdb"), "-h", "127.0.0.1", "-p", str(parts.port), "-U", str(parts.username)]
        run([*command, "-T", template, name], cwd=Path("/"), environment=os.environ)
        return f"{self.address.rsplit('/', 1)[0]}/{name}"


def say(text: str) -> None:
    """One line of progress with the time it took so far."""
    minutes, seconds = divmod(int(time.monotonic() - STARTED), 60)
    print(f"{minutes:3}:{seconds:02}  {text}", file=sys.stderr, flush=True)


STARTED = time.monotonic()


def data_folder() -> Path:
    """Where the catalogue lies. Raises BenchError where it does not."""
    folder = Path(os.environ.get("MASTHEAD_DATA", ROOT.parent / "shared" / "data")).resolve()
    for name in (CATALOGUE, JUDGMENTS):
        if not (folder / name).is_file():
            raise BenchError(f"{folder / name} is not there: set MASTHEAD_DATA to the folder that holds {name}.")
    return folder


def var_folder() -> Path:
    """Where everything that is made lies."""
    return Path(os.environ.get("MASTHEAD_VAR", ROOT / "var")).resolve() / "bench"


def need_wrk() -> None:
    """Install wrk where it is missing. Raises BenchError where that is not possible."""
    if shutil.which("wrk"):
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise BenchError("wrk is not installed, and only root can install it with apt: install the package wrk.")
    bootstrap.apt_install("wrk")


@contextmanager
def database_server() -> Iterator[Server]:
    """A PostgreSQL of our own, whatever DATABASE_URL says: its CPU has to be counted."""
    with postgres.private_server(POSTGRES) as address:
        pids = listeners(urlsplit(address).port or 0)
        if not pids:
            raise BenchError("PostgreSQL was started, and its process cannot be seen: /proc has to be readable.")
        yield Server(address, postgres.find_programs(), min(pids))


def load_ours(server: Server, all_picks: Sequence[Picks], *, data: Path, folder: Path) -> list[tuple[Site, Kinds]]:
    """Our shop in each size. The tables are made once and copied."""
    say(f"{OURS}: making the tables")
    ours.migrate(database_url=server.create("ours"), folder=folder / "ours")
    loaded: list[tuple[Site, Kinds]] = []
    for picks in all_picks:
        say(f"{OURS}: loading {picks.size:,} products")
        name = f"ours_{picks.size}"
        site, kinds = ours.load(
            picks, data=data, database_url=server.create(name, template="ours"), folder=folder / name,
            port=postgres.free_port(),
        )  # fmt: skip
        loaded.append((site, partial(_same, kinds)))
        say(f"{OURS}: {picks.size:,} products are in")
    return loaded


def load_oscar(server: Server, all_picks: Sequence[Picks], *, data: Path, folder: Path) -> list[tuple[Site, Kinds]]:
    """The stock Oscar in each size."""
    venv = folder / "oscar-venv"
    say(f"{OSCAR}: virtual environment and tables")
    theirs.make_environment(venv)
    theirs.migrate(venv=venv, database_url=server.create("oscar"), folder=folder / "oscar")
    loaded: list[tuple[Site, Kinds]] = []
    for picks in all_picks:
        say(f"{OSCAR}: loading and indexing {picks.size:,} products")
        name, port = f"oscar_{picks.size}", postgres.free_port()
        site, found = theirs.load(
            picks, data=data, venv=venv, database_url=server.create(name, template="oscar"), folder=folder / name,
            port=port,
        )  # fmt: skip
        loaded.append((site, partial(theirs.kinds, found, port=port)))
        say(f"{OSCAR}: {picks.size:,} products are in")
    return loaded


def load_all(
    server: Server, arguments: argparse.Namespace, *, data: Path, folder: Path, elasticsearch: str = ""
) -> list[tuple[Site, Kinds]]:
    """Every shop in every size, the two shops side by side. Ordered by size."""
    queries = read_queries(data)
    all_picks = [pick(read_rows(data, size), queries) for size in arguments.sizes]
    loaders = {"ours": load_ours, "oscar": load_oscar}
    with ThreadPoolExecutor(max_workers=len(loaders)) as pool:
        jobs = [
            pool.submit(loaders[shop], server, all_picks, data=data, folder=folder)
            for shop in loaders
            if shop in arguments.shops or (shop == "ours" and "elastic" in arguments.shops)
        ]
        loaded = [one for job in jobs for one in job.result()]
    if elasticsearch:
        loaded += load_elastic(server, loaded, address=elasticsearch, folder=folder)
    order = list(SHOPS.values())
    wanted = {SHOPS[shop] for shop in arguments.shops}
    return sorted(
        (one for one in loaded if one[0].shop in wanted), key=lambda one: (one[0].size, order.index(one[0].shop))
    )


def load_elastic(
    server: Server, loaded: Sequence[tuple[Site, Kinds]], *, address: str, folder: Path
) -> list[tuple[Site, Kinds]]:
    """Our shops once more, each on a copy of its database, with Elasticsearch."""
    made: list[tuple[Site, Kinds]] = []
    for site, kinds in [one for one in loaded if one[0].shop == OURS]:
        name = f"elastic_{site.size}"
        copy, found, said = ours.on_elasticsearch(
            site,
            kinds(),
            address=address,
            database_url=server.create(name, template=f"ours_{site.size}"),
            folder=folder / name,
            port=postgres.free_port(),
        )
        made.append((copy, partial(_same, found)))
        say(f"{copy.name}: {said}")
    return made


def compare(arguments: argparse.Namespace, *, data: Path, folder: Path) -> Compared:
    """Load, serve and measure."""
    with ExitStack() as stack:
        server = stack.enter_context(database_server())
        address = stack.enter_context(node.server(heap=node.HEAP)) if "elastic" in arguments.shops else ""
        node_pids = listeners(urlsplit(address).port or 0) if address else set()
        loaded = load_all(server, arguments, data=data, folder=folder, elasticsearch=address)
        targets = []
        for site, kinds in loaded:
            trees = {**stack.enter_context(serving(site)), "database": server.pid}
            if site.shop == ELASTIC:
                # One that runs elsewhere (ELASTICSEARCH_URL) cannot be seen; its CPU is then missing.
                trees |= dict.fromkeys(["elasticsearch"][: len(node_pids)], min(node_pids, default=0))
            chosen = {name: kind for name, kind in kinds().items() if name in arguments.kinds}
            targets.append(Target(site.name, site.shop, site.size, site.port, trees, chosen))
            say(f"{site.name} answers on http://127.0.0.1:{site.port}/")
        if arguments.serve:
            show(targets)
            wait_for_interrupt()
            return Compared(targets, {})
        figures = all_figures(measure(targets, arguments.pace, say=say))
        ordered = order_in(loaded, targets, arguments) if orders.KIND in arguments.kinds else {}
        # The largest of our shops on Elasticsearch.
        largest = next((site for site, _kinds in reversed(loaded) if site.shop == ELASTIC), None)
        if largest is None or not arguments.scale:
            return Compared(targets, figures, ordered)
        say(f"{largest.name} grows to {arguments.scale:,} products, which takes minutes")
        queries = pick(read_rows(data, largest.size), read_queries(data)).queries
        return Compared(targets, figures, ordered, scaled.compare(largest, queries, products=arguments.scale))


def order_in(
    loaded: Sequence[tuple[Site, Kinds]], targets: Sequence[Target], arguments: argparse.Namespace
) -> dict[str, dict[str, list[orders.Orders]]]:
    """Our shop's size to what ordering there came to."""
    found = {}
    for (_site, kinds), target in zip(loaded, targets, strict=True):
        if target.shop != OURS:
            continue
        say(f"{target.name}: orders")
        products = [ours.product_of(request) for request in kinds()["basket-add"].requests]
        count = arguments.pace.seconds * ORDERS_A_SECOND
        found[f"{target.size:,}"] = orders.measure(
            target, products, rounds=arguments.pace.rounds, orders=count, say=say
        )
    return found


def show(targets: Sequence[Target]) -> None:
    """Print what serves, with process ids and an address of each kind."""
    for target in targets:
        print(target.name, " ".join(f"{name}={pid}" for name, pid in target.trees.items()))
        for name, kind in target.kinds.items():
            print(f"  {name:11} http://127.0.0.1:{target.port}{kind.requests[0].path}", flush=True)


def wait_for_interrupt() -> None:
    """Until Ctrl-C or SIGTERM."""
    asked = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: asked.set())
    asked.wait()


def report(compared: Compared, promises: Sequence[Limit], pace: Pace) -> str:
    """Everything as Markdown."""
    targets, figures, growth = compared.targets, compared.figures, compared.growth
    lines = [
        "# Benchmark",
        "",
        f"{time.strftime('%Y-%m-%d %H:%M UTC', time.gmtime())}, {os.cpu_count()} cores, "
        f"{platform.system()} {platform.machine()}, Python {platform.python_version()}, load {os.getloadavg()[1]:.1f}. "
        f"{pace.rounds} rounds of {pace.seconds} s with {CONNECTIONS} connections and {pace.alone} requests one by one; "
        f"medians of the rounds. {SOURCE}",
        "",
    ]
    if figures:
        lines += [*summary_table(figures, targets), ""]
        for kind, found in figures.items():
            lines += [f"## {kind}", "", *kind_table(found, targets), ""]
    for size, ways in compared.ordered.items():
        lines += [f"## Orders, {size} products", "", *orders.table(ways), ""]
    if growth:
        lines += [f"## {growth.large:,} products", "", *growth.table(), ""]
    if promises:
        lines += ["## Aims and time limits", "", *limits_table(promises), ""]
    return "\n".join(lines)


def clean_up(folder: Path) -> None:
    """Leave the results and Oscar's virtual environment only."""
    for path in folder.iterdir() if folder.is_dir() else []:
        if path.is_dir() and path.name != "oscar-venv":
            shutil.rmtree(path, ignore_errors=True)


def main(arguments: Sequence[str]) -> int:
    """Measure what was asked for; print and keep it."""
    given = parse(arguments, description=__doc__)
    # Whoever ends us kindly gets everything cleaned up as well.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    folder = var_folder()
    compared = Compared([], {})
    promises: list[Limit] = []
    try:
        data = data_folder()
        bootstrap.ensure()
        clean_up(folder)
        folder.mkdir(parents=True, exist_ok=True)
        if given.limits != "only":
            need_wrk()
            compared = compare(given, data=data, folder=folder)
            promises += aims(compared.figures, compared.targets)
            promises += [one for size, found in compared.ordered.items() for one in orders.limits(found, size)]
            promises += compared.growth.limits() if compared.growth else []
        if given.limits != "no":
            promises += limits.check(data=data, folder=folder / "limits", say=say)
    except (
        BenchError,
        PageError,
        SiteError,
        bootstrap.BootstrapError,
        node.NodeError,
        postgres.PostgresError,
        OSError,
    ) as error:
        print(f"make bench: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        clean_up(folder)
    if given.serve:
        return 0
    text = report(compared, promises, given.pace)
    print(text)
    (folder / "results.md").write_text(text, encoding="utf-8")
    kept = {
        "figures": {
            kind: {name: asdict(one) for name, one in found.items()} for kind, found in compared.figures.items()
        },
        "orders": {
            size: {way: [asdict(one) for one in rounds] for way, rounds in found.items()}
            for size, found in compared.ordered.items()
        },
        "limits": [{**asdict(one), "verdict": one.verdict} for one in promises],
        "pace": asdict(given.pace),
        "growth": asdict(compared.growth) if compared.growth else None,
    }
    (folder / "results.json").write_text(json.dumps(kept, indent=1), encoding="utf-8")
    say(f"kept in {folder / 'results.md'} and results.json")
    return 3 if any(one.failed for found in compared.figures.values() for one in found.values()) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
