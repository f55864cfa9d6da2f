"""Herbs, climbers and what digs them in."""

import math

from demo.art.geometry import num, spline
from demo.art.kinds.plants import planter
from demo.art.palette import GLAZE, dark, light, mix
from demo.art.pen import Drawn, Pen, kind


@kind
def herb(pen: Pen) -> Drawn:
    """Rosemary in a pot, or with an even seed a mound of thyme."""
    pot, y = planter(pen)
    upright = pen.seed % 2
    green = "#5f7d68" if upright else "#7d9460"
    out = ""
    for i in range(17 if upright else 26):
        t = (i / (16 if upright else 25)) * 2 - 1
        angle = -math.pi / 2 + t * (0.55 if upright else 1.25) + pen.random.uniform(-0.06, 0.06)
        length = (300 - 70 * abs(t) if upright else 160 - 20 * abs(t)) + pen.random.uniform(-40, 30)
        x0 = t * 70
        bend = pen.random.uniform(-0.12, 0.12)
        stem = []
        for k in range(8):
            q = k / 7
            a = angle + bend * q
            stem.append((x0 + math.cos(a) * length * q, y + math.sin(a) * length * q))
        tone = mix(green, GLAZE["moss"] if upright else GLAZE["butter"], pen.random.random() * 0.35)
        out += pen.stroke(spline(stem), dark("#7a5a3c", 0.1 if i % 2 else 0.3), 4)
        steps = 15 if upright else 9
        for k in range(2, steps + 1):
            q = k / steps
            px, py = x0 + math.cos(angle + bend * q) * length * q, y + math.sin(angle + bend * q) * length * q
            size = (44 if upright else 26) * (1 - 0.45 * q)
            width = 9 if upright else 17
            spread = 0.62 if upright else 1.0
            shade = dark(tone, 0.18) if (i + k) % 3 == 0 else light(tone, 0.05 + 0.12 * q)
            out += pen.leaf(px, py, angle + spread, size, width, shade, -0.1)
            out += pen.leaf(px, py, angle - spread, size, width, dark(shade, 0.08), 0.1)
        out += pen.leaf(*stem[-1], angle, 24, 9 if upright else 14, light(tone, 0.25))
    return Drawn(pot + out, half=200 if upright else 230, height=500 if upright else 350, foot=84)


def _ivy_leaf(pen: Pen, x: float, y: float, angle: float, size: float, colour: str) -> str:
    """Five lobes round a stalk, one half in the light."""
    lobes = [(0.0, 0.1), (0.32, 0.55), (0.05, 0.62), (0.62, 0.5), (0.55, 0.3), (1.05, 0.0)]
    cos, sin = math.cos(angle), math.sin(angle)

    def at(u: float, v: float) -> tuple[float, float]:
        return x + (u * cos - v * sin) * size, y + (u * sin + v * cos) * size

    def side(sign: int) -> str:
        points = [at(u, v * sign) for u, v in lobes]
        return "M" + "L".join(f"{num(a)} {num(b)}" for a, b in [at(0, 0), *points, at(0, 0)]) + "Z"

    vein = f"M{num(x)} {num(y)}L{num(at(0.95, 0)[0])} {num(at(0.95, 0)[1])}"
    lit, shaded = (light(colour, 0.16), dark(colour, 0.2)) if sin < 0.6 else (dark(colour, 0.06), dark(colour, 0.26))
    edge = 'stroke-linejoin="round"'
    return (
        pen.fill(side(-1), lit, None, f'stroke="{lit}" stroke-width="5" {edge}')
        + pen.fill(side(1), shaded, None, f'stroke="{shaded}" stroke-width="5" {edge}')
        + pen.stroke(vein, light(colour, 0.5), 2.2, 0.7)
    )


@kind
def ivy(pen: Pen) -> Drawn:
    """Ivy that climbs a little, then goes over the edge of its pot and on along the table."""
    pot, y = planter(pen)
    green = "#47704f"
    behind, before = "", ""
    runs = [
        [(-40, y), (-120, y - 90), (-200, y + 10), (-236, -60), (-262, 4)],
        [(40, y), (118, y - 110), (206, y - 20), (232, -70), (270, 8)],
        [(-10, y), (-60, y - 150), (-150, y - 120), (-176, y + 20), (-168, -20)],
        [(14, y), (56, y - 170), (140, y - 150), (178, y - 20), (166, -30)],
        [(0, y), (-14, y - 120), (10, y - 190), (46, y - 236)],
        [(16, y + 6), (52, y + 16), (74, y + 60), (64, y + 104)],
    ]
    for i, run in enumerate(runs):
        out = pen.stroke(spline(run), dark(green, 0.3), 5)
        for j in range(len(run) - 1):
            (xa, ya), (xb, yb) = run[j], run[j + 1]
            along = math.atan2(yb - ya, xb - xa)
            for k in range(4):
                t = (k + 0.5) / 4
                side = 1 if (k + j) % 2 else -1
                px, py = xa + (xb - xa) * t, ya + (yb - ya) * t
                size = pen.random.uniform(38, 58) * (1 - 0.08 * j)
                tone = mix(green, GLAZE["moss"], pen.random.random() * 0.5)
                out += _ivy_leaf(pen, px, py, along + side * pen.random.uniform(0.7, 1.3), size, tone)
        if i < 5:
            behind += out
        else:
            before += out
    return Drawn(behind + pot + before, half=290, height=430, foot=110)


@kind
def trowel(pen: Pen) -> Drawn:
    """A hand trowel, a scale cut into its blade."""
    steel = mix(GLAZE["steel"], "#6d7878", 0.25)
    blade = (
        "M-26 -420C-86 -450 -92 -600 -66 -680C-46 -736 -18 -750 0 -756C18 -750 46 -736 66 -680C92 -600 86 -450 26 -420Z"
    )
    scale = "".join(
        pen.stroke(f"M{-18 if i % 2 else -30} {-700 + i * 34}H{18 if i % 2 else 30}", dark(steel, 0.5), 4, 0.6)
        for i in range(8)
    )
    ridge = pen.stroke("M0 -430C-8 -540 -6 -660 0 -740", "#ffffff", 9, 0.35)
    head = pen.solid(blade, steel, (-90, -756, 90, -420), "cyl", scale + ridge, edge=10)
    tang = pen.tube("M0 -440C0 -400 2 -390 0 -350", 24, steel)
    collar = pen.lathe([(30, -330), (30, -362)], GLAZE["brass"], gloss=0)
    grain = "".join(
        pen.stroke(f"M{x} -340C{x + 4} -240 {x - 4} -160 {x} -60", dark(pen.colour, 0.4), 2, 0.45)
        for x in (-22, -10, 4, 16)
    )
    handle = pen.solid(
        "M-28 -334H28C40 -270 20 -220 34 -120C38 -70 -38 -70 -34 -120C-20 -220 -40 -270 -28 -334Z",
        pen.colour,
        (-38, -334, 38, -80),
        "cyl",
        grain,
    )
    loop = pen.stroke("M0 -96C-34 -40 34 -40 4 -94", "#b5522b", 6, 0.9)
    return Drawn(
        f'<g transform="rotate(20 0 -400)">{head}{tang}{collar}{handle}{loop}</g>', half=190, height=800, stance="flat"
    )
