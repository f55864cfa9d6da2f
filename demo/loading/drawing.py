"""Draws the pictures in processes of their own while the database is written: it is the longest part of loading."""

from __future__ import annotations

import io
import multiprocessing
from collections.abc import Iterable
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from types import TracebackType

from PIL import Image

WORKERS = 2
#: The originals. Pages show them until the worker has made their sizes, so they are no larger than a page needs.
PRODUCT_WIDTH = 800
SCENE_WIDTH = 1600
PORTRAIT_WIDTH = 640
#: A story whose picture is one product shows a wide part of it.
CUT_WIDTH, CUT_HEIGHT = 1200, 825
#: Which part: from its middle to its foot, in the drawing's units.
CUT = (0, 340, 800, 550)


@dataclass(frozen=True, slots=True)
class Order:
    """One picture that is wanted: a scene or a portrait by its name, or a product by what `draw_product` takes."""

    scene: str = ""
    portrait: str = ""
    kind: str = ""
    glaze: str = ""
    second: str = ""
    ground: str = ""
    seed: int = 0
    view: str = "main"
    #: A wide cut of the product, for the head of a story.
    wide: bool = False


def draw(order: Order) -> bytes:
    """The picture as JPEG. Runs in a process of its own."""
    from demo import art

    if order.scene:
        svg, _ = art.draw_scene(order.scene)
        return art.to_jpeg(art.rasterise(svg, width=SCENE_WIDTH))
    if order.portrait:
        return art.to_jpeg(art.rasterise(art.draw_portrait(order.portrait), width=PORTRAIT_WIDTH))
    svg = art.draw_product(
        order.kind,
        glaze=order.glaze,
        second=order.second or None,
        ground=order.ground,
        seed=order.seed,
        view=order.view,
    )
    if not order.wide:
        return art.to_jpeg(art.rasterise(svg, width=PRODUCT_WIDTH))
    return art.to_jpeg(art.rasterise(svg, width=CUT_WIDTH, part=CUT))


def size_of(order: Order) -> tuple[int, int]:
    """Width and height of the picture."""
    if order.scene:
        return SCENE_WIDTH, SCENE_WIDTH * 1100 // 1600
    if order.portrait:
        return PORTRAIT_WIDTH, PORTRAIT_WIDTH
    return (CUT_WIDTH, CUT_HEIGHT) if order.wide else (PRODUCT_WIDTH, PRODUCT_WIDTH * 5 // 4)


class Studio:
    """Use as a context manager: `order()` begins to draw, `picture()` waits for it. The same order is drawn once."""

    def __init__(self, *, plain: bool = False) -> None:
        self.plain = plain
        self._pool: ProcessPoolExecutor | None = None
        self._waiting: dict[Order, Future[bytes]] = {}

    def __enter__(self) -> Studio:
        if not self.plain:
            # Not forked: a fork would share the database's connection.
            self._pool = ProcessPoolExecutor(WORKERS, mp_context=multiprocessing.get_context("spawn"))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool:
            self._pool.shutdown(cancel_futures=kind is not None)

    def order(self, orders: Iterable[Order]) -> None:
        """Begin to draw these, in this order."""
        for each in orders:
            if self._pool and each not in self._waiting:
                self._waiting[each] = self._pool.submit(draw, each)

    def picture(self, order: Order) -> bytes:
        """The picture as JPEG; with `plain` a flat one of the same shape, for tests."""
        if not self._pool:
            return _flat(size_of(order))
        self.order([order])
        return self._waiting[order].result()


def _flat(size: tuple[int, int]) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (size[0] // 10, size[1] // 10), "#ccdac8").save(out, "JPEG")
    return out.getvalue()
