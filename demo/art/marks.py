"""Makers' marks: what each presses, burns or etches into what it sells."""

import math
from collections.abc import Callable

from demo.art.geometry import ellipse, num, polygon, spline
from demo.art.palette import GLAZE, GROUND, INK, dark, light
from demo.art.pen import Pen
from demo.art.picture import document, paper

SIZE = 400

#: Draws a mark round the origin, in a circle of radius 100, in the pen's colour.
Mark = Callable[[Pen], str]
MARKS: dict[str, Mark] = {}


def _mark(slug: str) -> Callable[[Mark], Mark]:
    def register(drawing: Mark) -> Mark:
        MARKS[slug] = drawing
        return drawing

    return register


@_mark("ines-calder")
def _ines(pen: Pen) -> str:
    # Her initials, cut with one tool in one go.
    return pen.stroke("M-44 -62V62M-62 -62H-26M-62 62H-26M70 -38C40 -78 0 -50 0 0S40 78 70 38", pen.colour, 17)


@_mark("harrow-pottery")
def _harrow(pen: Pen) -> str:
    teeth = "".join(f"M{x} {y}v44" for y in (-58, 8) for x in (-60, -20, 20, 60))
    return pen.stroke(f"M-78 -58H78M-78 8H78M0 -92V-58{teeth}", pen.colour, 14)


@_mark("tern-and-daughter")
def _tern(pen: Pen) -> str:
    bird = (
        "M-8 6C-40 -44 -84 -56 -104 -50C-72 -36 -52 -8 -40 22L-70 44L-26 40C8 48 40 34 52 10"
        "L86 2L54 -8C44 -22 22 -22 12 -6C24 -56 60 -82 96 -84C58 -100 2 -76 -8 6Z"
    )
    chick = f'<g transform="translate(52 66) scale(.44)">{pen.fill(bird, pen.colour)}</g>'
    return f'<g transform="translate(-6 -14)">{pen.fill(bird, pen.colour)}</g>' + chick


@_mark("foundry-row")
def _foundry(pen: Pen) -> str:
    roofs = polygon(
        (-90, 70),
        (-90, -6),
        (-46, -44),
        (-46, -6),
        (-2, -44),
        (-2, -6),
        (42, -44),
        (42, -6),
        (58, -6),
        (62, -92),
        (82, -92),
        (90, 70),
    )
    door = pen.fill("M-26 70V34A20 20 0 0 1 14 34V70Z", pen.second)
    return pen.fill(roofs, pen.colour) + door


@_mark("oak-and-adze")
def _oak(pen: Pen) -> str:
    nut = "M-40 -8C-42 46 -16 76 0 92C16 76 42 46 40 -8Z"
    cup = "M-54 -10C-54 -58 54 -58 54 -10C30 2 -30 2 -54 -10Z"
    cuts = "".join(pen.stroke(f"M{x} -40L{x + 16} -8", pen.second, 5) for x in (-42, -22, -2, 18))
    return (
        pen.fill(nut, pen.colour)
        + pen.fill(cup, pen.colour)
        + cuts
        + pen.stroke("M0 -44C0 -70 14 -84 34 -90", pen.colour, 13)
    )


@_mark("lowmill")
def _lowmill(pen: Pen) -> str:
    out = ""
    for i, x in enumerate((-60, -20, 20, 60)):
        for j, y in enumerate((-60, -20, 20, 60)):
            d = f"M{x - 22} {y}h44" if (i + j) % 2 else f"M{x} {y - 22}v44"
            out += pen.stroke(d, pen.colour, 15, 1, "butt")
    return out


@_mark("still-glass")
def _glass(pen: Pen) -> str:
    pipe = pen.stroke("M0 -98V-20", pen.colour, 11)
    bubble = pen.stroke(ellipse(0, 34, 56, 58), pen.colour, 12)
    return pipe + bubble + pen.stroke("M-26 24A30 32 0 0 1 2 0", pen.colour, 9)


@_mark("sill-and-whet")
def _whet(pen: Pen) -> str:
    blade = "M-88 58L64 -94C78 -30 20 22 -48 74Z"
    return pen.fill(blade, pen.colour) + pen.stroke("M-30 92L92 -30", pen.colour, 15)


@_mark("withy-works")
def _withy(pen: Pen) -> str:
    rods = "".join(
        pen.stroke(f"M{num(x)} -66C{num(x * 1.2)} -20 {num(x * 1.1)} 30 {num(x * 0.7)} 70", pen.colour, 8)
        for x in (-66, -33, 0, 33, 66)
    )
    weave = "".join(
        pen.stroke(
            spline([(-76 + abs(y) * 0.1, y), (-33, y - 12), (0, y + 8), (33, y - 12), (76 - abs(y) * 0.1, y)]),
            pen.colour,
            9,
        )
        for y in (-44, -12, 20, 50)
    )
    return rods + weave + pen.stroke("M-66 -66C-66 -118 66 -118 66 -66", pen.colour, 11)


@_mark("glasshouse-9")
def _glasshouse(pen: Pen) -> str:
    frame = pen.stroke("M-78 78V-14L0 -84L78 -14V78ZM-78 -14H78M0 -84V-14M-39 -49V-14M39 -49V-14", pen.colour, 10)
    nine = pen.stroke("M26 12A26 24 0 1 0 26 34V12V34C26 58 8 70 -16 64", pen.colour, 12)
    return frame + f'<g transform="translate(0 8) scale(.86)">{nine}</g>'


@_mark("fern-and-kiln")
def _ours(pen: Pen) -> str:
    kiln = pen.stroke("M-82 86V-6A82 88 0 0 1 82 -6V86Z", pen.colour, 12)
    leaves = ""
    for i in range(5):
        y, size = 60 - i * 26, 50 - i * 6
        for side in (-1, 1):
            angle = -math.pi / 2 + side * 0.95
            leaves += pen.fill(
                f"M0 {y}"
                f"Q{num(math.cos(angle - side * 0.4) * size)} {num(y + math.sin(angle - side * 0.4) * size * 0.7)} "
                f"{num(math.cos(angle) * size)} {num(y + math.sin(angle) * size)}"
                f"Q{num(math.cos(angle + side * 0.5) * size * 0.6)} {num(y + math.sin(angle + side * 0.5) * size * 0.6)} 0 {y}Z",
                pen.colour,
            )
    return kiln + pen.stroke("M0 84V-66", pen.colour, 7) + leaves


def draw_mark(maker: str) -> str:
    """A maker's mark, pressed into clay, 400 x 400, as SVG text; ``maker`` is a slug of ``MARKS``."""
    if maker not in MARKS:
        raise ValueError(f"There is no mark of {maker!r}; there are {', '.join(sorted(MARKS))}.")
    index = list(MARKS).index(maker)
    ground = list(GROUND)[index % 6]
    wall, table = GROUND[ground]
    clay = GLAZE["chalk"]
    pen = Pen(index + 1, dark(clay, 0.82), clay)
    half = SIZE / 2
    tile = ellipse(0, 0, 158, 158)
    body = pen.fill(f"M0 0H{SIZE}V{SIZE}H0Z", wall)
    pressed = MARKS[maker](pen)
    # Pressed in, not printed on: light on the far edge.
    relief = f'<g transform="translate(3 4)" opacity=".9">{pressed.replace(pen.colour, light(clay, 0.8))}</g>{pressed}'
    ring = pen.stroke(ellipse(0, 0, 138, 138), dark(clay, 0.5), 4, 0.7) + pen.stroke(
        ellipse(2, 3, 138, 138), "#fffaf0", 3, 0.8
    )
    disc = pen.solid(tile, clay, (-158, -158, 158, 158), "ball", pen.specks(-150, -150, 150, 150, 50), edge=14)
    body += (
        f'<g transform="translate({num(half)} {num(half)})">'
        f"{pen.fill(ellipse(14, 18, 156, 156), INK, 0.25)}{disc}{ring}{relief}</g>"
    )
    return document(pen, SIZE, SIZE, body + paper(pen, SIZE, SIZE, 70, dark(table, 0.6)), maker.replace("-", " "))
