"""Linen and wool."""

from demo.art.geometry import ellipse, num
from demo.art.palette import GLAZE, dark, light, mix
from demo.art.pen import Drawn, Pen, kind


@kind
def towel(pen: Pen) -> Drawn:
    """A towel on its rail."""
    box = (-150, -690, 150, -90)
    d = (
        "M-130 -690H134C144 -500 136 -300 150 -96C100 -84 50 -110 0 -96"
        "C-50 -84 -100 -110 -148 -92C-140 -300 -146 -500 -130 -690Z"
    )
    rail = "" if pen.bare else pen.tube("M-290 -692H290", 20, GLAZE["wood"])
    fold = pen.fill("M-130 -690H134L132 -668H-132Z", dark(pen.colour, 0.3), 0.5)
    return Drawn(
        rail
        + pen.cloth(
            d,
            box,
            pen.stripes(box, pen.second),
            [
                "M-70 -670C-78 -450 -60 -300 -72 -100",
                "M10 -670C22 -450 4 -300 20 -100",
                "M84 -670C76 -480 96 -280 86 -100",
            ],
        )
        + fold
        + pen.tube("M-134 -694H138", 20, pen.colour),
        half=290,
        height=800,
        stance="hang",
    )


@kind
def apron(pen: Pen) -> Drawn:
    """An apron on a peg."""
    box = (-210, -620, 210, -70)
    d = (
        "M-92 -620H92C96 -520 130 -450 210 -420L196 -84C120 -66 60 -92 0 -78"
        "C-70 -66 -130 -90 -198 -80L-210 -420C-130 -450 -96 -520 -92 -620Z"
    )
    strap = (
        pen.stroke("M-86 -616C-60 -760 60 -760 86 -616", dark(pen.second, 0.1), 13)
        + pen.stroke("M206 -416C280 -400 290 -330 262 -250", dark(pen.second, 0.1), 10)
        + pen.stroke("M-206 -416C-280 -400 -286 -320 -256 -262", dark(pen.second, 0.1), 10)
    )
    pocket = (
        pen.fill("M-100 -360H104L98 -206H-96Z", light(pen.colour, 0.12))
        + pen.stroke("M-100 -360H104L98 -206H-96Z", dark(pen.colour, 0.4), 3, 0.6)
        + pen.stroke("M2 -360V-206", dark(pen.colour, 0.4), 3, 0.5)
    )
    peg = pen.fill(ellipse(0, -724, 20, 20), GLAZE["wood"]) + pen.fill(
        ellipse(-4, -728, 9, 9), light(GLAZE["wood"], 0.4)
    )
    return Drawn(
        strap
        + pen.cloth(
            d,
            box,
            (pen.stripes(box, pen.second) if pen.seed % 2 else "") + pocket,
            [
                "M-130 -420C-150 -300 -132 -200 -146 -90",
                "M140 -430C150 -300 138 -200 152 -90",
                "M-40 -600C-46 -560 -40 -500 -52 -440",
            ],
        )
        + peg,
        half=280,
        height=800,
        stance="hang",
    )


@kind
def napkin(pen: Pen) -> Drawn:
    """Three folded napkins, with an odd seed in a ring."""
    out = ""
    for i in range(3):
        c = (pen.colour, pen.second, mix(pen.colour, pen.second, 0.5))[(i + pen.seed) % 3]
        b = (-220, -80 - i * 40, 220, 40 - i * 40)
        d = f"M-226 {8 - i * 40}L-36 {-84 - i * 40}L226 {-30 - i * 40}L64 {60 - i * 40}Z"
        side = (
            f"M-226 {8 - i * 40}L64 {60 - i * 40}L226 {-30 - i * 40}V{6 - i * 40}L64 {98 - i * 40}L-226 {44 - i * 40}Z"
        )
        stripe = pen.stroke(
            f"M-186 {-10 - i * 40}L104 {42 - i * 40}M-170 {-18 - i * 40}L118 {34 - i * 40}",
            pen.colour if c == pen.second else pen.second,
            5,
        )
        out += pen.solid(
            side,
            dark(c, 0.2),
            (-226, -30 - i * 40, 226, 98 - i * 40),
            "flat",
            pen.stroke(f"M-226 {24 - i * 40}L64 {76 - i * 40}L226 {-14 - i * 40}", dark(c, 0.5), 3, 0.6),
        ) + pen.solid(d, c, b, "flat", stripe, edge=5)
    ring = pen.tube("M-60 -106C-30 -160 60 -140 44 -88", 14, GLAZE["brass"]) if pen.seed % 2 else ""
    return Drawn(f'<g transform="translate(0 -50)">{out}{ring}</g>', half=226, height=210)


@kind
def cushion(pen: Pen) -> Drawn:
    """A square cushion with piping."""
    d = (
        "M-222 -392C-150 -424 120 -424 210 -398C238 -300 236 -120 224 -10"
        "C140 20 -130 22 -226 -6C-246 -110 -240 -300 -222 -392Z"
    )
    box = (-240, -420, 238, 20)
    deco = pen.stripes(box, pen.second)
    piping = pen.stroke(d, dark(pen.second, 0.15), 8)
    return Drawn(
        pen.cloth(
            d,
            box,
            deco,
            [
                "M-200 -380C-160 -330 -140 -300 -120 -290",
                "M190 -384C160 -340 140 -320 120 -300",
                "M-206 -20C-160 -50 -140 -70 -130 -92",
                "M206 -24C160 -60 150 -70 136 -96",
            ],
        )
        + piping,
        half=240,
        height=420,
    )


@kind
def throw(pen: Pen) -> Drawn:
    """A folded throw with a fringe."""
    out = ""
    for i in range(4):
        y = -i * 66
        b = (-236, y - 66, 236, y)
        c = pen.colour if i % 2 == 0 else mix(pen.colour, pen.second, 0.35)
        d = f"M-214 {y}C-244 {y - 6} -244 {y - 62} -214 {y - 68}H214C240 {y - 66} 240 {y - 4} 214 {y}Z"
        stripe = (
            "".join(pen.stroke(f"M{num(-236)} {num(y - q)}H236", pen.second, 7, 0.9, "butt") for q in (18, 32))
            if i != 2
            else ""
        )
        out += pen.solid(
            d,
            c,
            b,
            "flat",
            stripe + "".join(pen.stroke(f"M{x} {y}V{y - 66}", dark(c, 0.4), 1.4, 0.22) for x in range(-230, 232, 9)),
            0.7,
            edge=9,
        )
    fringe = "".join(
        pen.stroke(
            f"M{x} -196q{pen.random.randint(-5, 5)} 22 {pen.random.randint(-7, 7)} 46",
            pen.second if x % 2 else dark(pen.second, 0.1),
            5,
        )
        for x in range(-170, -40, 13)
    )
    return Drawn(
        out
        + pen.solid(
            "M-178 -264H-34V-192H-178Z", mix(pen.colour, pen.second, 0.2), (-178, -264, -34, -192), "flat", edge=5
        )
        + fringe,
        half=240,
        height=268,
    )
