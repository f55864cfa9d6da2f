"""Plants, and what they are kept in."""

import math

from demo.art.geometry import num
from demo.art.palette import GLAZE, dark, mix
from demo.art.pen import Drawn, Pen, kind


@kind
def pot(pen: Pen) -> Drawn:
    """A flower pot on its saucer, filled with earth."""
    profile = [(112, 0), (120, -20), (158, -200), (164, -226)]
    lip = [(166, -214), (170, -226), (170, -262)]
    saucer = pen.lathe([(140, 8), (158, -14)], dark(pen.colour, 0.08), gloss=0)
    return Drawn(
        saucer
        + pen.lathe(profile, deco=pen.decoration(160, 0, -220))
        + pen.lathe(lip)
        + pen.rim(170, -262, wall=12, fill="#4a3628", depth=0.1),
        half=170,
        height=270,
        foot=150,
    )


def planter(pen: Pen, s: float = 0.8) -> tuple[str, float]:
    """A small pot, and the height of its earth."""
    profile = [(92 * s, 0), (100 * s, -14), (134 * s, -190 * s), (138 * s, -216 * s)]
    return pen.lathe(profile, deco=pen.decoration(134 * s, 0, -216 * s)) + pen.rim(
        138 * s, -216 * s, wall=9, fill="#43321f", depth=0.1
    ), -216 * s


@kind
def fern(pen: Pen) -> Drawn:
    """A fern in a pot."""
    pot, y = planter(pen)
    g, out = GLAZE["fern"], ""
    for i, (a, ln, cu) in enumerate(
        [
            (-2.6, 300, -1.3),
            (-0.55, 300, 1.3),
            (-2.25, 330, -1.1),
            (-0.9, 330, 1.1),
            (-1.95, 350, -0.7),
            (-1.2, 350, 0.7),
            (-1.6, 370, 0.25),
            (-2.9, 220, -1.2),
            (-0.25, 220, 1.2),
        ]
    ):
        out += pen.frond(
            pen.random.uniform(-26, 26),
            y - 2,
            a + pen.random.uniform(-0.08, 0.08),
            ln,
            mix(g, GLAZE["moss"], pen.random.random() * 0.6) if i % 2 else dark(g, 0.12),
            cu,
        )
    return Drawn(pot + out, half=260, height=560, foot=84)


@kind
def monstera(pen: Pen) -> Drawn:
    """A split-leaf plant in a pot."""
    pot, y = planter(pen)
    g, out = "#3f6a4a", ""
    for px, py, a, s in (
        (-140, y - 110, -2.75, 108),
        (140, y - 100, -0.4, 108),
        (-74, y - 230, -2.15, 128),
        (100, y - 236, -0.95, 132),
        (10, y - 310, -1.5, 118),
    ):
        out += pen.stroke(
            f"M{num(px * 0.1)} {num(y)}C{num(px * 0.15)} {num(y - 90)} {num(px * 0.7)} {num(py + 80)} {px} {num(py)}",
            dark(g, 0.2),
            8,
        )
        out += pen.monstera_leaf(
            px, py, a + pen.random.uniform(-0.1, 0.1), s, mix(g, GLAZE["moss"], pen.random.random() * 0.3)
        )
    return Drawn(pot + out, half=270, height=600, foot=84)


@kind
def cactus(pen: Pen) -> Drawn:
    """A cactus in a pot: columns with an odd seed, a ball with an even one."""
    pot, y = planter(pen)
    g, out = mix(GLAZE["fern"], GLAZE["celadon"], 0.3), ""
    for cx, w, h, yy in (
        [(0, 70, 300, y), (-84, 40, 150, y - 10), (80, 44, 200, y - 4)]
        if pen.seed % 2
        else [(0, 104, 180, y), (92, 40, 96, y), (-86, 34, 70, y)]
    ):
        d = (
            f"M{cx - w * 0.8} {num(yy + 8)}"
            f"C{cx - w * 1.15} {num(yy - h * 0.4)} {cx - w} {num(yy - h)} {cx} {num(yy - h)}"
            f"C{cx + w} {num(yy - h)} {num(cx + w * 1.15)} {num(yy - h * 0.4)} {num(cx + w * 0.8)} {num(yy + 8)}Z"
        )
        ribs = "".join(
            pen.stroke(
                (
                    f"M{num(cx + k * w * 0.85)} {num(yy + 10)}"
                    f"C{num(cx + k * w * 1.2)} {num(yy - h * 0.5)} {num(cx + k * w * 0.9)} {num(yy - h * 0.9)} {cx} {num(yy - h)}"
                ),
                dark(g, 0.4),
                4,
                0.6,
            )
            for k in (-0.75, -0.4, 0, 0.4, 0.75)
        )
        spines = "".join(
            pen.stroke(f"M{num(cx + k * w)} {num(yy - h * t)}l-9 -9m9 9l9 -9m-9 9v-12", "#f6efd9", 2, 0.9)
            for k in (-0.6, -0.2, 0.2, 0.6)
            for t in (0.2, 0.36, 0.52, 0.68, 0.82)
            if abs(k) < math.sqrt(max(0, 1 - (t - 0.2) ** 2)) * 0.9
        )
        out += pen.solid(d, g, (cx - w, yy - h, cx + w, yy), "cyl", ribs) + spines
        if cx == 0:
            out += "".join(
                pen.leaf(cx, yy - h + 4, -math.pi / 2 + k * 0.5, 34, 16, GLAZE["rose"]) for k in (-2, -1, 1, 2, 0)
            )
    soil = pen.stroke(f"M{num(-100)} {num(y)}A100 20 0 0 0 100 {num(y)}", "#43321f", 10, 1)
    return Drawn(pot + out + soil, half=150, height=500, foot=84)


@kind
def watering_can(pen: Pen) -> Drawn:
    """A watering can with a long spout."""
    profile = [(132, 0), (138, -20), (138, -190), (120, -232)]
    spout = pen.solid("M112 -92L300 -276L326 -258L140 -34Z", pen.colour, (110, -280, 324, -40), "flat", edge=7)
    rose = pen.solid(
        "M286 -316L358 -248L338 -236L276 -292Z", dark(pen.colour, 0.1), (276, -316, 358, -236), "flat", edge=5
    )
    handle = pen.tube("M-100 -226C-110 -380 90 -400 108 -226", 17, pen.colour) + pen.tube(
        "M-126 -190C-240 -190 -230 -40 -134 -50", 17, pen.colour
    )
    body = pen.lathe(profile, deco=pen.bands([-30, -176], 140, dark(pen.colour, 0.3), 5)) + pen.rim(120, -232, wall=6)
    return Drawn(
        f'<g transform="translate(-40 0)">{handle}{spout}{rose}{body}</g>',
        half=270,
        height=360,
        foot=150,
    )
