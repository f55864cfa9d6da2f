"""The other catalogue: components and bench tools."""

import math

from demo.art.geometry import ellipse, num, rounded
from demo.art.palette import GLAZE, INK, dark
from demo.art.pen import Drawn, Pen, kind


@kind
def pcb(pen: Pen) -> Drawn:
    """A circuit board."""
    c = "#2f6b57" if pen.seed % 2 else "#2e4a63"
    tracks = "".join(
        pen.stroke(
            f"M{-170 + i * 26} -600V{-480 - (i % 4) * 30}L{-120 + i * 20} {-420 + (i % 3) * 18}V-220",
            "#d6b25e",
            4,
            0.55,
        )
        for i in range(12)
    )
    pads = "".join(
        pen.fill(ellipse(-160 + i * 29, y, 9, 9), "#e3c77b") + pen.fill(ellipse(-160 + i * 29, y, 4, 4), INK)
        for i in range(12)
        for y in (-628, -172)
    )
    chip = pen.solid(
        rounded(-74, -470, 74, -322, 6),
        "#26292b",
        (-74, -470, 74, -322),
        "flat",
        pen.stroke("M-50 -440H30M-50 -420H10", "#cfd4d2", 5, 0.6),
        edge=6,
    )
    legs = "".join(
        pen.stroke(f"M{-82} {-460 + i * 16}h-16M82 {-460 + i * 16}h16", "#d9dddc", 6, 1, "butt") for i in range(9)
    )
    usb = pen.solid(rounded(-60, -700, 60, -628, 6), GLAZE["steel"], (-60, -700, 60, -628), "cyl")
    parts = "".join(
        pen.solid(rounded(x, y, x + 40, y + 22, 2), col, (x, y, x + 40, y + 22), "flat", edge=3)
        for x, y, col in (
            (110, -560, "#d2b48c"),
            (110, -300, "#3b3b3b"),
            (-150, -290, "#d2b48c"),
            (-150, -560, "#c9302c"),
        )
    )
    return Drawn(
        pen.solid(rounded(-190, -660, 190, -140, 14), c, (-190, -660, 190, -140), "flat", tracks, edge=9)
        + pads
        + legs
        + chip
        + usb
        + parts,
        half=190,
        height=800,
        stance="flat",
    )


@kind
def resistor(pen: Pen) -> Drawn:
    """Three resistors."""
    out = ""
    for j in range(3):
        y = -560 + j * 170
        bands = "".join(
            pen.stroke(f"M{x} {y - 60}V{y + 60}", col, 18, 1, "butt")
            for x, col in zip(
                (-78, -40, -4, 74),
                (
                    ("#7a3b1d", "#1f1f1f", "#c8371b", "#c79a46"),
                    ("#e2b54a", "#4a4a86", "#1f1f1f", "#c79a46"),
                    ("#4d6f4f", "#2e4a63", "#b5522b", "#c79a46"),
                )[j],
                strict=True,
            )
        )
        out += pen.stroke(f"M-300 {y}H300", GLAZE["steel"], 9) + pen.solid(
            (
                f"M-120 {y - 34}C-120 {y - 56} -90 {y - 52} -70 {y - 40}H70C90 {y - 52} 120 {y - 56} 120 {y - 34}"
                f"V{y + 34}C120 {y + 56} 90 {y + 52} 70 {y + 40}H-70C-90 {y + 52} -120 {y + 56} -120 {y + 34}Z"
            ),
            "#d8c39a" if pen.seed % 2 else "#9cbac9",
            (-120, y - 54, 120, y + 54),
            "flat",
            bands,
            edge=9,
        )
    return Drawn(out, half=300, height=800, stance="flat")


@kind
def capacitor(pen: Pen) -> Drawn:
    """An electrolytic capacitor."""
    body = pen.lathe(
        [(100, 0), (104, -10), (104, -300), (98, -316)],
        "#2e4a63" if pen.seed % 2 else "#2b2d2e",
        deco=pen.fill("M40 -400H80V100H40Z", "#dfe3e0", 0.8)
        + pen.stroke("M60 -60V-90M60 -140V-170M60 -220V-250", INK, 10),
    )
    return Drawn(
        pen.stroke("M-40 0V90M40 0V130", GLAZE["steel"], 9)
        + body
        + pen.fill(ellipse(0, -316, 98, 20), GLAZE["steel"])
        + pen.stroke("M-60 -316H60M0 -330V-302", dark(GLAZE["steel"], 0.4), 4),
        half=104,
        height=400,
    )


@kind
def meter(pen: Pen) -> Drawn:
    """A multimeter."""
    b = pen.solid(rounded(-160, -480, 160, 0, 26), pen.colour, (-160, -480, 160, 0), "flat", edge=16) + pen.solid(
        rounded(-138, -460, 138, -20, 16), "#2b2f30", (-138, -460, 138, -20), "flat", edge=6
    )
    lcd = pen.fill(rounded(-112, -436, 112, -320, 6), "#c4d0b4") + pen.stroke(
        "M-70 -400h34l-8 50h-34zM0 -400h34l-8 50h-34zM66 -400h20M82 -398l-6 50", INK, 8, 0.85
    )
    dial = pen.solid(ellipse(0, -190, 84, 84), "#4a5052", (-84, -274, 84, -106), "ball") + pen.stroke(
        "M0 -190L-44 -246", GLAZE["butter"], 10
    )
    ticks = "".join(
        pen.stroke(
            (
                f"M{num(math.sin(a) * 96)} {num(-190 - math.cos(a) * 96)}"
                f"L{num(math.sin(a) * 108)} {num(-190 - math.cos(a) * 108)}"
            ),
            "#dfe3e0",
            4,
        )
        for a in [i * 0.5 for i in range(-5, 6)]
    )
    jacks = "".join(
        pen.fill(ellipse(x, -56, 17, 17), c) + pen.fill(ellipse(x, -56, 8, 8), "#111")
        for x, c in ((-80, "#c8371b"), (0, "#111c1c"), (80, "#c79a46"))
    )
    return Drawn(b + lcd + dial + ticks + jacks, half=160, height=480)


@kind
def iron(pen: Pen) -> Drawn:
    """A soldering iron and the start of its cable."""
    tip = pen.stroke("M0 -330V-180", GLAZE["copper"], 22) + pen.fill("M-11 -330L0 -384L11 -330Z", GLAZE["steel"])
    sleeve = pen.solid(rounded(-26, -190, 26, -60, 6), GLAZE["steel"], (-26, -190, 26, -60))
    handle = pen.solid("M-40 -64H40C50 60 34 200 30 300H-30C-34 200 -50 60 -40 -64Z", pen.colour, (-46, -64, 46, 300))
    grip = pen.solid(rounded(-34, 20, 34, 120, 10), "#2b2d2e", (-34, 20, 34, 120))
    cable = pen.stroke("M0 300C0 380 80 380 120 460", "#2b2d2e", 16)
    return Drawn(
        f'<g transform="translate(0 -400) rotate(32)">{tip}{sleeve}{handle}{grip}{cable}</g>',
        half=200,
        height=800,
        stance="flat",
    )


@kind
def spool(pen: Pen) -> Drawn:
    """A spool of wire."""
    c = pen.colour
    w = "".join(
        pen.stroke(f"M-130 {y}Q0 {y + 44} 130 {y + (8 if i % 2 else -8)}", dark(c, 0.3 if i % 2 else 0.05), 13, 0.8)
        for i, y in enumerate(range(-270, -20, 14))
    )
    return Drawn(
        pen.lathe([(190, 0), (190, -24)], "#3a3936", gloss=0)
        + pen.lathe([(130, -24), (130, -270)], c, deco=w, gloss=0.3)
        + pen.lathe([(190, -270), (190, -296)], "#3a3936", gloss=0)
        + pen.fill(ellipse(0, -296, 190, 38), "#4b4a47")
        + pen.fill(ellipse(0, -296, 50, 10), "#171717")
        + pen.stroke("M130 -150C240 -120 200 20 300 10", c, 9),
        half=200,
        height=300,
    )
