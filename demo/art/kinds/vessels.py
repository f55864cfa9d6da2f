"""What one eats, drinks and pours from."""

import math

from demo.art.geometry import TILT, ellipse, num
from demo.art.palette import GLAZE, INK, dark, light, mix
from demo.art.pen import Drawn, Pen, kind


@kind
def mug(pen: Pen) -> Drawn:
    """A straight mug, full of tea or coffee."""
    h, r = 250, 128
    y1 = -h
    profile = [(r * 0.86, -8), (r * 0.97, -50), (r, -h * 0.5), (r, y1)]
    handle = f"M{r - 6} {y1 + 58}C{r + 110} {y1 + 26} {r + 112} {y1 + 190} {r - 8} {y1 + 186}"
    return Drawn(
        (
            pen.tube(handle, 30, pen.colour)
            + pen.lathe(profile, deco=pen.decoration(r, 0, y1))
            + pen.rim(r, y1, fill="#6b4024" if pen.seed % 2 else "#b98a3e", depth=0.1)
        ),
        half=190,
        height=h,
        foot=112,
    )


@kind
def cup(pen: Pen) -> Drawn:
    """A cup on its saucer, full of coffee."""
    h, r = 170, 118
    profile = [(r * 0.5, -4), (r * 0.72, -40), (r * 0.95, -100), (r, -h)]
    saucer = (
        pen.fill(ellipse(0, 6, 200, 42), dark(pen.colour, 0.3))
        + pen.solid(ellipse(0, -2, 200, 40), pen.colour, (-200, -42, 200, 38), "flat")
        + pen.fill(ellipse(0, 0, 120, 22), dark(pen.colour, 0.22))
    )
    handle = f"M{r - 12} {-h + 34}C{r + 78} {-h + 10} {r + 70} {-h + 116} {r - 26} {-h + 104}"
    return Drawn(
        saucer
        + pen.tube(handle, 20, pen.colour)
        + pen.lathe(profile, deco=pen.decoration(r, 0, -h))
        + pen.rim(r, -h, wall=7, fill="#4d2c18", depth=0.08),
        half=200,
        height=h,
    )


@kind
def bowl(pen: Pen) -> Drawn:
    """A wide bowl on a narrow foot."""
    h, r = 170, 215
    profile = [(r * 0.36, 0), (r * 0.42, -14), (r * 0.74, -62), (r * 0.93, -112), (r, -h)]
    return Drawn(
        pen.lathe(profile, deco=pen.decoration(r, 0, -h), tilt=0.22) + pen.rim(r, -h, wall=10, tilt=0.22),
        half=215,
        height=h + 40,
        foot=92,
    )


@kind
def plate(pen: Pen) -> Drawn:
    """A stack of four plates."""
    out = ""
    for i in range(4):
        y = -i * 26
        c = (pen.colour, pen.second, pen.colour, mix(pen.colour, pen.second, 0.5))[(i + pen.seed) % 4]
        out += pen.fill(ellipse(0, y + 4, 150, 34), dark(c, 0.5)) + pen.solid(
            ellipse(0, y - 12, 245, 62),
            c,
            (-245, y - 74, 245, y + 50),
            "flat",
            pen.specks(-245, y - 70, 245, y + 50, 24) if pen.seed % 3 == 0 else "",
        )
    y = -3 * 26 - 14
    out += (
        pen.fill(ellipse(0, y + 2, 180, 42), dark(c, 0.16))
        + pen.fill(ellipse(6, y + 6, 172, 38), mix(c, "#ffffff", 0.12))
        + pen.stroke(ellipse(0, y, 232, 57), pen.second if c != pen.second else pen.colour, 4, 0.8)
    )
    return Drawn(out, half=245, height=140)


@kind
def vase(pen: Pen) -> Drawn:
    """One of three vases; with an even seed it holds branches."""
    s = pen.seed % 3
    profile = (
        [(70, 0), (118, -60), (142, -150), (112, -260), (58, -330), (52, -380), (70, -410)],
        [(92, 0), (100, -40), (150, -170), (158, -250), (120, -330), (64, -360), (62, -384)],
        [(84, 0), (88, -120), (96, -260), (104, -400)],
    )[s]
    stems = ""
    top = profile[-1][1]
    if pen.seed % 2 == 0 and not pen.bare:
        g = mix(GLAZE["moss"], GLAZE["fern"], 0.4)
        for i in range(5):
            a = -math.pi / 2 + (i - 2) * 0.2 + pen.random.uniform(-0.06, 0.06)
            ln = 210 + pen.random.uniform(-30, 60)
            ex, ey = math.cos(a) * ln, top + math.sin(a) * ln
            stems += pen.stroke(
                f"M0 {top + 10}Q{num(math.cos(a) * 60)} {num(top - 80)} {num(ex)} {num(ey)}", dark(g, 0.1), 5
            )
            for j in range(6):
                t = 0.35 + j * 0.12
                stems += pen.leaf(
                    ex * t, top + (ey - top) * t, a + (1 if j % 2 else -1) * 0.8, 62, 24, g if j % 2 else GLAZE["moss"]
                )
            stems += pen.leaf(ex, ey, a, 60, 22, GLAZE["moss"])
    r = max(p[0] for p in profile)
    rt = profile[-1][0]
    back = pen.fill(ellipse(0, top, rt, rt * TILT), dark(pen.colour, 0.5))
    rim = pen.rim(rt, top, wall=7)
    if stems:
        stems = (
            rim
            + stems
            + f"<g {pen.clip(f'M-200 {top}H200V{top + 60}H-200Z')}>"
            + pen.lathe(profile, deco=pen.decoration(r, 0, top))
            + "</g>"
        )
        lip = pen.stroke(f"M{-rt} {top}A{rt} {num(rt * TILT)} 0 0 0 {rt} {top}", light(pen.colour, 0.45), 7, 1, "butt")
        return Drawn(
            pen.lathe(profile, deco=pen.decoration(r, 0, top)) + stems + lip, half=r, height=-top + 150, foot=96
        )
    return Drawn(back + pen.lathe(profile, deco=pen.decoration(r, 0, top)) + rim, half=r, height=-top, foot=96)


@kind
def teapot(pen: Pen) -> Drawn:
    """A round teapot: an odd seed has a cane handle over the top, an even one a handle at the side."""
    profile = [(86, 0), (124, -22), (154, -66), (168, -120), (160, -170), (130, -214), (84, -238)]
    spout = pen.solid(
        "M118 -92C196 -90 196 -196 262 -236L286 -222C248 -170 250 -60 124 -40Z",
        pen.colour,
        (110, -240, 290, -40),
        "flat",
        edge=9,
    )
    handle = "M-112 -214C-152 -372 152 -372 112 -214" if pen.seed % 2 else "M-134 -196C-262 -216 -262 -48 -142 -62"
    lid = [(88, -232), (80, -250), (46, -268), (16, -274)]
    knob = [(12, -272), (24, -286), (22, -304), (4, -312)]
    back = pen.tube(handle, 22, GLAZE["wood"] if pen.seed % 2 else pen.colour)
    return Drawn(
        back
        + spout
        + pen.lathe(profile, deco=pen.decoration(160, 0, -236))
        + pen.lathe(lid, gloss=0)
        + pen.lathe(knob, GLAZE["wood"] if pen.seed % 2 else pen.colour, gloss=0),
        half=275,
        height=320,
        foot=96,
    )


@kind
def jug(pen: Pen) -> Drawn:
    """A tall jug with a cut lip."""
    profile = [(96, 0), (128, -60), (136, -140), (104, -240), (82, -300), (92, -350)]
    handle = "M84 -312C204 -336 216 -150 124 -116"
    lip = pen.solid(
        "M-90 -352C-118 -360 -134 -352 -150 -342C-132 -318 -110 -306 -86 -296Z",
        pen.second if pen.seed % 6 == 1 else pen.colour,
        (-150, -360, -80, -296),
        "flat",
        edge=5,
    )
    return Drawn(
        pen.tube(handle, 28, pen.colour)
        + lip
        + pen.lathe(profile, deco=pen.decoration(136, 0, -350))
        + pen.rim(92, -350, wall=8),
        half=190,
        height=350,
        foot=100,
    )


@kind
def eggcup(pen: Pen) -> Drawn:
    """Four egg cups, two of them with an egg."""
    out = ""
    for x, y, s, egg in (
        (-150, -34, 0.9, "#e8cfae"),
        (130, -40, 0.9, ""),
        (-52, 0, 1.05, ""),
        (84, 12, 1.1, "#d9b48c"),
    ):
        colour = pen.colour if x < 0 else mix(pen.colour, pen.second, 0.22 if pen.seed % 2 else 0)
        profile = [(40, 0), (44, -8), (22, -30), (24, -46), (56, -78), (62, -120)]
        cup_body = pen.lathe(profile, colour, pen.bands([-96], 62, pen.second, 7))
        inside = pen.rim(62, -120, colour, wall=6)
        if egg:
            shell = ellipse(0, -138, 46, 62)
            front = f"<g {pen.clip(ellipse(0, -120, 56, 11) + 'M-90 -240H90V-120H-90Z')}>"
            inside += front + pen.solid(shell, egg, (-46, -200, 46, -76), "ball", grain=0.6) + "</g>"
        under = pen.fill(ellipse(12, 4, 62, 12), INK, 0.22)
        out += f'<g transform="translate({x} {y}) scale({s})">{under}{cup_body}{inside}</g>'
    return Drawn(out, half=215, height=220, foot=170)


@kind
def platter(pen: Pen) -> Drawn:
    """A large flat dish: oval with leaves brushed on the rim, or with an even seed round with the potter's rings."""
    oval = pen.seed % 2
    rx, ry = (290, 92) if oval else (262, 96)
    well_x, well_y = rx * 0.72, ry * 0.66
    rim = pen.solid(ellipse(0, -26, rx, ry), pen.colour, (-rx, -26 - ry, rx, -26 + ry), "flat", edge=8)
    marks = ""
    if oval:
        for i in range(22):
            a = i / 22 * 2 * math.pi
            x, y = math.cos(a) * rx * 0.87, -26 + math.sin(a) * ry * 0.85
            marks += pen.leaf(x, y, a + 0.9, 34, 15, pen.second, 0.1)
    else:
        for t in (0.86, 0.93):
            marks += pen.stroke(ellipse(0, -26, rx * t, ry * t), pen.second, 4, 0.75)
    well = pen.fill(ellipse(0, -24, well_x, well_y), dark(pen.colour, 0.2))
    well += pen.fill(ellipse(6, -19, well_x - 7, well_y - 6), light(pen.colour, 0.12))
    rings = "".join(
        pen.stroke(ellipse(5, -18, well_x * t, well_y * t), dark(pen.colour, 0.3), 2.5, 0.28)
        for t in (0.2, 0.42, 0.64, 0.84)
    )
    specks = pen.specks(-well_x * 0.6, -60, well_x * 0.6, 16, 26)
    body = pen.fill(ellipse(0, 4, rx * 0.6, ry * 0.5), dark(pen.colour, 0.55))
    body += pen.fill(ellipse(0, -18, rx, ry), dark(pen.colour, 0.38))
    return Drawn(body + rim + marks + well + rings + specks, half=rx, height=170, foot=rx * 0.62)
