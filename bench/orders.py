"""Orders: from a filled basket to "awaiting payment", by visitors with cookies of their own.

wrk sends one request after another and cannot fill in a checkout, so that threads of our own do. What they need themselves is told, and
is taken from the same two cores.
"""

from __future__ import annotations

import itertools
import queue
import statistics
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from .figures import Limit
from .pages import PageError, Target
from .processes import Meter, own_seconds, settle
from .shopper import Shopper, ShopperError

KIND = "orders"
SHOPPERS = 4
# The aim, from the basket to an order that awaits its payment.
PER_SECOND = 15.0
# Orders that are not counted, about two seconds as before every other kind: a process reads its templates once.
WARM_UP = 32
_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Orders:
    """What one way of ordering came to in one round. `wait_ms` is the button's, `own_ms` what the buyers' own program took."""

    orders: int
    seconds: float
    cpu_ms: dict[str, float]
    wait_ms: float
    own_ms: float
    others_cores: float

    @property
    def per_second(self) -> float:
        """Orders a second."""
        return self.orders / self.seconds


def filled(target: Target, products: Sequence[int]) -> Iterator[Shopper]:
    """Visitors with a basket, one of each product in turn."""
    for product in itertools.cycle(products):
        shopper = Shopper(target.port, next(_numbers))
        shopper.add(product)
        shopper.leave()
        yield shopper


def ready(target: Target, products: Sequence[int]) -> Iterator[Shopper]:
    """The same, who have filled in everything and see the button."""
    for shopper in filled(target, products):
        shopper.fill_in()
        shopper.leave()
        yield shopper


def whole(shopper: Shopper) -> float:
    """The three pages and the button; how long the button took."""
    shopper.fill_in()
    return button(shopper)


def button(shopper: Shopper) -> float:
    """The button alone; how long it took."""
    began = time.perf_counter()
    shopper.press()
    took = time.perf_counter() - began
    shopper.leave()
    return took


def together(target: Target, shoppers: Iterable[Shopper], order: Callable[[Shopper], float]) -> Orders:
    """Let these visitors order, so many at once. Raises PageError where one of them could not."""
    waiting: queue.SimpleQueue[Shopper] = queue.SimpleQueue()
    for shopper in shoppers:
        waiting.put(shopper)
    took: list[float] = []
    wrong: list[str] = []

    def run() -> None:
        while not wrong:
            try:
                took.append(order(waiting.get_nowait()))
            except queue.Empty:
                return
            except (OSError, ShopperError) as error:
                wrong.append(str(error))

    own = own_seconds()
    with Meter(target.trees) as meter:
        threads = [threading.Thread(target=run) for _ in range(SHOPPERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    if wrong or not took:
        raise PageError(f"{target.name}: an order could not be placed: {wrong[:1]}")
    return Orders(
        orders=len(took),
        seconds=meter.wall,
        cpu_ms={tree: spent / len(took) * 1e3 for tree, spent in meter.seconds.items()},
        wait_ms=statistics.median(took) * 1e3,
        own_ms=(own_seconds() - own) / len(took) * 1e3,
        others_cores=meter.others,
    )


def measure(
    target: Target, products: Sequence[int], *, rounds: int, orders: int, say: Callable[[str], None]
) -> dict[str, list[Orders]]:
    """Name of the way to its rounds: the whole checkout and its button, of many products and of one."""
    ways = {
        "whole checkout, many products": (filled, whole, products),
        "whole checkout, one product": (filled, whole, products[:1]),
        "the button alone, many products": (ready, button, products),
        "the button alone, one product": (ready, button, products[:1]),
    }
    found: dict[str, list[Orders]] = {name: [] for name in ways}
    together(target, list(itertools.islice(filled(target, products), WARM_UP)), whole)
    for turn in range(rounds):
        for name, (make, order, of) in ways.items():
            shoppers = list(itertools.islice(make(target, of), orders))
            settle(target.trees)
            one = together(target, shoppers, order)
            found[name].append(one)
            say(
                f"round {turn + 1} of {rounds}  {name:32} {one.per_second:6.1f} orders/s "
                f"{sum(one.cpu_ms.values()):7.1f} ms CPU each"
            )
            settle(target.trees)
    return found


def limits(found: dict[str, list[Orders]], name: str) -> list[Limit]:
    """What was aimed for."""
    return [
        Limit(f"{way}, {name} products", PER_SECOND, "orders/s", _middle(rounds), at_least=True)
        for way, rounds in found.items()
    ]


def _middle(rounds: Sequence[Orders]) -> float:
    return statistics.median(one.per_second for one in rounds)


def table(found: dict[str, list[Orders]]) -> list[str]:
    """All of it as a Markdown table."""
    lines = [
        f"From a filled basket to “awaiting payment”, {SHOPPERS} visitors at a time, each with cookies of their own. *whole checkout* is six "
        "requests: e-mail, address and review, each looked at and sent. The buyers' own program runs on the same cores.",
        "",
        "| | orders/s | range | CPU ms an order | of it | the button, p50 ms | the buyers' program, CPU ms | others' cores |",
        "| --- | ---: | --- | ---: | --- | ---: | ---: | ---: |",
    ]
    for way, rounds in found.items():
        speeds = [one.per_second for one in rounds]
        totals = statistics.median(sum(one.cpu_ms.values()) for one in rounds)
        parts = ", ".join(
            f"{tree} {statistics.median(one.cpu_ms[tree] for one in rounds):.1f}" for tree in rounds[0].cpu_ms
        )
        lines.append(
            f"| {way} | {_middle(rounds):.1f} | {min(speeds):.1f}–{max(speeds):.1f} | {totals:.1f} | {parts} "
            f"| {statistics.median(one.wait_ms for one in rounds):.0f} | {statistics.median(one.own_ms for one in rounds):.1f} "
            f"| {statistics.median(one.others_cores for one in rounds):.2f} |"
        )
    return lines
