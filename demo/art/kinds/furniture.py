"""Around the house."""

import math

from demo.art.geometry import TILT, ellipse, num, polygon, rounded
from demo.art.kinds.vessels import bowl, mug
from demo.art.palette import GLAZE, INK, dark, light, mix
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


@kind
def mirror(pen: Pen) -> Drawn:
    """A round mirror on a leather strap."""
    glass = mix(pen.second, "#eef3f3", 0.55)
    strap = pen.stroke("M-150 -560L0 -744L150 -560", dark(GLAZE["walnut"], 0.2), 22)
    strap += pen.stroke("M-150 -562L0 -746L150 -562", GLAZE["walnut"], 14)
    peg = pen.fill(ellipse(0, -742, 20, 20), dark(pen.colour, 0.3)) + pen.fill(ellipse(-3, -745, 15, 15), pen.colour)
    grain = "".join(pen.stroke(ellipse(0, -370, r, r), dark(pen.colour, 0.35), 2, 0.45) for r in (212, 219, 226, 233))
    frame = pen.solid(ellipse(0, -370, 240, 240), pen.colour, (-240, -610, 240, -130), "flat", grain, edge=12)
    sheen = pen.linear(
        -204,
        -574,
        204,
        -166,
        (0, "#ffffff", 0.75),
        (0.45, glass, 0),
        (0.75, dark(glass, 0.3), 0.5),
        (1, "#ffffff", 0.2),
    )
    inside = ellipse(0, -370, 204, 204)
    streaks = pen.fill(polygon((-170, -330), (40, -580), (96, -580), (-170, -262)), "#ffffff", 0.45)
    streaks += pen.fill(polygon((-150, -220), (150, -566), (168, -566), (-140, -210)), "#ffffff", 0.3)
    pane = f"<g {pen.clip(inside)}>" + pen.fill(inside, glass) + pen.fill(inside, sheen) + streaks
    pane += pen.stroke(ellipse(5, -364, 206, 206), dark(glass, 0.6), 12, 0.3) + "</g>"
    return Drawn(strap + peg + frame + pane, half=240, height=800, stance="hang")


@kind
def pegs(pen: Pen) -> Drawn:
    """A rail of five pegs, a bag on the second and a towel on the fourth."""
    wood = pen.colour
    grain = "".join(
        pen.stroke(f"M-330 {-640 + q}C-120 {-646 + q} 120 {-632 + q} 330 {-640 + q}", dark(wood, 0.4), 2, 0.45)
        for q in range(0, 70, 11)
    )
    rail = pen.solid(rounded(-320, -640, 320, -566, 8), wood, (-320, -640, 320, -566), "flat", grain, edge=7)
    out = rail
    for x in (-252, -126, 0, 126, 252):
        out += pen.tube(f"M{x} -596l-4 -22", 26, dark(wood, 0.12)) + pen.fill(
            ellipse(x - 5, -622, 22, 20), light(wood, 0.12)
        )
        out += pen.fill(ellipse(x - 8, -626, 10, 8), light(wood, 0.5), 0.8)
    bag = "M-214 -430C-216 -360 -226 -240 -208 -180H-44C-26 -240 -36 -360 -38 -430Z"
    straps = pen.stroke(
        "M-190 -430C-184 -560 -140 -606 -130 -606C-118 -606 -70 -560 -62 -430", dark(pen.second, 0.25), 13
    )
    stripe = pen.fill("M-230 -300H-20V-250H-230Z", light(pen.second, 0.5), 0.9)
    folds = pen.stroke(
        "M-170 -410C-178 -330 -168 -260 -176 -190M-84 -410C-78 -320 -90 -260 -80 -190", dark(pen.second, 0.5), 5, 0.3
    )
    out += straps + pen.solid(bag, pen.second, (-226, -430, -26, -180), "flat", stripe + folds, edge=10)
    towel = (
        "M84 -596C100 -560 96 -330 88 -236C116 -224 150 -246 184 -232"
        "C176 -340 170 -560 128 -612C112 -620 96 -612 84 -596Z"
    )
    cloth = GLAZE["linen"]
    lines = pen.stroke("M70 -276C110 -262 150 -286 200 -270M70 -296C110 -282 150 -306 200 -290", GLAZE["rust"], 8, 0.9)
    crease = pen.stroke(
        "M124 -590C118 -480 130 -360 122 -250M152 -560C154 -450 144 -350 156 -250", dark(cloth, 0.5), 5, 0.3
    )
    out += pen.solid(towel, cloth, (84, -616, 186, -230), "flat", lines + crease, edge=8)
    return Drawn(out, half=330, height=800, stance="hang")
