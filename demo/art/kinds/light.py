"""Lamps and flames."""

from demo.art.geometry import TILT, ellipse, num, polygon
from demo.art.palette import GLAZE, INK, dark, mix
from demo.art.pen import Drawn, Pen, kind


@kind
def lamp(pen: Pen) -> Drawn:
    """A table lamp, lit."""
    base = [(90, 0), (96, -14), (120, -90), (96, -180), (36, -226), (16, -250)]
    stem = pen.tube("M0 -250V-320", 12, GLAZE["brass"])
    shade = [(200, -300), (182, -360), (120, -520)]
    glow = pen.fill(ellipse(0, -300, 330, 300), pen.radial(0, -300, 330, (0, "#ffe9b0", 0.6), (1, "#ffe9b0", 0)))
    cloth = GLAZE["linen"] if pen.seed % 2 else pen.second
    pleats = "".join(
        pen.stroke(f"M{num(k * 200)} -280L{num(k * 120)} -530", dark(cloth, 0.3), 2, 0.35)
        for k in [i / 10 for i in range(-10, 11)]
    )
    lampshade = (
        pen.lathe(shade, cloth, deco=pleats, gloss=0)
        + pen.fill(ellipse(0, -520, 120, 24), dark(cloth, 0.25))
        + pen.fill(ellipse(0, -518, 104, 19), "#ffe9b8")
    )
    return Drawn(
        glow + pen.lathe(base, deco=pen.decoration(120, 0, -226)) + stem + lampshade, half=200, height=540, foot=96
    )


@kind
def pendant(pen: Pen) -> Drawn:
    """A lamp on a cord, lit."""
    cord = pen.stroke("M0 -1000V-560", dark(GLAZE["soot"], 0.2), 6)
    cap = pen.lathe([(34, -520), (30, -540), (22, -572)], GLAZE["brass"], gloss=0)
    profile = (
        [(206, -260), (196, -330), (130, -430), (40, -520)]
        if pen.seed % 2
        else [(120, -240), (176, -320), (170, -430), (90, -500), (36, -520)]
    )
    rt = profile[0][0]
    inside = pen.fill(ellipse(0, profile[0][1], rt, rt * TILT), "#fff0c6") + pen.fill(
        ellipse(0, profile[0][1] + 4, rt * 0.8, rt * 0.15), "#ffdf94"
    )
    glow = pen.fill(ellipse(0, -180, 300, 260), pen.radial(0, -200, 300, (0, "#ffe9b0", 0.62), (1, "#ffe9b0", 0)))
    return Drawn(
        cord
        + glow
        + cap
        + pen.lathe(profile, deco=pen.bands([profile[0][1] - 14], 220, pen.second, 8) if pen.seed % 3 else "")
        + inside,
        half=210,
        height=600,
        stance="hang",
    )


@kind
def candle(pen: Pen) -> Drawn:
    """Three candlesticks of different heights, lit."""
    out = ""
    for i, (x, h, w) in enumerate(((-110, 300, 30), (20, 400, 30), (120, 220, 30))):
        holder = pen.lathe(
            [(74, 0), (70, -12), (24, -26), (20, -60), (38, -74)], pen.colour if i != 1 else pen.second, gloss=0
        )
        wax = pen.lathe([(w * 0.6, -74), (w * 0.56, -h)], "#f1e6cf" if i != 1 else GLAZE["butter"], gloss=0.5)
        flame = (
            pen.fill(ellipse(0, -h - 36, 90, 90), pen.radial(0, -h - 36, 90, (0, "#ffe6a0", 0.7), (1, "#ffe6a0", 0)))
            + pen.stroke(f"M0 {-h}v-14", INK, 4)
            + pen.fill(
                f"M0 {-h - 74}C26 {-h - 36} 18 {-h - 10} 0 {-h - 10}C-18 {-h - 10} -22 {-h - 34} 0 {-h - 74}Z",
                "#f6b63c",
            )
            + pen.fill(
                f"M0 {-h - 46}C12 {-h - 28} 9 {-h - 13} 0 {-h - 13}C-9 {-h - 13} -11 {-h - 26} 0 {-h - 46}Z", "#fff3cf"
            )
        )
        out += f'<g transform="translate({x} {(-10, 14, 0)[i]})">{holder}{wax}{flame}</g>'
    return Drawn(out, half=190, height=470, foot=186)


@kind
def lantern(pen: Pen) -> Drawn:
    """A lantern with a candle in it."""
    c = pen.colour
    glow = pen.fill(ellipse(0, -190, 260, 260), pen.radial(0, -190, 260, (0, "#ffe9b0", 0.6), (1, "#ffe9b0", 0)))
    back = pen.fill(polygon((-120, -30), (120, -30), (110, -330), (-110, -330)), mix(c, "#ffe7ad", 0.72))
    wax = pen.lathe([(44, -40), (44, -150)], "#f4ead4", gloss=0.4) + pen.fill(ellipse(0, -150, 44, 9), "#fff7e2")
    flame = (
        pen.stroke("M0 -150v-14", INK, 4)
        + pen.fill("M0 -232C28 -190 20 -162 0 -162C-20 -162 -24 -188 0 -232Z", "#f6b63c")
        + pen.fill("M0 -200C12 -184 10 -166 0 -166C-10 -166 -12 -182 0 -200Z", "#fff3cf")
    )
    bars = "".join(
        pen.tube(q, 15, c) for q in ("M-122 -20L-112 -336", "M122 -20L112 -336", "M-40 -24L-37 -336", "M40 -24L37 -336")
    )
    base = pen.solid(polygon((-146, 0), (146, 0), (136, -40), (-136, -40)), c, (-146, -40, 146, 0), "cyl")
    roof = pen.solid(
        "M-136 -330H136C110 -380 70 -400 40 -430H-40C-70 -400 -110 -380 -136 -330Z", c, (-136, -430, 136, -330), "cyl"
    )
    return Drawn(
        pen.stroke("M0 -520m-52 0a52 52 0 1 1 104 0a52 52 0 1 1 -104 0", dark(c, 0.35), 11)
        + glow
        + back
        + wax
        + flame
        + bars
        + base
        + roof
        + pen.lathe([(24, -428), (22, -470)], c, gloss=0),
        half=150,
        height=560,
    )


@kind
def tapers(pen: Pen) -> Drawn:
    """A bundle of candles in a paper band; with an odd seed they are dipped by hand and tied with string."""
    out = ""
    dipped = pen.seed % 2
    xs = (-130, -78, -26, 26, 78, 130)
    for i, x in enumerate(xs):
        colour = mix(pen.colour, pen.second, 0.12 * (i % 3)) if dipped else pen.colour
        top = -640 + pen.random.uniform(-16, 12)
        w = 24 + (pen.random.uniform(-3, 3) if dipped else 0)
        body = (
            f"M{num(x - w)} -110C{num(x - w - 2)} -300 {num(x - w * 0.8)} -520 {num(x - w * 0.62)} {num(top + 30)}"
            f"Q{num(x)} {num(top - 14)} {num(x + w * 0.62)} {num(top + 30)}"
            f"C{num(x + w * 0.8)} -520 {num(x + w + 2)} -300 {num(x + w)} -110Q{num(x)} -100 {num(x - w)} -110Z"
        )
        wick = pen.stroke(
            (
                f"M{num(x)} {num(top + 6)}"
                f"C{num(x - 4)} {num(top - 30)} {num(x + 10)} {num(top - 44)} {num(x + 4)} {num(top - 66)}"
            ),
            "#efe6d2",
            6,
        )
        out += wick + pen.solid(body, colour, (x - w, top, x + w, -104), "cyl", grain=1.2)
    if dipped:
        knot = pen.tube("M-160 -372C-60 -352 60 -352 160 -372M-160 -356C-60 -336 60 -336 160 -356", 8, "#cbb48a")
        bow = pen.tube(
            (
                "M0 -354C-70 -420 -90 -330 0 -352C80 -420 96 -330 4 -352M0 -352"
                "C-16 -300 -40 -280 -52 -262M4 -352C18 -306 30 -286 50 -270"
            ),
            8,
            "#cbb48a",
        )
        return Drawn(out + knot + bow, half=190, height=800, stance="flat")
    band = polygon((-162, -430), (162, -430), (162, -270), (-162, -270))
    label = pen.stroke("M-90 -372H90M-90 -340H30", pen.second, 12, 0.9, "butt") + pen.stroke(
        "M-162 -418H162M-162 -282H162", pen.second, 5, 0.9, "butt"
    )
    out += pen.solid(band, "#efe6d2", (-162, -430, 162, -270), "cyl", label, 0.5, edge=6)
    return Drawn(out, half=190, height=800, stance="flat")
