"""The picture of one product."""

from typing import Literal, get_args

from demo.art.geometry import num
from demo.art.palette import GROUND, dark
from demo.art.pen import KINDS, Pen
from demo.art.picture import document, hung, paper, shadow, wall_light

WIDTH, HEIGHT = 800, 1000
#: Where the things that stand put their feet.
FLOOR = 800

View = Literal["main", "close", "plain"]
VIEWS: tuple[str, ...] = get_args(View)


def draw_product(
    kind: str, *, glaze: str, second: str | None = None, ground: str, seed: int, view: str = "main"
) -> str:
    """One product picture, 800 x 1000, as SVG text.

    ``glaze`` and ``second`` are names from the palette or ``#rrggbb``, ``ground`` is one of the grounds. ``view``
    is ``main``, ``close`` (a detail) or ``plain`` (the same thing in another light). The same arguments give the
    same text, always.
    """
    if kind not in KINDS:
        raise ValueError(f"There is no drawing for {kind!r}; there is one for each of {', '.join(sorted(KINDS))}.")
    if ground not in GROUND:
        raise ValueError(f"There is no ground {ground!r}; there are {', '.join(GROUND)}.")
    if view not in VIEWS:
        raise ValueError(f"There is no view {view!r}; there are {', '.join(VIEWS)}.")
    pen = Pen(seed, glaze, second)
    wall, table = GROUND[ground]
    drawn = KINDS[kind](pen)
    window = {"main": seed % 4, "close": 4, "plain": (seed + 2) % 4}[view]
    body = f'<path d="M0 0H{WIDTH}V{HEIGHT}H0Z" fill="{wall}"/>' + wall_light(pen, WIDTH, HEIGHT, wall, window)
    if drawn.stance == "stand":
        edge = FLOOR - 120
        body += pen.fill(f"M0 {edge}H{WIDTH}V{HEIGHT}H0Z", table)
        body += pen.fill(
            f"M0 {edge}H{WIDTH}V{FLOOR - 60}H0Z",
            pen.linear(0, edge, 0, FLOOR - 60, (0, dark(table, 0.3), 0.3), (1, table, 0)),
        )
        s = min(1.28, 300 / drawn.half, 620 / drawn.height)
        x = WIDTH / 2 - drawn.half * s * 0.06
        scale = f"{num(s * 100)[:6]}e-2"
        thing = shadow(pen, drawn, x, FLOOR + 4, s)
        thing += f'<g transform="translate({num(x)} {FLOOR}) scale({scale})">{drawn.svg}</g>'
    else:
        turn = f" rotate({(-6, 5, -3, 8)[seed % 4]})" if drawn.stance == "flat" else ""
        placed = f'<g transform="translate(400 900){turn}">{drawn.svg}</g>'
        # What lies flat is turned a little, and so takes up more than it is wide; what hangs may have a cord.
        flat = drawn.stance == "flat"
        reach = min(400, drawn.half + (145 if flat else 100))
        thing = hung(pen, placed, (400 - reach, 80 if flat else 0, 400 + reach, HEIGHT), 26, 34)
    body += thing if view != "close" else f'<g transform="translate(-420 -620) scale(1.9)">{thing}</g>'
    body += paper(pen, WIDTH, HEIGHT, 240, dark(wall, 0.6))
    return document(pen, WIDTH, HEIGHT, body, kind.replace("_", " "))
