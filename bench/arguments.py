"""The command line of `make bench`."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace

from . import orders, scaled
from .figures import ELASTIC, OSCAR, OURS
from .pages import KINDS
from .rounds import Pace

SHOPS = {"ours": OURS, "elastic": ELASTIC, "oscar": OSCAR}


def parse(arguments: Sequence[str], *, description: str | None = None) -> argparse.Namespace:
    """The command line, with `pace` worked out."""
    parser = argparse.ArgumentParser(
        prog="make bench", description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="2,000 products, one short round, no time limits")
    parser.add_argument("--sizes", help="how many products: numbers and 'all', split by commas (2000,all)")
    kinds = (*KINDS, orders.KIND)
    parser.add_argument("--kinds", default=",".join(kinds), help=f"some of {','.join(kinds)}")
    parser.add_argument("--shops", default=",".join(SHOPS), help=f"some of {','.join(SHOPS)}")
    parser.add_argument("--rounds", type=int, help="3, with --quick 1")
    parser.add_argument("--seconds", type=int, help="of wrk for each kind, shop and round (6, with --quick 4)")
    parser.add_argument(
        "--limits", choices=["yes", "no", "only"], help="check the time limits as well (yes; --quick: no)"
    )
    parser.add_argument("--scale", help="Elasticsearch with 500,000 products, or so many, as well (yes; --quick: no)")
    parser.add_argument("--serve", action="store_true", help="load and serve without measuring, until Ctrl-C")
    given = parser.parse_args(arguments)
    given.sizes = [
        read_size(text, parser) for text in (given.sizes or ("2000" if given.quick else "2000,all")).split(",")
    ]
    for name, known in (("kinds", kinds), ("shops", tuple(SHOPS))):
        chosen = getattr(given, name).split(",")
        if unknown := [one for one in chosen if one not in known]:
            parser.error(f"--{name}: {unknown[0]!r} is none of {', '.join(known)}")
        setattr(given, name, chosen)
    for name in ("rounds", "seconds"):
        if (value := getattr(given, name)) is not None and value < 1:
            parser.error(f"--{name}: {value} is less than 1")
    given.limits = given.limits or ("no" if given.quick or given.serve else "yes")
    given.scale = read_scale(given.scale or ("no" if given.quick or given.serve else "yes"), parser)
    usual = Pace(rounds=1, seconds=4, alone=15) if given.quick else Pace()
    given.pace = replace(usual, rounds=given.rounds or usual.rounds, seconds=given.seconds or usual.seconds)
    return given


def read_size(text: str, parser: argparse.ArgumentParser) -> int | None:
    """A number of products, or None for 'all'."""
    if text == "all":
        return None
    if not text.isdigit() or int(text) < 200:
        parser.error(f"--sizes: {text!r} is neither 'all' nor a number of 200 or more")
    return int(text)


def read_scale(text: str, parser: argparse.ArgumentParser) -> int:
    """How many products Elasticsearch grows to; 0 for none."""
    if text in {"yes", "no"}:
        return scaled.PRODUCTS if text == "yes" else 0
    if not text.isdigit() or int(text) < 1000:
        parser.error(f"--scale: {text!r} is neither 'yes', 'no' nor a number of 1000 or more")
    return int(text)
