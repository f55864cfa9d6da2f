"""Around the house."""

import math

from demo.art.geometry import TILT, ellipse, num
from demo.art.kinds.vessels import bowl, mug
from demo.art.palette import GLAZE, INK, dark, light
from demo.art.pen import Drawn, Pen, kind


@kind
def basket(pen: Pen) -> Drawn:
    """A basket with a cloth over it."""
    profile = [(150, 0), (176, -40), (200, -150), (206, -210)]
    w = ""
    for j in range(12):
        y = 26 - j * 21
        for i in range(-13, 14):
            a = (i + (0.5 if j % 2 else 0)) / 13 * 1.56
            x, yy = math.sin(a) * 204, y + math.cos(a) * 200 * TILT
            w += pen.fill(
                ellipse(x, yy - 40, 14 * math.cos(a) + 2, 8),
                light(pen.colour, 0.22) if (i + j) % 2 else dark(pen.colour, 0.2),
            )
    handle = pen.tube("M-190 -214C-200 -420 200 -420 190 -214", 20, dark(pen.colour, 0.1))
    cloth = pen.solid(
        "M-176 -214C-150 -290 -70 -270 -20 -292C50 -310 130 -280 176 -214C120 -186 -110 -186 -176 -214Z",
        pen.second,
        (-176, -300, 176, -190),
        "flat",
        edge=10,
    )
    return Drawn(
        pen.rim(206, -210, dark(pen.colour, 0.1), 10)
        + cloth
        + pen.lathe(profile, deco=w, gloss=0)
        + pen.stroke("M-206 -210A206 41 0 0 0 206 -210", light(pen.colour, 0.2), 14)
        + handle,
        half=206,
        height=400,
        foot=160,
    )


@kind
def stool(pen: Pen) -> Drawn:
    """A stool with four legs."""
    c = pen.colour
    g = "".join(
        pen.stroke(f"M-220 {-430 + q}C-80 {-420 + q} 80 {-440 + q} 220 {-428 + q}", dark(c, 0.4), 2, 0.4)
        for q in range(-40, 50, 13)
    )
    legs = "".join(
        pen.solid(q, dark(c, t), b, "cyl", edge=5)
        for q, t, b in (
            ("M-70 -410L-96 -60H-74L-40 -410Z", 0.3, (-96, -410, -40, -60)),
            ("M70 -410L96 -60H74L40 -410Z", 0.36, (40, -410, 96, -60)),
            ("M-140 -400L-196 0H-166L-100 -400Z", 0.05, (-196, -400, -100, 0)),
            ("M140 -400L196 0H166L100 -400Z", 0.12, (100, -400, 196, 0)),
        )
    )
    rung = pen.tube("M-160 -180H160", 15, dark(c, 0.15))
    seat = pen.fill("M-216 -424V-398A216 52 0 0 0 216 -398V-424Z", dark(c, 0.35)) + pen.solid(
        ellipse(0, -426, 216, 52), c, (-216, -478, 216, -374), "flat", g, edge=8
    )
    return Drawn(legs + rung + seat, half=216, height=480)


@kind
def clock(pen: Pen) -> Drawn:
    """A wall clock, ten to ten or so."""
    c, out = pen.colour, ""
    out += (
        pen.solid(ellipse(0, -400, 236, 236), c, (-236, -636, 236, -164), "flat", edge=14)
        + pen.fill(ellipse(0, -400, 200, 200), dark(pen.second, 0.08))
        + pen.fill(ellipse(4, -396, 194, 194), light(pen.second, 0.2))
    )
    for i in range(12):
        a = i * math.pi / 6
        s, e = (150, 174) if i % 3 else (136, 174)
        out += pen.stroke(
            (
                f"M{num(math.sin(a) * s)} {num(-400 - math.cos(a) * s)}"
                f"L{num(math.sin(a) * e)} {num(-400 - math.cos(a) * e)}"
            ),
            dark(c, 0.5),
            6 if i % 3 else 11,
        )
    return Drawn(
        out
        + pen.stroke("M0 -400L-74 -474", INK, 15)
        + pen.stroke("M0 -400L66 -524", INK, 10)
        + pen.stroke("M0 -360L0 -550", GLAZE["rust"], 4)
        + pen.fill(ellipse(0, -400, 15, 15), GLAZE["rust"]),
        half=236,
        height=800,
        stance="hang",
    )


@kind
def tray(pen: Pen) -> Drawn:
    """A round tray with a mug and a bowl on it."""
    c = pen.colour
    g = "".join(
        pen.stroke(f"M-280 {-60 + q}C-80 {-52 + q} 80 {-70 + q} 280 {-56 + q}", dark(c, 0.4), 2, 0.4)
        for q in range(-70, 80, 12)
    )
    b = (
        pen.fill(ellipse(0, 2, 280, 80), dark(c, 0.45))
        + pen.solid(ellipse(0, -22, 280, 80), c, (-280, -102, 280, 58), "flat", edge=9)
        + pen.solid(ellipse(0, -16, 256, 68), dark(c, 0.18), (-256, -84, 256, 52), "flat", g, edge=-9)
    )
    # A second hand with its own glaze; it shares the defs, so its names must not meet ours.
    other = Pen(pen.seed + 3, "chalk" if pen.seed % 2 else "celadon", "rust")
    other.count, other.defs = pen.count + 500, pen.defs
    on_left, on_right = mug(other).svg, bowl(other).svg
    sh = pen.fill(ellipse(-60, -26, 120, 26), INK, 0.25) + pen.fill(ellipse(150, -10, 100, 20), INK, 0.25)
    return Drawn(
        b
        + sh
        + f'<g transform="translate(-100 -30) scale(.7)">{on_left}</g>'
        + f'<g transform="translate(118 -8) scale(.5)">{on_right}</g>',
        half=280,
        height=230,
    )
